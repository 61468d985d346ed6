"""Sums over records that count nothing twice."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from .record import Record, row_key

_ADDABLE = ("count", "money")


class Total(NamedTuple):
    """A sum. ``lower`` and ``upper`` are None where one of the figures has no such limit.

    ``value``: None where one of the figures names no number (``数十场``).
    ``records``: Ids of what was added.
    """

    item: str
    unit: str | None
    value: int | float | None
    lower: int | float | None
    upper: int | float | None
    records: tuple[str, ...]


def totals(records: Iterable[Record]) -> list[Total]:
    """The records of one report, added up by item and unit, in the order of their first mention.

    Left out: parts of a figure that is there itself (``share_of``), rows that say the same as one before (a
    report gives its main figures in the summary again), and what has no sum (rates, durations, measures).
    """
    groups: dict[tuple[str, str | None], dict[tuple, Record]] = defaultdict(dict)
    for record in records:
        if not record.item or not record.count or record.count.kind not in _ADDABLE or record.share_of:
            continue
        body = record.body.id or record.body.text if record.body else None
        groups[record.item, record.count.unit].setdefault((body, *row_key(record)), record)
    return [
        Total(
            item,
            unit,
            value=_sum(record.count.value for record in group.values()),
            lower=_sum(record.count.lower for record in group.values()),
            upper=_sum(record.count.upper for record in group.values()),
            records=tuple(record.id for record in group.values()),
        )
        for (item, unit), group in groups.items()
    ]


def _sum(numbers: Iterable[int | float | None]) -> int | float | None:
    numbers = list(numbers)
    return None if None in numbers else sum(numbers)
