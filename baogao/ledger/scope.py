"""The sentence, the clause and the section that a span stands in."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable
from typing import NamedTuple

from ..normalise.numerals import fold
from ..normalise.report_year import report_year_from_text

# Full-width marks as escapes: a text normalised to ASCII punctuation must not lose them here.
_SENTENCE_END = re.compile("\n|[。!?\uff01\uff1f]+[”’」』)\uff09》〉]*")
_CLAUSE_END = re.compile("[,;:\uff0c\uff1b\uff1a]")
# `一、2022年工作回顾`, `过去一年的主要工作`, `今后工作的建议`: a time frame, then a word for what follows.
# Not `2023年工作报告`: the year in a title may be that of delivery.
_SECTION = re.compile(
    r"(?!.*报告)(?:[一二三四五六七八九十]+、|\([一二三四五六七八九十]+\))?\s*"
    r"(?P<frame>[12][0-9]{3}年度?|(?:过去的?|今后)?[一五]年|新的?一年|今后)(?![0-9])"
    r"[^,。;:?!]{0,16}?(?:工作|任务|回顾|回眸|安排|打算|建议|情况)[^,。;:?!]{0,8}"
)


class Section(NamedTuple):
    """A part of a report under a heading that names its time, or a whole report under such a title.

    heading (str): The whole heading, ``一、2022年工作回顾``.
    frame (str): Its time, ``2022年``.
    """

    start: int
    heading: str
    frame: str


class Extent(NamedTuple):
    """Offsets in the text, the end exclusive."""

    start: int
    end: int


class TextScope:
    """Sentences, clauses and sections of a text.

    text (str): A report, one paragraph per line.
    spans (Iterable[tuple[int, int]]): Entities; punctuation in them (titles, mottos, ``1,200``) ends nothing.
    """

    def __init__(self, text: str, spans: Iterable[tuple[int, int]] = ()) -> None:
        self.text = text
        inside = {i for start, end in spans for i in range(start, end)}
        ends = [m.end() for m in _SENTENCE_END.finditer(text) if m.start() not in inside]
        self._sentence_ends = ends
        clause_ends = (m.end() for m in _CLAUSE_END.finditer(text) if m.start() not in inside)
        self._clause_ends = sorted({*ends, *clause_ends})
        self._sections = list(_sections(text)) or _whole_report(text)

    def sentence(self, position: int) -> Extent:
        """The sentence around a position, without white space at its edges; ends at 。!? or a line's end."""
        return self._trim(self._between(self._sentence_ends, position))

    def clause(self, position: int) -> Extent:
        """The part of the sentence around a position that commas, semicolons and colons set off."""
        return self._trim(self._between(self._clause_ends, position))

    def section(self, position: int) -> Section | None:
        """The section that a position lies in; the heading belongs to it."""
        index = bisect_right(self._sections, position, key=lambda section: section.start)
        return self._sections[index - 1] if index else None

    def _between(self, ends: list[int], position: int) -> Extent:
        index = bisect_right(ends, position)
        return Extent(ends[index - 1] if index else 0, ends[index] if index < len(ends) else len(self.text))

    def _trim(self, extent: Extent) -> Extent:
        part = self.text[extent.start : extent.end]
        start = extent.start + len(part) - len(part.lstrip())
        return Extent(start, start + len(part.strip()))


def _sections(text: str) -> Iterable[Section]:
    start = 0
    for line in text.split("\n"):
        if match := _SECTION.fullmatch(fold(line).strip()):
            yield Section(start, line.strip(), match["frame"])
        start += len(line) + 1


def _whole_report(text: str) -> list[Section]:
    """The report as one section, if its title is that of a review of one year (``2022年工作回眸``)."""
    title = text.lstrip().partition("\n")[0]
    year = report_year_from_text(title, ())
    return [] if year is None else [Section(0, title, f"{year}年")]
