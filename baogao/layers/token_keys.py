"""Layers that embed keys of each token: what the feature layers of the tagger have in common."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy
from spacy.tokens import Doc
from thinc.api import Model, chain, list2ragged, ragged2list, with_array
from thinc.types import Floats2d, Ints2d


def embed_token_keys(
    name: str, keys_of: Callable[[Doc], numpy.ndarray], table: Model[Ints2d, Floats2d]
) -> Model[list[Doc], list[Floats2d]]:
    """Look the keys of each document's tokens up.

    name: Of the layer that makes the keys.
    keys_of: Keys of a document's tokens, (n_tokens, n_features), uint64.
    table: Keys to vectors, e.g. ``HashEmbed``.
    """
    extract = Model(name, partial(_forward, keys_of))
    return chain(extract, list2ragged(), with_array(table), ragged2list())


def _forward(
    keys_of: Callable[[Doc], numpy.ndarray],
    model: Model[list[Doc], list[Ints2d]],
    docs: list[Doc],
    is_train: bool,
) -> tuple[list[Ints2d], Callable[[list], list]]:
    return [model.ops.asarray2i(keys_of(doc), dtype="uint64") for doc in docs], _no_gradient


def _no_gradient(d_keys: list[Ints2d]) -> list[Doc]:
    return []
