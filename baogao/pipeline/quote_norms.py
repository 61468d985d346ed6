"""The component ``quote_norms``: straight quotes read as the opening and closing ones that they stand for."""

from __future__ import annotations

import numpy
from spacy.attrs import NORM
from spacy.language import Language
from spacy.tokens import Doc

from ..doc_strings import document_norms

# By norms: full-width straight quotes have those of ASCII.
_PAIRS = {'"': "“”", "'": "‘’"}


@Language.factory("quote_norms", assigns=["token.norm"])
def create_quote_norms(nlp: Language, name: str) -> QuoteNorms:
    """Factory of :class:`QuoteNorms`."""
    return QuoteNorms(name)


class QuoteNorms:
    """Gives straight quotes, alternately in a paragraph, the norms of opening and closing quotes. Stateless.

    What stands in quotes is often a name, and models, which read norms, have seen it between curly quotes. A paragraph
    with an odd number of a mark stays as it is, and so does an apostrophe (``people's``).
    """

    def __init__(self, name: str = "quote_norms") -> None:
        self.name = name

    def __call__(self, doc: Doc) -> Doc:
        marks = [doc.vocab.strings.add(mark) for mark in _PAIRS]
        if not numpy.isin(doc.to_array(NORM), marks).any():
            return doc
        norms = document_norms(doc)
        for mark, pair in _PAIRS.items():
            if mark not in norms:
                continue
            inside: list[int] = []
            for i, norm in enumerate([*norms, "\n"]):
                if norm == mark and not _is_apostrophe(norms, i):
                    inside.append(i)
                elif "\n" in norm:
                    if len(inside) % 2 == 0:
                        for number, token in enumerate(inside):
                            doc[token].norm_ = pair[number % 2]
                    inside = []
        return doc


def _is_apostrophe(norms: list[str], i: int) -> bool:
    neighbours = norms[i - 1 : i] + norms[i + 1 : i + 2]
    return len(neighbours) == 2 and all(norm.isascii() and norm.isalnum() for norm in neighbours)
