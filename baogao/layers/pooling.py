"""Vectors of tokens from vectors of their characters."""

from __future__ import annotations

from collections.abc import Callable

from thinc.api import Ops
from thinc.types import Floats2d, Ints1d


def mean_pool(
    ops: Ops, vectors: Floats2d, lengths: Ints1d
) -> tuple[Floats2d, Callable[[Floats2d], Floats2d]]:
    """Mean of the vectors of each token's characters, and its backward pass.

    vectors (shape (characters, width)). lengths: Characters of each token, at least 1.
    """
    if len(lengths) == len(vectors):
        return vectors, lambda d_means: d_means
    lengths = ops.asarray1i(lengths)
    means = ops.reduce_mean(vectors, lengths)
    return means, lambda d_means: ops.backprop_reduce_mean(d_means, lengths)
