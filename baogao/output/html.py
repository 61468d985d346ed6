"""The page of a report, see ``baogao.page``."""

from __future__ import annotations

from spacy.tokens import Doc


def encode(name: str, doc: Doc) -> bytes:
    from ..page import render_page

    return render_page(doc, title=name).encode()
