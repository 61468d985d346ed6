"""Vectors of tokens from vectors of their characters."""

from __future__ import annotations

from collections.abc import Callable

from thinc.api import Ops
from thinc.types import Floats2d, Ints1d


def pool_tokens(
    ops: Ops, vectors: Floats2d, unit_of: Ints1d | None, lengths: Ints1d
) -> tuple[Floats2d, Callable[[Floats2d], Floats2d]]:
    """Mean of the vectors of each token's characters, and its backward pass.

    vectors (shape (units, width)), unit_of, lengths: See :class:`baogao.layers.character_inputs.DocInputs`; each
        token has one character at least.
    """
    if unit_of is not None:
        unit_of = ops.asarray1i(unit_of)
    means, backprop_means = _mean_pool(ops, vectors if unit_of is None else vectors[unit_of], lengths)

    def backprop(d_means: Floats2d) -> Floats2d:
        d_characters = backprop_means(d_means)
        if unit_of is None:
            return d_characters
        d_vectors = ops.alloc2f(*vectors.shape)
        ops.scatter_add(d_vectors, unit_of, d_characters)  # a piece has the gradients of all its characters
        return d_vectors

    return means, backprop


def _mean_pool(
    ops: Ops, vectors: Floats2d, lengths: Ints1d
) -> tuple[Floats2d, Callable[[Floats2d], Floats2d]]:
    if len(lengths) == len(vectors):
        return vectors, lambda d_means: d_means
    lengths = ops.asarray1i(lengths)
    means = ops.reduce_mean(vectors, lengths)
    return means, lambda d_means: ops.backprop_reduce_mean(d_means, lengths)
