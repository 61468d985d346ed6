"""What kind of error each entity and each relation is."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable
from typing import NamedTuple

from baogao.metrics.alignment import overlap, overlapping_pairs
from baogao.metrics.items import Entity, Link

GOLD_OUTCOMES = ("correct", "wrong_label", "boundary", "split", "merged", "tangled", "missed")
"""Every gold span has exactly one of these outcomes, so their counts add up to the support."""

BOUNDARY_DETAILS = ("left_long", "left_short", "right_long", "right_short", "boundary_wrong_label")

RELATION_ERRORS = ("wrong_label", "boundary", "missed", "missed_span", "spurious", "spurious_span")


class EntityError(NamedTuple):
    """Gold and predicted spans that overlap and do not agree, and how; either side may be empty."""

    kind: str
    gold: tuple[Entity, ...]
    predicted: tuple[Entity, ...]


class RelationError(NamedTuple):
    """A gold relation, a predicted one, or two that belong together and do not agree, and how."""

    kind: str
    gold: Link | None
    predicted: Link | None


def find_entity_errors(gold: set[Entity], predicted: set[Entity]) -> list[EntityError]:
    """Every error, in text order.

    Gold and predicted spans that overlap form groups (connected components). A gold span that is not
    predicted with its boundaries and label is

    * ``wrong_label``: predicted with its boundaries and another label;
    * ``boundary``: alone in its group with one prediction of other boundaries;
    * ``split``: alone in its group with several predictions;
    * ``merged``: in a group of several gold spans under one prediction;
    * ``tangled``: in a group of several gold spans and several predictions;
    * ``missed``: overlapped by no prediction.

    ``spurious`` predictions overlap no gold span.
    """
    errors = [
        EntityError(_kind_of_group(golds, predictions), tuple(sorted(golds)), tuple(sorted(predictions)))
        for golds, predictions in _groups(gold - predicted, predicted - gold)
    ]
    return sorted(errors, key=lambda error: min(error.gold + error.predicted))


def entity_errors(gold: set[Entity], predicted: set[Entity]) -> dict[str, int]:
    """Count the outcome of every gold span (see :func:`find_entity_errors`, and ``correct``), the details of
    boundary errors, and the spurious predictions.

    A ``boundary`` error also counts under ``left_long``/``left_short`` (prediction begins too early/too
    late), ``right_long``/``right_short`` (ends too late/too early), each if it applies, and
    ``boundary_wrong_label``.
    RETURNS (dict): All these keys, also those that are 0.
    """
    counts = Counter(dict.fromkeys((*GOLD_OUTCOMES, *BOUNDARY_DETAILS, "spurious"), 0))
    counts["correct"] = len(gold & predicted)
    for kind, golds, predictions in find_entity_errors(gold, predicted):
        counts[kind] += len(golds) or len(predictions)
        if kind == "boundary":
            _count_boundary(counts, golds[0], predictions[0])
    return dict(counts)


def find_relation_errors(
    gold: set[Link], predicted: set[Link], gold_entities: set[Entity], predicted_entities: set[Entity]
) -> list[RelationError]:
    """Every error, in text order.

    * ``wrong_label``: predicted between the same spans with another label;
    * ``boundary``: predicted with its label between spans that overlap its own, but are not the same;
    * ``missed``: not predicted, though both its spans were; ``missed_span``: one of them was not;
    * ``spurious``: predicted between gold spans that have no relation; ``spurious_span``: one of its spans is
      not gold.
    """
    errors = []
    missed, spurious = gold - predicted, predicted - gold
    for kind, belong in (("wrong_label", _same_spans), ("boundary", _overlapping)):
        for g, p in _pair(missed, spurious, belong):
            errors.append(RelationError(kind, g, p))
            missed.remove(g)
            spurious.remove(p)
    for link in missed:
        found = {link.head, link.tail} <= predicted_entities
        errors.append(RelationError("missed" if found else "missed_span", link, None))
    for link in spurious:
        exist = {link.head, link.tail} <= gold_entities
        errors.append(RelationError("spurious" if exist else "spurious_span", None, link))

    def position(error: RelationError) -> tuple[Entity, Entity, str]:
        link = error.gold or error.predicted
        return link.head, link.tail, link.label

    return sorted(errors, key=position)


def _kind_of_group(golds: list[Entity], predictions: list[Entity]) -> str:
    if not predictions:
        return "missed"
    if not golds:
        return "spurious"
    if len(golds) > 1:
        return "merged" if len(predictions) == 1 else "tangled"
    if len(predictions) > 1:
        return "split"
    return "wrong_label" if golds[0].bounds == predictions[0].bounds else "boundary"


def _count_boundary(counts: Counter[str], g: Entity, p: Entity) -> None:
    counts["left_long"] += p.start < g.start
    counts["left_short"] += p.start > g.start
    counts["right_long"] += p.end > g.end
    counts["right_short"] += p.end < g.end
    counts["boundary_wrong_label"] += g.label != p.label


def _pair(
    gold: set[Link], predicted: set[Link], belong: Callable[[Link, Link], bool]
) -> list[tuple[Link, Link]]:
    """One to one, the closest boundaries first."""

    def rank(pair: tuple[Link, Link]) -> tuple[int, Link, Link]:
        g, p = pair
        spans = ((g.head, p.head), (g.tail, p.tail))
        return (sum(abs(a.start - b.start) + abs(a.end - b.end) for a, b in spans), g, p)

    free_gold, free_predicted = set(gold), set(predicted)
    pairs = []
    for g, p in sorted(((g, p) for g in gold for p in predicted if belong(g, p)), key=rank):
        if g in free_gold and p in free_predicted:
            free_gold.remove(g)
            free_predicted.remove(p)
            pairs.append((g, p))
    return pairs


def _same_spans(g: Link, p: Link) -> bool:
    return (g.head.bounds, g.tail.bounds) == (p.head.bounds, p.tail.bounds)


def _overlapping(g: Link, p: Link) -> bool:
    return (
        (g.label, g.head.doc) == (p.label, p.head.doc)
        and overlap(g.head, p.head) > 0
        and overlap(g.tail, p.tail) > 0
    )


def _groups(gold: set[Entity], predicted: set[Entity]) -> list[tuple[list[Entity], list[Entity]]]:
    """Connected components of the overlap graph, as (gold, predicted); lone spans are components too."""
    neighbours: dict[tuple[bool, Entity], list[tuple[bool, Entity]]] = defaultdict(list)
    for g, p in overlapping_pairs(gold, predicted):
        neighbours[True, g].append((False, p))
        neighbours[False, p].append((True, g))
    nodes = [(True, g) for g in gold] + [(False, p) for p in predicted]
    visited: set[tuple[bool, Entity]] = set()
    groups = []
    for node in nodes:
        if node in visited:
            continue
        visited.add(node)
        members, queue = [], [node]
        while queue:
            current = queue.pop()
            members.append(current)
            fresh = [other for other in neighbours[current] if other not in visited]
            visited.update(fresh)
            queue.extend(fresh)
        groups.append(
            ([e for is_gold, e in members if is_gold], [e for is_gold, e in members if not is_gold])
        )
    return groups
