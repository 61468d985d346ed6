"""End-to-end relation scores, after PURE (Zhong & Chen 2021, *A Frustratingly Easy Approach for Entity and
Relation Extraction*).

Every gold relation counts in recall, also those whose spans were never predicted.
"""

from __future__ import annotations

from collections.abc import Iterable

from baogao.metrics.items import Entity, Link
from baogao.metrics.prf import PRF, prf_of_sets

DISTANCE_BUCKETS: tuple[tuple[int, int | None], ...] = ((0, 2), (2, 10), (10, 30), (30, 100), (100, None))
"""Characters between the two spans, as half-open ranges."""


def score_relations(gold: set[Link], predicted: set[Link]) -> dict[str, PRF]:
    """PURE's two end-to-end figures.

    RETURNS (dict): ``rel``: the boundaries of both spans and the relation's label; ``rel_strict`` (PURE's
        Rel+): the labels of both spans too.
    """
    return {
        "rel": prf_of_sets({_unlabelled(link) for link in gold}, {_unlabelled(link) for link in predicted}),
        "rel_strict": prf_of_sets(gold, predicted),
    }


def score_relations_by_label(
    gold: set[Link], predicted: set[Link], labels: Iterable[str] | None = None
) -> dict[str, dict[str, PRF]]:
    """:func:`score_relations` for each relation label; ``labels`` defaults to those that occur."""
    if labels is None:
        labels = sorted({link.label for link in gold | predicted})
    return {
        label: score_relations(
            {r for r in gold if r.label == label}, {r for r in predicted if r.label == label}
        )
        for label in labels
    }


def score_relations_by_distance(gold: set[Link], predicted: set[Link]) -> dict[str, PRF]:
    """Strict score for each bucket of :data:`DISTANCE_BUCKETS`, under keys such as ``2–9`` and ``100+``."""
    scores = {}
    for low, high in DISTANCE_BUCKETS:
        name = f"{low}+" if high is None else f"{low}–{high - 1}"
        scores[name] = prf_of_sets(
            {link for link in gold if _in_bucket(link, low, high)},
            {link for link in predicted if _in_bucket(link, low, high)},
        )
    return scores


def recall_ceiling(gold: set[Link], predicted_entities: set[Entity]) -> float:
    """Share of the gold relations both of whose spans were predicted strictly: the best recall that the
    entities allow. 0 if there are no gold relations."""
    if not gold:
        return 0.0
    return sum(link.head in predicted_entities and link.tail in predicted_entities for link in gold) / len(
        gold
    )


def distance(link: Link) -> int:
    """Characters between the two spans; 0 if they touch or overlap."""
    return max(0, max(link.head.start, link.tail.start) - min(link.head.end, link.tail.end))


def _in_bucket(link: Link, low: int, high: int | None) -> bool:
    return low <= distance(link) and (high is None or distance(link) < high)


def _unlabelled(link: Link) -> tuple[str, tuple[str, int, int], tuple[str, int, int]]:
    return (link.label, link.head.bounds, link.tail.bounds)
