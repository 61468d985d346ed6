"""One-to-one alignment of overlapping gold and predicted spans."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from baogao.metrics.items import Entity


def by_doc(entities: Iterable[Entity]) -> dict[str, list[Entity]]:
    """Entities of each document, in text order."""
    grouped: dict[str, list[Entity]] = defaultdict(list)
    for entity in sorted(entities):
        grouped[entity.doc].append(entity)
    return grouped


def overlap(a: Entity, b: Entity) -> int:
    """Characters that two spans of one document share."""
    return min(a.end, b.end) - max(a.start, b.start)


def overlapping_pairs(gold: Iterable[Entity], predicted: Iterable[Entity]) -> list[tuple[Entity, Entity]]:
    """All (gold, predicted) pairs that share at least one character, by a sweep through each document."""
    pairs = []
    predicted_by_doc = by_doc(predicted)
    for doc, gold_entities in by_doc(gold).items():
        candidates = predicted_by_doc.get(doc, [])
        longest = max((p.end - p.start for p in candidates), default=0)
        first = 0
        for g in gold_entities:
            while first < len(candidates) and candidates[first].start + longest <= g.start:
                first += 1
            for p in candidates[first:]:
                if p.start >= g.end:
                    break
                if overlap(g, p) > 0:
                    pairs.append((g, p))
    return pairs


def align(gold: Iterable[Entity], predicted: Iterable[Entity]) -> list[tuple[Entity, Entity]]:
    """Pair each gold span with at most one predicted span, and the other way round.

    Closest boundaries first, then equal labels, then text order. Unlike the loop over predictions in
    nervaluate, an earlier overlapping prediction cannot take the gold span that a later one matches exactly.
    """

    def rank(pair: tuple[Entity, Entity]) -> tuple[int, bool, Entity, Entity]:
        g, p = pair
        return (abs(g.start - p.start) + abs(g.end - p.end), g.label != p.label, g, p)

    taken_gold: set[Entity] = set()
    taken_predicted: set[Entity] = set()
    chosen = []
    for g, p in sorted(overlapping_pairs(gold, predicted), key=rank):
        if g not in taken_gold and p not in taken_predicted:
            taken_gold.add(g)
            taken_predicted.add(p)
            chosen.append((g, p))
    return chosen
