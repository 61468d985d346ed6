"""Percentile bootstrap intervals (Efron & Tibshirani 1993, ch. 13) over reports or paragraphs.

Whole units are resampled with replacement and their counts pooled, because the spans of one report, and of
one paragraph, are not independent.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from typing import TypeVar

import numpy as np

from baogao.metrics.items import Entity, Link
from baogao.metrics.prf import PRF

Item = TypeVar("Item", Entity, Link)


def unit_counts(
    gold: set[Item],
    predicted: set[Item],
    unit_of: Callable[[Item], Hashable],
    units: Iterable[Hashable],
) -> list[PRF]:
    """Strict counts of each unit.

    unit_of (Callable): The unit an entity or relation belongs to.
    units (Iterable): Every unit of the sample, also those without any entity, in a fixed order.
    RETURNS (list[PRF]): One for each unit, in that order.
    """
    tp = Counter(map(unit_of, gold & predicted))
    n_predicted = Counter(map(unit_of, predicted))
    n_gold = Counter(map(unit_of, gold))
    return [PRF(tp[unit], n_predicted[unit], n_gold[unit]) for unit in units]


def bootstrap_intervals(
    counts: Sequence[PRF], seed: int, n_resamples: int = 1000, confidence: float = 0.95
) -> dict[str, tuple[float, float]]:
    """Percentile intervals of micro precision, recall and F1.

    counts (Sequence[PRF]): One for each unit.
    seed (int): Seed of the numpy Generator: the same counts and seed give the same intervals.
    n_resamples (int): How often the units are resampled.
    confidence (float): Coverage of the interval.
    RETURNS (dict): ``precision``, ``recall`` and ``f1`` to (low, high). Resamples in which a score is
        undefined (its denominator is 0) are left out; (0, 0) if it is undefined in all.
    """
    table = np.array([(c.tp, c.predicted, c.support) for c in counts], dtype="float64").reshape(-1, 3)
    n = len(table)
    if n == 0:
        return dict.fromkeys(("precision", "recall", "f1"), (0.0, 0.0))
    rng = np.random.default_rng(seed)
    # How often each unit is drawn: (n_resamples, n), so that a resample's pooled counts are one matrix
    # product.
    weights = rng.multinomial(n, np.full(n, 1 / n), size=n_resamples)
    tp, predicted, support = (weights @ table).T
    tails = (50 * (1 - confidence), 50 * (1 + confidence))
    intervals = {}
    for name, above, below in (
        ("precision", tp, predicted),
        ("recall", tp, support),
        ("f1", 2 * tp, predicted + support),
    ):
        defined = below > 0
        sample = above[defined] / below[defined]
        low, high = np.percentile(sample, tails) if len(sample) else (0.0, 0.0)
        intervals[name] = (float(low), float(high))
    return intervals


def report_of(item: Entity | Link) -> str:
    """The document of an entity or relation, as a resampling unit."""
    return item.head.doc if isinstance(item, Link) else item.doc


class Paragraphs:
    """The paragraphs (lines) of some texts, as resampling units.

    texts (Mapping[str, str]): Document name to text, one paragraph per line.
    """

    def __init__(self, texts: Mapping[str, str]) -> None:
        self._line_starts = {
            doc: [0, *(i + 1 for i, character in enumerate(text) if character == "\n")]
            for doc, text in texts.items()
        }

    @property
    def units(self) -> list[tuple[str, int]]:
        """(document, paragraph number) of every paragraph."""
        return [(doc, i) for doc, starts in self._line_starts.items() for i in range(len(starts))]

    def unit_of(self, item: Entity | Link) -> tuple[str, int]:
        """The paragraph an entity, or a relation's head, starts in."""
        entity = item.head if isinstance(item, Link) else item
        return entity.doc, bisect_right(self._line_starts[entity.doc], entity.start) - 1
