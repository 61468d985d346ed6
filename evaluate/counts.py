"""Counts of a report, small enough to keep for every training run: what scores and their intervals are made of."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from baogao.formats.annotated import AnnotatedText
from baogao.metrics.bootstrap import Paragraphs, unit_counts
from baogao.metrics.items import Entity, Link, items_of
from baogao.metrics.ledger import sum_scores
from baogao.metrics.prf import PRF, prf_of_sets
from baogao.schema import ENTITY_LABELS, RELATION_LABELS

Json = dict[str, Any]
FIGURES = {
    "entities": "entities",
    "relations": "relations, strict",
    "gold_entity_relations": "relations, gold entities",
}
"""What is counted, all of it strictly, and its heading in the tables."""


def count_report(
    gold: AnnotatedText, predicted: AnnotatedText, given_entities: AnnotatedText | None = None
) -> Json:
    """Strict counts of one report.

    predicted (AnnotatedText): What a pipeline makes of the text alone.
    given_entities (Optional[AnnotatedText]): What it makes of text and gold entities; None for a pipeline
        without relations.
    RETURNS (dict): For each of :data:`FIGURES` (``entities`` alone for a pipeline without relations),
        ``paragraphs``: found, predicted and gold, a list for each with one number per paragraph; ``by_label``:
        label to these three.
    """
    gold_entities, gold_links = items_of(gold)
    entities, links = items_of(predicted)
    counts = {"entities": _count(gold, gold_entities, entities, ENTITY_LABELS)}
    if given_entities is not None:
        counts["relations"] = _count(gold, gold_links, links, RELATION_LABELS)
        links_of_gold = items_of(given_entities)[1]
        counts["gold_entity_relations"] = _count(gold, gold_links, links_of_gold, RELATION_LABELS)
    return counts


def _count(report: AnnotatedText, gold: set, predicted: set, labels: Iterable[str]) -> Json:
    paragraphs = Paragraphs({report.name: report.text})
    by_paragraph = unit_counts(gold, predicted, paragraphs.unit_of, paragraphs.units)
    by_label = {
        label: prf_of_sets(_of_label(gold, label), _of_label(predicted, label)) for label in sorted(labels)
    }
    return {
        "paragraphs": [list(column) for column in zip(*map(_to_list, by_paragraph), strict=True)],
        "by_label": {label: _to_list(counts) for label, counts in by_label.items()},
    }


def paragraph_counts(counts: Json) -> list[PRF]:
    """The counts of one figure of :func:`count_report`, for each paragraph."""
    return [PRF(*row) for row in zip(*counts["paragraphs"], strict=True)]


def label_counts(counts: Json) -> dict[str, PRF]:
    """The counts of one figure of :func:`count_report`, for each label."""
    return {label: PRF(*row) for label, row in counts["by_label"].items()}


def add_units(runs: Sequence[Sequence[PRF]]) -> list[PRF]:
    """Several counts of the same units, added up unit by unit: one list of units as long as each given."""
    return [sum_scores(unit) for unit in zip(*runs, strict=True)]


def _of_label(items: set[Entity] | set[Link], label: str) -> set:
    return {item for item in items if item.label == label}


def _to_list(counts: PRF) -> list[float]:
    return [counts.tp, counts.predicted, counts.support]
