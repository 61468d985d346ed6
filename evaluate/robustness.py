"""Robustness transforms: the same report as another newsroom would have typed it.

Each transform is a pure function from :class:`AnnotatedText` to :class:`AnnotatedText`: nothing of the
meaning changes, and the gold spans and relations move along exactly. A pipeline's score on the result,
against its score on the original, is what it loses to typography.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import cache

from baogao.formats.annotated import AnnotatedText
from baogao.normalise.numerals import to_chinese
from evaluate.rewriting import Edit, rewrite

_FULL_WIDTH = str.maketrans(",:;()!?%", "，：；（）！？％")
_STRAIGHT_QUOTES = str.maketrans("“”‘’", "\"\"''")
_CORNER_QUOTES = str.maketrans("“”‘’", "「」『』")
_RADICALS = {
    ord(unicodedata.normalize("NFKC", chr(radical))): chr(radical) for radical in range(0x2F00, 0x2FD6)
}
_SEPARATOR_IN_NUMBER = re.compile(r"(?<=[0-9])[,:](?=[0-9])")
_NUMBER = re.compile(r"[0-9]+(?:,[0-9]{3})*(?:\.[0-9]+)?%?")
MAX_PARAGRAPH = 512
"""Characters; the usual window of a transformer encoder, and a limit that many preprocessing scripts cut
at."""


def full_width_punctuation(annotated: AnnotatedText) -> AnnotatedText:
    """``,:;()!?%`` become full-width; digits, and the separators between digits, stay."""
    text = annotated.text.translate(_FULL_WIDTH)
    for match in _SEPARATOR_IN_NUMBER.finditer(annotated.text):
        text = text[: match.start()] + match.group() + text[match.end() :]
    return _same_length(annotated, text)


def straight_quotes(annotated: AnnotatedText) -> AnnotatedText:
    """Curly quotes become ``"`` and ``'``."""
    return _same_length(annotated, annotated.text.translate(_STRAIGHT_QUOTES))


def corner_quotes(annotated: AnnotatedText) -> AnnotatedText:
    """Curly quotes become ``「」`` and ``『』``."""
    return _same_length(annotated, annotated.text.translate(_CORNER_QUOTES))


def traditional_characters(annotated: AnnotatedText) -> AnnotatedText:
    """Simplified to traditional characters. OpenCC's ``s2t`` entries all keep the number of characters."""
    return _same_length(annotated, _traditional_converter().convert(annotated.text))


def radicals(annotated: AnnotatedText) -> AnnotatedText:
    """Ideographs that look like one of Kangxi's radicals become it, as in the text of some PDFs: ``人`` is U+2F08."""
    return _same_length(annotated, annotated.text.translate(_RADICALS))


def spaced_numbers(annotated: AnnotatedText) -> AnnotatedText:
    """A space on either side of every Arabic number, as word processors and some newsrooms set them."""
    text = annotated.text
    positions = set()
    for match in _NUMBER.finditer(text):
        for position in match.span():
            # Not at the edge of a paragraph, and no second space.
            if not any(character.isspace() for character in _around(text, position)):
                positions.add(position)
    return rewrite(annotated, [Edit(position, position, " ") for position in positions])


def chinese_numerals(annotated: AnnotatedText) -> AnnotatedText:
    """Arabic numbers in COUNT spans become Chinese numerals: ``12次`` → ``十二次``, ``90%`` → ``百分之九十``.

    The gold spans say which numbers are counts; years, law numbers and the like stay. A lone 2 is 两.
    """
    edits = []
    for span in annotated.spans:
        if span.label == "COUNT":
            edits += [
                Edit(match.start(), match.end(), to_chinese(match.group()))
                for match in _NUMBER.finditer(annotated.text, span.start, span.end)
            ]
    return rewrite(annotated, edits)


def joined_paragraphs(annotated: AnnotatedText) -> AnnotatedText:
    """The whole report in one paragraph."""
    return rewrite(annotated, [Edit(m.start(), m.end(), "") for m in re.finditer("\n", annotated.text)])


def cut_paragraphs(annotated: AnnotatedText) -> AnnotatedText:
    """Paragraphs broken after every :data:`MAX_PARAGRAPH` characters, wherever that is.

    Spans that a break goes through are dropped with their relations, and so are relations whose spans now
    stand in different paragraphs: neither could be represented. ``len(before.spans) - len(after.spans)`` says
    how many.
    """
    breaks = []
    for line in re.finditer(r"[^\n]+", annotated.text):
        breaks += range(line.start() + MAX_PARAGRAPH, line.end(), MAX_PARAGRAPH)

    def is_cut(start: int, end: int) -> bool:
        return any(start < position < end for position in breaks)

    kept = AnnotatedText(
        annotated.name,
        annotated.text,
        [span for span in annotated.spans if not is_cut(span.start, span.end)],
        [
            r
            for r in annotated.relations
            if not is_cut(min(r.head.start, r.tail.start), max(r.head.end, r.tail.end))
        ],
    )
    return rewrite(kept, [Edit(position, position, "\n") for position in breaks])


TRANSFORMS: dict[str, Callable[[AnnotatedText], AnnotatedText]] = {
    "full-width punctuation": full_width_punctuation,
    "straight quotes": straight_quotes,
    "corner quotes": corner_quotes,
    "traditional characters": traditional_characters,
    "radicals": radicals,
    "spaces around numbers": spaced_numbers,
    "Chinese numerals": chinese_numerals,
    "paragraphs joined": joined_paragraphs,
    f"paragraphs cut at {MAX_PARAGRAPH}": cut_paragraphs,
}


def _same_length(annotated: AnnotatedText, text: str) -> AnnotatedText:
    if len(text) != len(annotated.text):
        raise ValueError(f"{annotated.name}: the transform changed the length of the text")
    return AnnotatedText(annotated.name, text, list(annotated.spans), list(annotated.relations))


def _around(text: str, position: int) -> str:
    """The characters on either side of a position; a line break stands for the edges of the text."""
    return (text[position - 1] if position else "\n") + (text[position] if position < len(text) else "\n")


@cache
def _traditional_converter():
    from opencc import OpenCC

    return OpenCC("s2t")
