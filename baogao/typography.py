"""One norm per character, whatever typography a report was printed in.

``token.norm_`` of every pipeline maps full-width forms to ASCII, corner brackets to curly quotes and
traditional to simplified characters, so a model sees one alphabet while offsets and texts stay as they are.
The table is stored in the vocab's ``lexeme_norm`` lookups, spaCy's own place for norms: a saved pipeline
carries it, and OpenCC is needed only when a pipeline is initialised.
"""

from __future__ import annotations

from spacy.lang.norm_exceptions import BASE_NORMS
from spacy.lookups import Lookups
from spacy.util import registry

_QUOTES = {"「": "“", "」": "”", "『": "‘", "』": "’", "〝": "“", "〞": "”", "﹁": "“", "﹂": "”"}
_DASHES = {"–": "—", "―": "—", "─": "—", "━": "—", "〜": "~"}
_FULL_WIDTH = {chr(code): chr(code - 0xFEE0).lower() for code in range(0xFF01, 0xFF5F)}
# Without an entry here, spaCy's own norms would make opening and closing quotes one character.
_KEPT = {char: char for char in BASE_NORMS if len(char) == 1 and not char.isascii()}


def character_norms() -> dict[str, str]:
    """Norms of characters, where they are not the lower-case character itself: some 4,000.

    Needs the extra ``train`` (OpenCC). Traditional characters that OpenCC maps to more than one simplified
    character take its first choice.
    """
    from opencc import OpenCC

    converter = OpenCC("t2s")
    # The blocks that hold OpenCC's entries: CJK Unified Ideographs with extension A.
    ideographs = (
        chr(code) for start, end in ((0x3400, 0x4DC0), (0x4E00, 0xA000)) for code in range(start, end)
    )
    simplified = ((char, converter.convert(char)) for char in ideographs)
    norms = {char: norm for char, norm in simplified if norm != char and len(norm) == 1}
    return norms | _KEPT | _FULL_WIDTH | _QUOTES | _DASHES


@registry.misc("baogao.TypographyLookups.v1")
def create_typography_lookups() -> Lookups:
    """The lookups of ``[initialize] lookups``: one table, ``lexeme_norm``."""
    lookups = Lookups()
    lookups.add_table("lexeme_norm", character_norms())
    return lookups
