"""Embeddings of characters and of the character n-grams that start at them.

Single Chinese characters say little; bigram embeddings beside the character's own are the usual remedy in
Chinese NER (Zhang & Yang 2018, "Chinese NER Using Lattice LSTM", section 4.1: char + bigram). N-grams are
hashed like spaCy hashes word shapes, so there is no vocabulary to keep.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy
from spacy.attrs import NORM
from spacy.tokens import Doc
from spacy.util import registry
from thinc.api import HashEmbed, Model, chain, concatenate, list2ragged, ragged2list, with_array
from thinc.types import Floats2d, Ints2d

from .normalized_maxout import NormalizedMaxout
from .ops import multithreaded_ops

# Odd multipliers spread the 64-bit string hashes before they are added, so that AB and BA differ.
_MULTIPLIERS = numpy.array([1, 0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9], dtype="uint64")


def ngram_keys(norms: numpy.ndarray, sizes: list[int]) -> numpy.ndarray:
    """Hash the n-grams that start at each character.

    norms (uint64, shape (n,)): Hash of each character.
    sizes: Lengths of the n-grams, at most 4. Past the end of the text an n-gram is padded with 0.
    RETURNS (uint64, shape (n, len(sizes))).
    """
    n = len(norms)
    padded = numpy.concatenate([norms, numpy.zeros(max(sizes), dtype="uint64")])
    columns = []
    for size in sizes:
        key = numpy.zeros(n, dtype="uint64")
        for offset in range(size):
            key += padded[offset : offset + n] * _MULTIPLIERS[offset]
        columns.append(key)
    return numpy.stack(columns, axis=1)


def CharNgrams(sizes: list[int]) -> Model[list[Doc], list[Ints2d]]:
    """Keys of the n-grams at each token's ``NORM`` (see :func:`ngram_keys`)."""
    return Model("char_ngrams", _char_ngrams_forward, attrs={"sizes": sizes})


def _char_ngrams_forward(
    model: Model[list[Doc], list[Ints2d]], docs: list[Doc], is_train: bool
) -> tuple[list[Ints2d], Callable[[list], list]]:
    sizes = model.attrs["sizes"]
    keys = [
        model.ops.asarray2i(ngram_keys(doc.to_array([NORM]).reshape(-1), sizes), dtype="uint64")
        for doc in docs
    ]
    return keys, lambda d_keys: []


@registry.architectures("baogao.CharNgramEmbed.v1")
def CharNgramEmbed(
    width: int, embed_width: int, sizes: list[int], rows: list[int], maxout_pieces: int = 2
) -> Model[list[Doc], list[Floats2d]]:
    """Hash-embed character n-grams and mix them to one vector per character.

    width: Size of the output vectors.
    embed_width: Size of each n-gram's embedding.
    sizes: Lengths of the n-grams, e.g. ``[1, 2, 3]``.
    rows: Rows of the hash table of each n-gram length.
    maxout_pieces: Pieces of the layer that mixes the embeddings.
    """
    if not sizes or max(sizes) > len(_MULTIPLIERS) or min(sizes) < 1:
        raise ValueError(f"n-gram sizes must be between 1 and {len(_MULTIPLIERS)}, got {sizes}")
    if len(sizes) != len(rows):
        raise ValueError(f"one number of rows per n-gram size, got sizes {sizes} and rows {rows}")
    tables = [
        HashEmbed(nO=embed_width, nV=n_rows, column=column, seed=column + 1)
        for column, n_rows in enumerate(rows)
    ]
    embedding = concatenate(*tables) if len(tables) > 1 else tables[0]
    with multithreaded_ops():
        mix = NormalizedMaxout(width, embed_width * len(tables), maxout_pieces)
    return chain(
        CharNgrams(sizes),
        list2ragged(),
        with_array(chain(embedding, mix)),
        ragged2list(),
    )
