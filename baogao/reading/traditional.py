"""A page broken by its conversion to traditional characters, with the pinyin left behind: ``現(xiàn)代化``.

Needs OpenCC (``pip install baogao[train]``).
"""

from __future__ import annotations

import re
from functools import cache

from opencc import OpenCC

# A syllable with its tone mark, so that other brackets with Latin letters stay: (GDP), (app).
GLOSS = re.compile(r"[(\uff08][a-zü]*[āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜ][a-zü]*[)\uff09]")
BREADCRUMB = re.compile(r"首页\s*>")
EDITOR = re.compile(r"(?:责任)?编辑[:\uff1a]")
# The dash of a subtitle, after an ornament that the page could not show.
LOST_ORNAMENT = re.compile(r"^\?(?=——)")


@cache
def _converter() -> OpenCC:
    return OpenCC("t2s")


def repair(line: str) -> str:
    """Drop the glosses and convert to simplified characters. What the page lost (``?``) stays lost."""
    return LOST_ORNAMENT.sub("", _converter().convert(GLOSS.sub("", line)))


def recognise(lines: list[str]) -> bool:
    """Whether a pinyin gloss stands anywhere."""
    return any(GLOSS.search(line) for line in lines)


def find_reports(lines: list[str]) -> list[list[str]]:
    """The one article of the page, repaired: from below the breadcrumb to the line that names the editor."""
    repaired = [repair(line) for line in lines]
    start = next((i + 1 for i, line in enumerate(repaired) if BREADCRUMB.match(line)), 0)
    end = next((i for i, line in enumerate(repaired) if EDITOR.match(line)), len(repaired))
    return [repaired[start:end]] if start < end else []
