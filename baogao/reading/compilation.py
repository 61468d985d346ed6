"""Many reports in one file, with advertising on top and nothing but titles between them."""

from __future__ import annotations

from itertools import pairwise

from baogao.reading.titles import is_salutation, is_title


def _starts(lines: list[str]) -> list[int]:
    # A title may also be an entry of the table of contents; a report's own stands right above the salutation.
    pairs = enumerate(pairwise(lines))
    return [i for i, (line, following) in pairs if is_title(line) and is_salutation(following)]


def recognise(lines: list[str]) -> bool:
    """Whether at least two reports begin in the file."""
    return len(_starts(lines)) >= 2


def find_reports(lines: list[str]) -> list[list[str]]:
    """The reports, each from its title to the next; what stands above the first is dropped."""
    return [lines[start:end] for start, end in pairwise([*_starts(lines), len(lines)])]
