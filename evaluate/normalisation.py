"""Accuracy of the normalisers on the values that a reader gave."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Any

from baogao.normalise.bodies_gold import read_body_gold, read_contexts, score_bodies
from baogao.normalise.gold import load_count_gold, load_date_gold, score_counts, score_dates
from evaluate.data import BenchmarkError

Json = dict[str, Any]


def score_normalisers(folder: Path, index: Path, reports: Collection[str]) -> Json:
    """Accuracy on all rows, and on those of the given reports alone.

    folder (Path): Holds ``counts.csv``, ``dates.csv`` and ``bodies.csv``.
    index (Path): The corpus's ``reports.csv``: the place and organ that body names depend on.
    RETURNS (dict): For counts, dates and bodies, under ``all`` and ``split``: correct, total and accuracy.
        Raises ``BenchmarkError`` for a file that is missing or wrong.
    """
    try:
        counts = load_count_gold(folder / "counts.csv")
        dates = load_date_gold(folder / "dates.csv")
        bodies = read_body_gold(folder / "bodies.csv")
        contexts = read_contexts(index)
        scores = {}
        for name, keep in (("all", lambda row: True), ("split", lambda row: row.report in reports)):
            by_count = score_counts(filter(keep, counts))
            by_date = score_dates(filter(keep, dates))
            by_body = score_bodies(filter(keep, bodies), contexts)
            scores[name] = {
                "counts": _to_dict(by_count.n_correct, by_count.n, by_count.accuracy),
                "dates": _to_dict(by_date.n_correct, by_date.n, by_date.accuracy),
                "bodies": _to_dict(by_body.correct, by_body.total, by_body.accuracy),
            }
    except OSError as error:
        raise BenchmarkError(f"{error.filename}: {error.strerror}") from error
    except ValueError as error:
        raise BenchmarkError(str(error)) from error
    return scores


def _to_dict(correct: int, total: int, accuracy: float) -> Json:
    return {"correct": correct, "total": total, "accuracy": accuracy}
