"""The strings of a ``Doc`` of thousands of one-character tokens, without an object for each of them.

spaCy makes a ``Token`` for each token at every access to ``doc.text``; that took a tenth of a pipeline's time.
"""

from __future__ import annotations

from spacy.attrs import NORM, ORTH, SPACY
from spacy.tokens import Doc


def document_text(doc: Doc) -> str:
    """``doc.text``."""
    words = _strings(doc, ORTH)
    if (spaces := doc.to_array(SPACY)).any():
        words = [word + " " if space else word for word, space in zip(words, spaces, strict=True)]
    return "".join(words)


def document_norms(doc: Doc) -> list[str]:
    """``[token.norm_ for token in doc]``."""
    return _strings(doc, NORM)


def _strings(doc: Doc, attribute: int) -> list[str]:
    hashes = doc.to_array(attribute).tolist()
    strings = {h: doc.vocab.strings[h] for h in set(hashes)}
    return [strings[h] for h in hashes]
