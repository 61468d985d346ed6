"""The strings of a ``Doc`` of thousands of one-character tokens, without an object for each of them.

spaCy makes a ``Token`` for each token at every access to ``doc.text``; that took a tenth of a pipeline's time.
"""

from __future__ import annotations

import re

from spacy.attrs import NORM, ORTH, SPACY
from spacy.tokens import Doc
from spacy.vocab import Vocab

_IDEOGRAPHS = re.compile("[\u3400-\u9fff]{2}")


def document_text(doc: Doc) -> str:
    """``doc.text``."""
    return _join(doc, _strings(doc, ORTH))


def document_simplified(doc: Doc) -> str:
    """``doc.text`` with simplified characters for traditional ones, one for one, so that offsets stay the same.

    By the norms of the vocab; pipelines with ``baogao.TypographyLookups.v1`` have those of single characters.
    """
    words = zip(_strings(doc, ORTH), document_norms(doc), strict=True)
    return _join(
        doc, [norm if norm != word and _IDEOGRAPHS.fullmatch(word + norm) else word for word, norm in words]
    )


def simplified(text: str, vocab: Vocab) -> str:
    """Another text in simplified characters, as ``document_simplified`` has them."""
    norms = ((character, vocab[character].norm_) for character in text)
    return "".join(
        norm if _IDEOGRAPHS.fullmatch(character + norm) else character for character, norm in norms
    )


def _join(doc: Doc, words: list[str]) -> str:
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
