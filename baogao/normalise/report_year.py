"""The year a report is about, when only its text is at hand."""

from __future__ import annotations

import re
from collections.abc import Iterable

from .numerals import fold

_YEAR = "([12][0-9]{3})年"
_IN_TITLE = re.compile(rf"{_YEAR}度?[^0-9]*(?:回眸|回顾|总结|综述)")
_REVIEW_HEADING = re.compile(rf"(?:[一二三]、|\(一\))?{_YEAR}度?的?(?:主要)?工作(?:回顾|总结|情况|的回顾)?")
_OPENING = re.compile(rf"(?:^|[。)]){_YEAR},?是")
_DELIVERY = re.compile(rf"[-—–\s(]*{_YEAR}([0-9]{{1,2}})月")


def report_year_from_text(title: str, first_paragraphs: Iterable[str]) -> int | None:
    """The year reported on, or None if title and opening do not say.

    Looked for in this order: the title of a review (``2022年工作回眸``; the year in the title of a 工作报告
    may be that of delivery and is not used); the heading of the review (``一、2022年工作回顾``); the sentence
    the review opens with (``2022年是…``); the line that gives the day of delivery, if that is in the first
    half of a year, which makes it a report on the year before.
    """
    paragraphs = [re.sub(r"(?<=年)\s+", "", fold(paragraph)).strip() for paragraph in first_paragraphs]
    if match := _IN_TITLE.search(fold(title)):
        return int(match[1])
    for paragraph in paragraphs:
        if match := _REVIEW_HEADING.fullmatch(paragraph):
            return int(match[1])
    for paragraph in paragraphs:
        if match := _OPENING.search(paragraph):
            return int(match[1])
    for paragraph in paragraphs:
        if (match := _DELIVERY.match(paragraph)) and 1 <= int(match[2]) <= 6:
            return int(match[1]) - 1
    return None
