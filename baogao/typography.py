"""One norm per character, whatever typography a report was printed in.

``token.norm_`` of every pipeline maps full-width forms to ASCII, corner brackets to curly quotes, traditional to
simplified characters and compatibility characters to what they stand for, so a model sees one alphabet while offsets
and texts stay as they are. The table is stored in the vocab's ``lexeme_norm`` lookups, spaCy's own place for norms: a
saved pipeline carries it, and OpenCC is needed only when a pipeline is initialised.
"""

from __future__ import annotations

import unicodedata

from spacy.lang.norm_exceptions import BASE_NORMS
from spacy.lookups import Lookups
from spacy.util import registry

_QUOTES = {
    **dict.fromkeys("「〝﹁„‟", "“"),
    **dict.fromkeys("」〞〟﹂", "”"),
    **dict.fromkeys("『﹃‚‛", "‘"),
    **dict.fromkeys("』﹄", "’"),
    "«": "《",
    "»": "》",
}
_DASHES = {"–": "—", "―": "—", "─": "—", "━": "—", "〜": "~", **dict.fromkeys("‐‑−", "-")}
_DOTS = dict.fromkeys("•‧・", "·")  # between the parts of a name
_FULL_WIDTH = {chr(code): chr(code - 0xFEE0).lower() for code in range(0xFF01, 0xFF5F)}
# Radicals in place of the ideographs that look the same, as some PDFs have them: those without an equivalent in NFKC,
# after Unicode's table EquivalentUnifiedIdeograph.
_RADICALS = dict(
    zip(
        "\u2ea0\u2ec1\u2ec4\u2ec5\u2ec6\u2ec9\u2ecb\u2ed1\u2ed3\u2ed4\u2ed8\u2ed9\u2eda\u2edb"
        "\u2edc\u2edd\u2ee2\u2ee3\u2ee4\u2ee5\u2ee6\u2ee7\u2ee8\u2ee9\u2eea\u2eec\u2eee\u2ef0",
        "民虎西见角贝车长长门青韦页风飞食马骨鬼鱼鸟卤麦黄黾齐齿龙",
        strict=True,
    )
)
# CJK radicals, compatibility ideographs, vertical and small forms, half-width punctuation, full-width signs.
_COMPATIBILITY_BLOCKS = (
    (0x2E80, 0x2FE0),
    (0xF900, 0xFB00),
    (0xFE10, 0xFE20),
    (0xFE30, 0xFE70),
    (0xFF61, 0xFF66),
    (0xFFE0, 0xFFE7),
)
# Without an entry here, spaCy's own norms would make opening and closing quotes one character.
_KEPT = {char: char for char in BASE_NORMS if len(char) == 1 and not char.isascii()}


def character_norms() -> dict[str, str]:
    """Norms of characters, where they are not the lower-case character itself: some 5,000.

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
    norms |= _KEPT | _FULL_WIDTH | _QUOTES | _DASHES | _DOTS | _RADICALS
    return norms | _compatibility_norms(norms)


def _compatibility_norms(norms: dict[str, str]) -> dict[str, str]:
    """Characters that Unicode has for the sake of other encodings or of a vertical line, and those that PDFs make of
    ideographs: with the norms of what they stand for."""
    equivalents = (
        (chr(code), unicodedata.normalize("NFKC", chr(code)))
        for start, end in _COMPATIBILITY_BLOCKS
        for code in range(start, end)
        if chr(code) not in norms
    )
    return {
        char: norms.get(same, same.lower()) for char, same in equivalents if len(same) == 1 and same != char
    }


@registry.misc("baogao.TypographyLookups.v1")
def create_typography_lookups() -> Lookups:
    """The lookups of ``[initialize] lookups``: one table, ``lexeme_norm``."""
    lookups = Lookups()
    lookups.add_table("lexeme_norm", character_norms())
    return lookups
