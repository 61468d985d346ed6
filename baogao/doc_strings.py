"""The strings of a ``Doc`` of thousands of one-character tokens, without an object for each of them.

spaCy makes a ``Token`` for each token at every access to ``doc.text``; that took a tenth of a pipeline's time.
"""

from __future__ import annotations

import re

from spacy.attrs import NORM, ORTH, SPACY
from spacy.tokens import Doc
from spacy.vocab import Vocab

# An ideograph, also as a radical or compatibility character, and its norm.
_IDEOGRAPHS = re.compile("[\u2e80-\u2fdf\u3400-\u9fff\uf900-\ufaff][\u3400-\u9fff]")


def document_text(doc: Doc) -> str:
    """``doc.text``."""
    words = _strings(doc, ORTH)
    if (spaces := doc.to_array(SPACY)).any():
        words = [word + " " if space else word for word, space in zip(words, spaces, strict=True)]
    return "".join(words)


def simplified(text: str, vocab: Vocab) -> str:
    """A text with simplified characters for traditional ones, one for one, so that offsets stay the same.

    By the norms of the vocab, as ``baogao.TypographyLookups.v1`` gives them to a pipeline.
    """
    norms = {character: vocab[character].norm_ for character in set(text)}
    return text.translate({ord(c): norm for c, norm in norms.items() if _IDEOGRAPHS.fullmatch(c + norm)})


def document_norms(doc: Doc) -> list[str]:
    """``[token.norm_ for token in doc]``."""
    return _strings(doc, NORM)


def _strings(doc: Doc, attribute: int) -> list[str]:
    hashes = doc.to_array(attribute).tolist()
    strings = {h: doc.vocab.strings[h] for h in set(hashes)}
    return [strings[h] for h in hashes]
