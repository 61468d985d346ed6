"""jieba's part-of-speech tags, the baseline that costs nothing."""

from __future__ import annotations

import logging

import jieba
import jieba.posseg

from baogao.formats.annotated import SpanAnnotation
from evaluate.systems import Prediction

JIEBA_TO_BAOGAO = {
    "nr": "PERSON",
    "nrfg": "PERSON",
    "nrt": "PERSON",
    "ns": "PLACE",
    "nt": "BODY",
    "t": "DATE",
}
"""``nrfg`` and ``nrt`` are jieba's kinds of ``nr``: well-known people and transliterated names."""


class JiebaSystem:
    """Words tagged as names or times, translated by :data:`JIEBA_TO_BAOGAO`. It knows no relations."""

    name = "jieba"
    packages = ("jieba",)
    entity_labels = frozenset(JIEBA_TO_BAOGAO.values())
    relation_labels: frozenset[str] = frozenset()

    def __init__(self) -> None:
        jieba.setLogLevel(logging.WARNING)
        jieba.initialize()

    def predict(self, text: str) -> Prediction:
        entities, position = [], 0
        for word, tag in jieba.posseg.cut(text):
            if tag in JIEBA_TO_BAOGAO:
                entities.append(SpanAnnotation(position, position + len(word), JIEBA_TO_BAOGAO[tag]))
            position += len(word)
        return Prediction(entities)
