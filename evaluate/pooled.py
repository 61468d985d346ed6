"""Scores of many training runs: pooled, their spread, their intervals, and the difference of two variants."""

from __future__ import annotations

import statistics
from collections.abc import Collection, Iterable
from typing import Any, NamedTuple

import numpy as np

from baogao.metrics.bootstrap import bootstrap_intervals
from baogao.metrics.ledger import sum_scores
from baogao.metrics.prf import PRF
from evaluate.counts import add_units, label_counts, paragraph_counts

Json = dict[str, Any]
BOOTSTRAP_SEED = 0
N_RESAMPLES = 1000


class Pooled(NamedTuple):
    """Strict scores of one figure over all runs of a variant.

    total (PRF): Counts of all seeds and reports added up.
    by_report (dict[str, PRF]): The same for each report.
    by_label (dict[str, PRF]): The same for each label.
    over_reports, over_paragraphs (tuple[float, float]): 95% bootstrap intervals of F1.
    sd_seeds, sd_reports (Optional[float]): Standard deviation of F1 between seeds, all reports pooled, and
        between reports, all seeds pooled; None for fewer than two.
    """

    total: PRF
    by_report: dict[str, PRF]
    by_label: dict[str, PRF]
    over_reports: tuple[float, float]
    over_paragraphs: tuple[float, float]
    sd_seeds: float | None
    sd_reports: float | None


def pool(runs: Collection[Json], figure: str) -> Pooled | None:
    """Pool the counts of runs, each of another seed or with other held-out reports.

    figure (str): One of :data:`evaluate.counts.FIGURES`.
    RETURNS (Optional[Pooled]): None if the runs do not have the figure.
    """
    counts = _by_report_and_seed(runs, figure)
    if not counts:
        return None
    paragraphs = {report: add_units(list(seeds.values())) for report, seeds in counts.items()}
    by_report = {report: sum_scores(units) for report, units in paragraphs.items()}
    by_seed: dict[int, list[PRF]] = {}
    for seeds in counts.values():
        for seed, units in seeds.items():
            by_seed.setdefault(seed, []).extend(units)
    by_label: dict[str, list[PRF]] = {}
    for run in runs:
        for report in run["reports"].values():
            for label, score in label_counts(report[figure]).items():
                by_label.setdefault(label, []).append(score)

    def interval(units: Iterable[PRF]) -> tuple[float, float]:
        return bootstrap_intervals(list(units), BOOTSTRAP_SEED, N_RESAMPLES)["f1"]

    return Pooled(
        total=sum_scores(by_report.values()),
        by_report=by_report,
        by_label={label: sum_scores(scores) for label, scores in by_label.items()},
        over_reports=interval(by_report.values()),
        over_paragraphs=interval(unit for units in paragraphs.values() for unit in units),
        sd_seeds=_spread(sum_scores(units).f1 for units in by_seed.values()),
        sd_reports=_spread(score.f1 for score in by_report.values()),
    )


def difference(
    runs: Iterable[Json], reference: Iterable[Json], figure: str
) -> tuple[float, tuple[float, float]] | None:
    """How much F1 a variant gains over another, with a paired 95% bootstrap interval over reports: both are scored
    on the same resampled reports. Only seeds and reports that both have count.

    RETURNS (Optional[tuple]): The difference and its interval; None where there is nothing to compare.
    """
    ours, theirs = _by_report_and_seed(runs, figure), _by_report_and_seed(reference, figure)
    pairs = []
    for report in ours:
        if seeds := ours[report].keys() & theirs.get(report, {}).keys():
            pairs.append([sum_scores(u for s in seeds for u in side[report][s]) for side in (ours, theirs)])
    if not pairs:
        return None
    # (reports, 2, 3): tp, predicted and support of both
    table = np.array([[(c.tp, c.predicted, c.support) for c in pair] for pair in pairs], dtype="float64")
    n = len(table)
    weights = np.random.default_rng(BOOTSTRAP_SEED).multinomial(n, np.full(n, 1 / n), size=N_RESAMPLES)
    sampled = _f1_difference(np.tensordot(weights, table, axes=1))
    low, high = np.percentile(sampled, (2.5, 97.5))
    return float(_f1_difference(table.sum(axis=0))), (float(low), float(high))


def _f1_difference(counts: np.ndarray) -> np.ndarray:
    """counts: (..., 2, 3). F1 is 0 where there is nothing predicted and nothing to find."""
    tp, n = counts[..., 0], counts[..., 1] + counts[..., 2]
    f1 = np.divide(2 * tp, n, out=np.zeros_like(tp), where=n > 0)
    return f1[..., 0] - f1[..., 1]


def _by_report_and_seed(runs: Iterable[Json], figure: str) -> dict[str, dict[int, list[PRF]]]:
    """Report to seed to the counts of its paragraphs; reports in alphabetical order."""
    counts: dict[str, dict[int, list[PRF]]] = {}
    for run in runs:
        for report, figures in run["reports"].items():
            if figure in figures:
                counts.setdefault(report, {})[run["seed"]] = paragraph_counts(figures[figure])
    return dict(sorted(counts.items()))


def _spread(values: Iterable[float]) -> float | None:
    values = list(values)
    return statistics.stdev(values) if len(values) > 1 else None
