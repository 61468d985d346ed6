"""The same figure across reports, by the table ``indicators.csv``.

In a row of the table, ``item``, ``action`` and ``unit`` are regular expressions for the whole ITEM, verb and
unit of a record (empty: anything); ``organ`` is ``rd``, ``zx`` or empty for both; ``agent`` is ``own`` where
only what the reporting organ itself did counts, else ``any``. An indicator may have several rows.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from .record import Record, row_key
from .report import Report

_TABLE = Path(__file__).parent / "indicators.csv"


class Indicator(NamedTuple):
    id: str
    zh: str
    en: str


class Figure(NamedTuple):
    """A record that gives an indicator of a report.

    ``is_main``: the one to quote where a report gives several: the largest, of the year reported on if there
        is one, or at least not of another period.
    ``shared_with``: other items that the same count covers (``A、B和C共28次``).
    """

    indicator: Indicator
    record: Record
    is_main: bool
    shared_with: tuple[str, ...]


class _Rule(NamedTuple):
    indicator: Indicator
    organ: str
    item: re.Pattern[str]
    action: re.Pattern[str] | None
    unit: re.Pattern[str] | None
    own_only: bool

    def admits(self, record: Record, report: Report, simplify: Callable[[str], str]) -> bool:
        if record.item is None or record.count is None or self.organ not in ("", report.organ):
            return False
        return (
            self.item.fullmatch(_normalise(simplify(record.item))) is not None
            and (self.action is None or self.action.fullmatch(record.action or "") is not None)
            and (self.unit is None or self.unit.fullmatch(record.count.unit or "") is not None)
            and (not self.own_only or _is_own(record, report, simplify))
        )


def read_indicators() -> list[Indicator]:
    """The indicators of the table, in its order."""
    return list(dict.fromkeys(rule.indicator for rule in _rules()))


def find_figures(
    records: Sequence[Record], report: Report, simplify: Callable[[str], str] = str
) -> list[Figure]:
    """The figures of one report, by indicator and in text order.

    simplify: Gives a text of a record in the simplified characters of the table.

    Left out: plans (periods after the year reported on), parts of a figure that is found itself, and figures
    that are given a second time.
    """
    figures = []
    for indicator in read_indicators():
        rules = [rule for rule in _rules() if rule.indicator == indicator]
        found = {
            record.id: record
            for record in records
            if any(rule.admits(record, report, simplify) for rule in rules) and not _is_plan(record, report)
        }
        wholes = [record for record in found.values() if record.share_of not in found]
        distinct = list({row_key(record): record for record in reversed(wholes)}.values())[::-1]
        main = max(distinct, key=lambda record: _rank(record, report), default=None)
        for record in distinct:
            figures.append(Figure(indicator, record, record is main, _others_of_count(record, records)))
    return figures


def _others_of_count(record: Record, records: Sequence[Record]) -> tuple[str, ...]:
    others = (other for other in records if other.start == record.start and other.id != record.id)
    return tuple(other.item for other in others if other.item)


def is_of_year(record: Record, year: int | None) -> bool | None:
    """Whether a record's period lies in a year; None where period or year are not known."""
    period = record.period
    if period is None or period.start is None or period.end is None or year is None:
        return None
    return period.start[:4] == period.end[:4] == str(year)


def _rank(record: Record, report: Report) -> tuple[bool, float]:
    size = record.count.value if record.count.value is not None else record.count.lower
    return is_of_year(record, report.year) is not False, size if size is not None else -1


def _is_plan(record: Record, report: Report) -> bool:
    start = record.period.start if record.period else None
    return start is not None and report.year is not None and int(start[:4]) > report.year


def _is_own(record: Record, report: Report, simplify: Callable[[str], str]) -> bool:
    if record.body is None:
        return report.body.name is None  # nobody could be inferred for want of a reporting body
    return record.body.inferred or report.is_own(simplify(record.body.text or ""))


def _normalise(item: str) -> str:
    return re.sub(r"[\s“”‘’\"]", "", unicodedata.normalize("NFKC", item))


@lru_cache(maxsize=1)
def _rules() -> tuple[_Rule, ...]:
    with _TABLE.open(encoding="utf8", newline="") as file:
        return tuple(
            _Rule(
                Indicator(row["id"], row["zh"], row["en"]),
                row["organ"],
                re.compile(row["item"]),
                re.compile(row["action"]) if row["action"] else None,
                re.compile(row["unit"]) if row["unit"] else None,
                row["agent"] == "own",
            )
            for row in csv.DictReader(file)
        )
