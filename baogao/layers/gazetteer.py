"""Which characters are the name of an administrative place.

A report names its own place on every page, and that place is seldom one of the training reports'. China's
divisions are known, so each character says whether it stands in one of their names, and where in it. A feature,
not a rule: 和平 and 新城 are districts and words.
"""

from __future__ import annotations

from functools import lru_cache

import numpy
from spacy.tokens import Doc
from spacy.util import registry
from spacy.vocab import Vocab
from thinc.api import HashEmbed, Model
from thinc.types import Floats2d

from ..doc_strings import document_norms
from ..normalise.places import place_names
from .token_keys import embed_token_keys

_TYPES = "省市区县州盟旗"  # what a full name ends in
_NEAR = 2  # distances to both ends of a name are told apart up to here
_ROWS = 100


Gazetteer = dict[str, tuple[str, ...]]


@lru_cache(maxsize=4)
def build_gazetteer(vocab: Vocab) -> Gazetteer:
    """Names by their first two characters, longest first, in the norms of this vocabulary.

    A pipeline carries its table of norms, so this does not ask for OpenCC (see ``baogao.typography``).
    """
    names: dict[str, set[str]] = {}
    for name in place_names():
        normalised = "".join(vocab[char].norm_ for char in name)
        names.setdefault(normalised[:2], set()).add(normalised)
    return {start: tuple(sorted(found, key=len, reverse=True)) for start, found in names.items()}


def gazetteer_keys(norms: list[str], gazetteer: Gazetteer) -> numpy.ndarray:
    """Keys of each character's place in a name, longest names first from left to right.

    norms: The characters of a text, normalised.
    gazetteer: The names to look for, in the same norms.
    RETURNS (uint64, shape (n, 1)): The distances to both ends of the name and whether it says what kind of place
        it is (巴南区) or not (巴南); 0 outside of names.
    """
    # One string position per token: other tokenizers' tokens, and spaces, are no part of a name.
    text = "".join(norm if len(norm) == 1 else "\n" for norm in norms)
    keys = numpy.zeros((len(norms), 1), dtype="uint64")
    position = 0
    while position < len(text) - 1:
        for name in gazetteer.get(text[position : position + 2], ()):
            if text.startswith(name, position):
                last = len(name) - 1
                full = len(name) > 2 and name[-1] in _TYPES
                for i in range(len(name)):
                    ends = min(i, _NEAR) * (_NEAR + 1) + min(last - i, _NEAR)
                    keys[position + i, 0] = 1 + 2 * ends + full
                position += last
                break
        position += 1
    return keys


@registry.architectures("baogao.GazetteerEmbed.v1")
def GazetteerEmbed(width: int) -> Model[list[Doc], list[Floats2d]]:
    """Embed where each token stands in the name of an administrative place: (n_tokens, width) per document.

    A lexicon feature in the manner of SoftLexicon (Ma et al. 2020), with one lexicon and one match per character.

    width: Size of the embedding.
    """
    table = HashEmbed(nO=width, nV=_ROWS, column=0, seed=1)
    return embed_token_keys("gazetteer", _document_keys, table)


def _document_keys(doc: Doc) -> numpy.ndarray:
    return gazetteer_keys(document_norms(doc), build_gazetteer(doc.vocab))
