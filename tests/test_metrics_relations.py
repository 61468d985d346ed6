"""Relation metrics against hand counts."""

from __future__ import annotations

import pytest

from baogao.metrics.items import Entity, Link
from baogao.metrics.prf import PRF
from baogao.metrics.relations import (
    distance,
    recall_ceiling,
    score_relations,
    score_relations_by_distance,
    score_relations_by_label,
)

COUNT = Entity("a", 10, 12, "COUNT")
ITEM = Entity("a", 6, 10, "ITEM")
BODY = Entity("a", 0, 3, "BODY")
DATE = Entity("a", 120, 125, "DATE")
WRONG_ITEM = ITEM._replace(label="DOCUMENT")

GOLD = {Link("QUANTITY_OF", COUNT, ITEM), Link("AGENT", ITEM, BODY), Link("TIME", ITEM, DATE)}
PREDICTED = {
    Link("QUANTITY_OF", COUNT, WRONG_ITEM),  # right boundaries, wrong entity label
    Link("AGENT", ITEM, BODY),  # right
    Link("AGENT", ITEM, DATE),  # wrong relation label
}


def test_rel_needs_boundaries_and_rel_strict_entity_labels_too():
    assert score_relations(GOLD, PREDICTED) == {"rel": PRF(2, 3, 3), "rel_strict": PRF(1, 3, 3)}


def test_a_reversed_relation_is_wrong():
    assert score_relations({Link("AGENT", ITEM, BODY)}, {Link("AGENT", BODY, ITEM)})["rel"].tp == 0


def test_gold_relations_without_predictions_count_in_recall():
    assert score_relations(GOLD, set())["rel_strict"] == PRF(0, 0, 3)


def test_scores_by_label():
    scores = score_relations_by_label(GOLD, PREDICTED)
    assert scores["AGENT"]["rel_strict"] == PRF(1, 2, 1)
    assert scores["QUANTITY_OF"]["rel"] == PRF(1, 1, 1)
    assert scores["QUANTITY_OF"]["rel_strict"] == PRF(0, 1, 1)
    assert scores["TIME"]["rel"] == PRF(0, 0, 1)


def test_recall_ceiling_wants_both_spans_strictly():
    assert recall_ceiling(GOLD, {COUNT, ITEM, BODY}) == pytest.approx(2 / 3)
    assert recall_ceiling(GOLD, {COUNT, WRONG_ITEM, BODY}) == 0.0
    assert recall_ceiling(set(), {COUNT}) == 0.0


def test_distance_is_the_gap_between_the_spans_in_either_order():
    assert distance(Link("QUANTITY_OF", COUNT, ITEM)) == 0
    assert distance(Link("AGENT", ITEM, BODY)) == 3
    assert distance(Link("AGENT", BODY, ITEM)) == 3


def test_every_relation_is_in_one_distance_bucket():
    scores = score_relations_by_distance(GOLD, PREDICTED)
    assert scores["0–1"] == PRF(0, 1, 1)  # QUANTITY_OF, found with the wrong entity label
    assert scores["2–9"] == PRF(1, 1, 1)  # AGENT
    assert scores["100+"] == PRF(0, 1, 1)  # TIME, and the wrong AGENT
    assert sum(score.support for score in scores.values()) == len(GOLD)
