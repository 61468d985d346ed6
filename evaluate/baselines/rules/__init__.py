"""The rule-and-gazetteer baseline: what a good engineer writes in a day from the guidelines and the training
reports.

Lists and patterns were written looking at reports of the ``train`` split alone.
"""

from __future__ import annotations

import logging

import jieba

from baogao.formats.annotated import RelationAnnotation, SpanAnnotation
from baogao.schema import ENTITY_LABELS, RELATION_LABELS
from evaluate.baselines.rules.entities import find_entities
from evaluate.baselines.rules.relations import find_relations
from evaluate.systems import Prediction


class RuleSystem:
    """Regular expressions and word lists for entities, nearest fitting span for relations."""

    name = "rules"
    packages = ("jieba",)
    entity_labels = frozenset(ENTITY_LABELS)
    relation_labels = frozenset(RELATION_LABELS)

    def __init__(self) -> None:
        jieba.setLogLevel(logging.WARNING)
        jieba.initialize()

    def predict(self, text: str) -> Prediction:
        entities = find_entities(text)
        return Prediction(entities, find_relations(text, entities))

    def predict_relations(self, text: str, entities: list[SpanAnnotation]) -> list[RelationAnnotation]:
        return find_relations(text, entities)
