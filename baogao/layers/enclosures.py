"""What brackets and quotation marks say of the text they enclose.

A title in 《》 or a quoted slogan is often longer than the encoder's view. Each character gets features that say
whether it is enclosed, how near the marks are, and what stands before and after them (the word after a quotation
tells a programme from a slogan).
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy
from spacy.strings import hash_string
from spacy.tokens import Doc
from spacy.util import registry
from thinc.api import HashEmbed, Model, concatenate
from thinc.types import Floats2d

from ..doc_strings import document_norms
from .token_keys import embed_token_keys

# As norms (see baogao.typography). A straight quote opens and closes by turns.
_PAIRS = ({"《": "》", "〈": "〉"}, {"“": "”", '"': '"'}, {"(": ")"})
_MARKS = frozenset().union(*_PAIRS, *(pairs.values() for pairs in _PAIRS))
_ROWS = (100, 100, 100, 3000, 3000, 100)
N_FEATURES = len(_ROWS)
_NEAR = 3  # distances to the marks are told apart up to here
_LONG = 24  # and lengths of what they enclose up to here


def enclosure_keys(norms: list[str]) -> numpy.ndarray:
    """Keys of each character's enclosure.

    norms: The characters of a text, normalised.
    RETURNS (uint64, shape (n, N_FEATURES)): For 《》, “” and () each the distances to both marks; then, of the
        innermost title or quotation, the two characters after it, the two before it, and its length. 0 where a
        character is not enclosed. Marks that are not closed in their paragraph enclose nothing.
    """
    keys = numpy.zeros((len(norms), N_FEATURES), dtype="uint64")
    for kind, opening, closing in _enclosures(norms):
        _fill(keys, norms, kind, opening, closing)
    return keys


def find_enclosures(norms: list[str], marks: str) -> list[tuple[int, int]]:
    """Where a pair of marks encloses text in one paragraph: positions of opening and closing marks.

    marks: The pair, e.g. ``"《》"``, as norms; ``"“”"`` finds straight quotes too. Other marks inside do not matter.
        Raises ValueError if it is no pair of different characters.
    """
    if len(set(marks)) != 2 or len(marks) != 2:
        raise ValueError(f"{marks!r} is no pair of marks such as '《》'")
    pairs = next((pairs for pairs in _PAIRS if marks[0] in pairs and '"' in pairs), {marks[0]: marks[1]})
    found = []
    opening: int | None = None
    for i, char in enumerate(norms):
        if "\n" in char:
            opening = None
        elif opening is not None and char == pairs[norms[opening]]:
            found.append((opening, i))
            opening = None
        elif char in pairs:
            opening = i
    return found


def _enclosures(norms: list[str]) -> Iterator[tuple[int, int, int]]:
    """Number of the kind of marks, opening and closing positions. What is open at a line break is no enclosure."""
    openings: list[int | None] = [None] * len(_PAIRS)
    for i, char in enumerate(norms):
        if "\n" in char:
            openings = [None] * len(_PAIRS)
        elif char in _MARKS:
            for kind, marks in enumerate(_PAIRS):
                opening = openings[kind]
                if opening is not None and char == marks[norms[opening]]:
                    yield kind, opening, i
                    openings[kind] = None
                elif char in marks:
                    openings[kind] = i


def _fill(keys: numpy.ndarray, norms: list[str], kind: int, opening: int, closing: int) -> None:
    for i in range(opening + 1, closing):
        after, before = min(i - opening - 1, _NEAR), min(closing - i - 1, _NEAR)
        keys[i, kind] = 1 + after * (_NEAR + 1) + before
    if kind < 2:
        inside = keys[opening + 1 : closing]
        inside[:, 3] = hash_string("".join(norms[closing + 1 : closing + 3]) or "\n")
        inside[:, 4] = hash_string("".join(norms[max(0, opening - 2) : opening]) or "\n")
        inside[:, 5] = 1 + min(closing - opening - 1, _LONG)


@registry.architectures("baogao.EnclosureEmbed.v1")
def EnclosureEmbed(width: int) -> Model[list[Doc], list[Floats2d]]:
    """Embed the enclosure of each token: (n_tokens, N_FEATURES * width) per document.

    width: Size of each feature's embedding.
    """
    tables = [HashEmbed(nO=width, nV=rows, column=i, seed=i + 1) for i, rows in enumerate(_ROWS)]
    model = embed_token_keys("enclosures", _document_keys, concatenate(*tables))
    model.set_dim("nO", width * N_FEATURES)
    return model


def _document_keys(doc: Doc) -> numpy.ndarray:
    return enclosure_keys(document_norms(doc))
