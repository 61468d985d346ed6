"""A report on a newspaper's page: page title, byline, the report, links to other articles."""

from __future__ import annotations

import re

from baogao.reading.titles import is_title

RELATED_ARTICLES = "相关阅读"
BULLET = re.compile(r"^[-–•●■◆]\s+")


def recognise(lines: list[str]) -> bool:
    """Whether the page carries a report under its title."""
    return any(map(is_title, lines))


def find_reports(lines: list[str]) -> list[list[str]]:
    """The one report of the page: from its title to the links, without the bullets that the layout added.

    What stands above the title is the page's own: its title, once or twice, and the byline. Further titles
    belong to the report, for a page may print two abstracts as one. A sentence that the page's layout cut in
    two or moved is left as it is, because no rule can tell where its other half belongs.
    """
    start = next(i for i, line in enumerate(lines) if is_title(line))
    end = lines.index(RELATED_ARTICLES) if RELATED_ARTICLES in lines else len(lines)
    return [[BULLET.sub("", line) for line in lines[start:end]]]
