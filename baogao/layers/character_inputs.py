"""What an encoder reads of a character: rows of hash tables, or the number of a piece of its vocabulary."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy
from spacy.attrs import NORM
from spacy.strings import StringStore
from spacy.tokens import Doc
from thinc.api import NumpyOps

from .char_ngrams import ngram_keys


def hash_rows(keys: numpy.ndarray, n_rows: list[int]) -> numpy.ndarray:
    """Rows of each n-gram's hash table, as thinc's ``HashEmbed`` computes them.

    keys (uint64, shape (n, tables)): See :func:`baogao.layers.char_ngrams.ngram_keys`.
    n_rows: Rows of each table; the first table's seed is 1, the second's 2.
    RETURNS (int64, shape (n, tables, 4)): An n-gram's embedding is the sum of four rows.
    """
    ops = NumpyOps()
    tables = [
        ops.hash(numpy.ascontiguousarray(keys[:, i]), i + 1) % numpy.uint32(n) for i, n in enumerate(n_rows)
    ]
    return numpy.stack(tables, axis=1).astype("int64")


def doc_characters(doc: Doc) -> tuple[numpy.ndarray, numpy.ndarray]:
    """The hashes of the norms of a document's characters, without the blanks between tokens.

    RETURNS: (uint64, shape (characters,)) and how many of them each token has (int64, shape (len(doc),)).
    """
    lengths = numpy.array([len(token) for token in doc], dtype="int64")
    if (lengths == 1).all():
        return doc.to_array([NORM]).reshape(-1).astype("uint64"), lengths
    # The norm of a longer token may have another length; those of characters are in the same table.
    norms = [doc.vocab[char].norm for token in doc for char in token.text]
    return numpy.array(norms, dtype="uint64"), lengths


@dataclass(frozen=True)
class HashInputs:
    """Rows of hash tables of the n-grams that start at each character; any character has some."""

    sizes: list[int]
    n_rows: list[int]
    begin: None = field(default=None, init=False)
    end: None = field(default=None, init=False)

    def __call__(self, keys: numpy.ndarray, strings: StringStore) -> numpy.ndarray:
        """keys (uint64, shape (n,)): Hashes of characters. RETURNS (int64, shape (n, len(sizes), 4))."""
        return hash_rows(ngram_keys(keys, self.sizes), self.n_rows)


@dataclass(frozen=True)
class PieceInputs:
    """Numbers of the one-character pieces of a tokenizer's vocabulary.

    pieces: Number of each piece. unknown, begin, end: Numbers of the special pieces.
    """

    pieces: dict[str, int]
    unknown: int
    begin: int
    end: int

    def __call__(self, keys: numpy.ndarray, strings: StringStore) -> numpy.ndarray:
        """keys (uint64, shape (n,)): Hashes of characters. RETURNS (int64, shape (n,))."""
        distinct, inverse = numpy.unique(keys, return_inverse=True)
        numbers = [self.pieces.get(strings[key], self.unknown) for key in distinct]
        return numpy.array(numbers, dtype="int64")[inverse]


CharacterInputs = HashInputs | PieceInputs


def read_docs(docs: Sequence[Doc], inputs: CharacterInputs) -> tuple[list[numpy.ndarray], numpy.ndarray]:
    """The inputs of each document's characters, and how many characters each token of all documents has."""
    arrays, lengths = [], [numpy.zeros(0, dtype="int64")]
    for doc in docs:
        keys, n_characters = doc_characters(doc)
        arrays.append(inputs(keys, doc.vocab.strings))
        lengths.append(n_characters)
    return arrays, numpy.concatenate(lengths)


def inputs_to_dict(inputs: CharacterInputs) -> dict[str, Any]:
    """For serialisation; :func:`inputs_from_dict` reads it."""
    return asdict(inputs)


def inputs_from_dict(data: dict[str, Any]) -> CharacterInputs:
    if "pieces" in data:
        return PieceInputs(**data)
    return HashInputs(data["sizes"], data["n_rows"])
