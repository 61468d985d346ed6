"""Which characters could be the name of a person.

A report names hardly anybody but the country's leaders, so training data teach few names. Chinese names are made of
some hundred surnames and of characters that are frequent in given names: each character gets what it and its
neighbours are good for. A feature, not a rule: 高 and 广 are surnames and words.
"""

from __future__ import annotations

import numpy
from spacy.tokens import Doc
from spacy.util import registry
from thinc.api import HashEmbed, Model
from thinc.types import Floats2d

from ..doc_strings import document_norms
from ..names import GIVEN, RARER_SURNAMES, SURNAMES
from .token_keys import embed_token_keys

_ROWS = 2000
_REACH = 2  # a name has three characters, mostly
_BASE = 8  # kinds of characters: surname (no, rarer, frequent) times given name, and the edge of the text
_KINDS = dict.fromkeys(GIVEN, 1)
for _rank, _surnames in ((1, RARER_SURNAMES), (2, SURNAMES)):
    for _char in _surnames:
        _KINDS[_char] = 2 * _rank + (_char in GIVEN)


def person_name_keys(norms: list[str]) -> numpy.ndarray:
    """Keys of what each character and its neighbours, two on either side, may be in a name.

    norms: The characters of a text, normalised.
    RETURNS (uint64, shape (n, 1)).
    """
    n = len(norms)
    kinds = numpy.full(n + 2 * _REACH, _BASE - 1, dtype="uint64")
    kinds[_REACH : _REACH + n] = [_KINDS.get(norm, 0) for norm in norms]
    keys = numpy.zeros((n, 1), dtype="uint64")
    for offset in range(2 * _REACH + 1):
        keys[:, 0] = keys[:, 0] * numpy.uint64(_BASE) + kinds[offset : offset + n]
    return keys


@registry.architectures("baogao.PersonNameEmbed.v1")
def PersonNameEmbed(width: int) -> Model[list[Doc], list[Floats2d]]:
    """Embed whether each token may belong to the name of a person: (n_tokens, width) per document.

    width: Size of the embedding.
    """
    table = HashEmbed(nO=width, nV=_ROWS, column=0, seed=1)
    return embed_token_keys("person_names", _document_keys, table)


def _document_keys(doc: Doc) -> numpy.ndarray:
    return person_name_keys(document_norms(doc))
