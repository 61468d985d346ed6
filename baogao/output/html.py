"""The page of a report, see ``baogao.page``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from spacy.tokens import Doc

if TYPE_CHECKING:
    from ..page.render import Language

_LONGEST_TITLE = 80  # characters; a first paragraph beyond is the beginning of a text that has no title


def encode(name: str, doc: Doc, language: Language = "zh") -> bytes:
    """The page under the report's title, its first paragraph; under its name if it has none."""
    from ..page import render_page

    title = doc.text.strip().partition("\n")[0].strip()
    if not 0 < len(title) <= _LONGEST_TITLE:
        title = name
    return render_page(doc, title=title, language=language).encode()
