"""What an encoder reads of characters: rows of hash tables, or numbers of pieces of its vocabulary."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy
from spacy.attrs import NORM
from spacy.strings import StringStore
from spacy.tokens import Doc
from thinc.api import NumpyOps

from .char_ngrams import ngram_keys

if TYPE_CHECKING:
    from tokenizers import Tokenizer

_NO_CHARACTER = "\ufffd"  # for a norm that is not one character: positions must not shift


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


class SubwordInputs:
    """Numbers of the pieces into which a tokenizer of the library ``tokenizers`` cuts a text, a word or part of one.

    It cuts the norms of the characters, without the blanks between tokens: Latin letters come in lower case.

    tokenizer: The tokenizer in the library's JSON. begin, end: Numbers of the special pieces.

    Raises ImportError if the library is not there.
    """

    def __init__(self, tokenizer: str, begin: int, end: int) -> None:
        try:
            from tokenizers import Tokenizer
        except ImportError as error:
            raise ImportError(
                "an encoder that reads pieces of words needs the library tokenizers: pip install tokenizers"
            ) from error

        self.begin, self.end = begin, end
        self._tokenizer: Tokenizer = Tokenizer.from_str(tokenizer)
        # Checkpoints may ask for both; windows and batches are ours.
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()

    def __call__(self, keys: numpy.ndarray, strings: StringStore) -> tuple[numpy.ndarray, numpy.ndarray]:
        """keys (uint64, shape (n,)): Hashes of characters.

        RETURNS (int64, shapes (pieces,) and (n,)): The pieces, and which one each character belongs to.
        """
        norms = (strings[key] for key in keys)
        text = "".join(norm if len(norm) == 1 else _NO_CHARACTER for norm in norms)
        encoding = self._tokenizer.encode(text, add_special_tokens=False)
        # A text of blanks may have no pieces; its characters need a vector all the same.
        numbers = encoding.ids or ([self.end] if text else [])
        piece_of = numpy.full(len(keys), -1, dtype="int64")
        # A mark of a word's beginning may be a piece of its own, over the same character as the next piece.
        for number, (start, end) in enumerate(encoding.offsets):
            piece_of[start:end] = number
        # What the tokenizer leaves out, such as some blanks, goes with the piece before it.
        numpy.maximum.accumulate(piece_of, out=piece_of)
        return numpy.array(numbers, dtype="int64"), numpy.maximum(piece_of, 0)

    def to_dict(self) -> dict[str, Any]:
        return {"tokenizer": self._tokenizer.to_str(), "begin": self.begin, "end": self.end}


CharacterInputs = HashInputs | PieceInputs | SubwordInputs


class DocInputs(NamedTuple):
    """What an encoder reads of several documents.

    units: Of each document, shape (units, …): a unit is what the encoder has a vector for, a character or a piece.
    unit_of (int64, shape (characters,)): The unit of each character, counted over all documents; None if they are
        the same.
    lengths (int64, shape (tokens,)): Characters of each token of all documents.
    """

    units: list[numpy.ndarray]
    unit_of: numpy.ndarray | None
    lengths: numpy.ndarray


def read_docs(docs: Sequence[Doc], inputs: CharacterInputs) -> DocInputs:
    units, unit_of, lengths = [], [], [numpy.zeros(0, dtype="int64")]
    n_units = 0
    for doc in docs:
        keys, n_characters = doc_characters(doc)
        lengths.append(n_characters)
        if isinstance(inputs, SubwordInputs):
            pieces, piece_of = inputs(keys, doc.vocab.strings)
            units.append(pieces)
            unit_of.append(piece_of + n_units)
            n_units += len(pieces)
        else:
            units.append(inputs(keys, doc.vocab.strings))
    return DocInputs(units, numpy.concatenate(unit_of) if unit_of else None, numpy.concatenate(lengths))


def inputs_to_dict(inputs: CharacterInputs) -> dict[str, Any]:
    """For serialisation; :func:`inputs_from_dict` reads it."""
    return inputs.to_dict() if isinstance(inputs, SubwordInputs) else asdict(inputs)


def inputs_from_dict(data: dict[str, Any]) -> CharacterInputs:
    if "pieces" in data:
        return PieceInputs(**data)
    if "tokenizer" in data:
        return SubwordInputs(**data)
    return HashInputs(data["sizes"], data["n_rows"])
