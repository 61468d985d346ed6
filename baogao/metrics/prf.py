"""Precision, recall and F1 from counts.

Zero-division conventions, used everywhere in the benchmark: precision is 0 when nothing was predicted, recall
is 0 when there is nothing to find, F1 is 0 when both counts are 0. A macro average runs over the labels that
have gold support, so a label that a test set does not contain neither helps nor hurts.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class PRF:
    """Counts, and the scores that follow from them.

    tp (float): What was found. A float because partial matching credits half matches.
    predicted (int): How much was predicted.
    support (int): How much there is to find (gold).
    """

    tp: float
    predicted: int
    support: int

    @property
    def precision(self) -> float:
        return self.tp / self.predicted if self.predicted else 0.0

    @property
    def recall(self) -> float:
        return self.tp / self.support if self.support else 0.0

    @property
    def f1(self) -> float:
        total = self.predicted + self.support
        return 2 * self.tp / total if total else 0.0

    def to_dict(self) -> dict[str, float]:
        return {
            "precision": self.precision,
            "recall": self.recall,
            "f1": self.f1,
            "tp": self.tp,
            "predicted": self.predicted,
            "support": self.support,
        }


def prf_of_sets(gold: set, predicted: set) -> PRF:
    """Score two sets of hashable items; an item is found if it is in both."""
    return PRF(len(gold & predicted), len(predicted), len(gold))


def macro(scores: Iterable[PRF]) -> dict[str, float]:
    """Unweighted means of precision, recall and F1 over the scores with support."""
    supported = [score for score in scores if score.support]
    n = len(supported) or 1
    return {
        "precision": sum(score.precision for score in supported) / n,
        "recall": sum(score.recall for score in supported) / n,
        "f1": sum(score.f1 for score in supported) / n,
    }
