"""Ledger scores: rows that are exactly right, and totals that are.

A row is a record with a figure. Two rows are the same if ``row_key`` is: value, lower, upper, unit, item,
start and end of the period. Where a row stands in the text does not count, how often it stands there does.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from baogao.ledger.record import Record, row_key
from baogao.ledger.totals import totals
from baogao.metrics.prf import PRF

Ledgers = Mapping[str, Iterable[Record]]
"""Report name to records."""


class TotalsScore(NamedTuple):
    """``right`` of ``reports`` reports have the same totals, none missing and none too many."""

    right: int
    reports: int

    @property
    def share(self) -> float:
        return self.right / self.reports if self.reports else 0.0


def score_rows(gold: Ledgers, predicted: Ledgers) -> dict[str, PRF]:
    """Rows of each report of ``gold``; reports that only ``predicted`` has are left out."""
    return {
        report: _prf_of_counts(_rows(records), _rows(predicted.get(report, ())))
        for report, records in gold.items()
    }


def score_totals(gold: Ledgers, predicted: Ledgers) -> TotalsScore:
    """Compare the totals of each report (``baogao.ledger.totals``): item, unit, value, lower and upper."""
    right = sum(_totals(records) == _totals(predicted.get(report, ())) for report, records in gold.items())
    return TotalsScore(right, len(gold))


def sum_scores(scores: Iterable[PRF]) -> PRF:
    """The micro average: counts added up."""
    scores = list(scores)
    return PRF(sum(s.tp for s in scores), sum(s.predicted for s in scores), sum(s.support for s in scores))


def _rows(records: Iterable[Record]) -> Counter[tuple]:
    return Counter(row_key(record) for record in records if record.count)


def _prf_of_counts(gold: Counter[tuple], predicted: Counter[tuple]) -> PRF:
    return PRF((gold & predicted).total(), predicted.total(), gold.total())


def _totals(records: Iterable[Record]) -> set[tuple]:
    return {(t.item, t.unit, t.value, t.lower, t.upper) for t in totals(records)}
