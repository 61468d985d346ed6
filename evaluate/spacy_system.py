"""spaCy pipelines as systems of the benchmark."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import spacy

from baogao.formats.annotated import AnnotatedText, RelationAnnotation, SpanAnnotation
from baogao.metrics.pipeline import pipes_that_assign, predict, predict_relations
from baogao.schema import ENTITY_LABELS, RELATION_LABELS
from evaluate.provenance import pipeline_digest
from evaluate.systems import Prediction

ONTONOTES_TO_BAOGAO = {
    "PERSON": "PERSON",
    "ORG": "BODY",
    "GPE": "PLACE",
    "LOC": "PLACE",
    "FAC": "PLACE",
    "DATE": "DATE",
}
"""For general-purpose pipelines such as ``zh_core_web_sm``; their other labels have no counterpart."""


_BACKENDS = ("torch", "transformers")
"""Recorded if the pipeline has loaded them."""


class SpacySystem:
    """A spaCy pipeline.

    A pipeline with the labels of this project is scored on all of them; one with OntoNotes labels is scored
    on those that :data:`ONTONOTES_TO_BAOGAO` translates.

    pipeline (str): Name of an installed package or path of a pipeline's directory.
    name (Optional[str]): Heading in the tables; language and name of the pipeline by default.
    """

    def __init__(self, pipeline: str, name: str | None = None) -> None:
        self.nlp = spacy.load(pipeline)
        self.packages = ("spacy", "thinc", "numpy", *(name for name in _BACKENDS if name in sys.modules))
        self._pipeline_name = "_".join((self.nlp.meta["lang"], self.nlp.meta["name"]))
        self.name = name or self._pipeline_name
        labels = {
            label
            for name in pipes_that_assign(self.nlp, "doc.ents")
            for label in self.nlp.pipe_labels.get(name, ())
        }
        is_own = labels <= set(ENTITY_LABELS)
        self._labels = {label: label for label in ENTITY_LABELS} if is_own else ONTONOTES_TO_BAOGAO
        self.entity_labels = frozenset(self._labels.values())
        self.relation_labels = frozenset(
            RELATION_LABELS if pipes_that_assign(self.nlp, "doc._.relations") else ()
        )

    def predict(self, text: str) -> Prediction:
        predicted = predict(self.nlp, text)
        entities = [
            SpanAnnotation(start, end, self._labels[label])
            for start, end, label in predicted.spans
            if label in self._labels
        ]
        return Prediction(entities, predicted.relations)

    def predict_relations(self, text: str, entities: list[SpanAnnotation]) -> list[RelationAnnotation]:
        """Raises ``AnnotationError`` for an entity that the pipeline's tokens cannot represent."""
        return predict_relations(self.nlp, AnnotatedText(self.name, text, entities)).relations

    @property
    def provenance(self) -> dict[str, Any]:
        """Which pipeline this is: its name, version, training seed, and the digest of its files."""
        return {
            "name": self._pipeline_name,
            "version": self.nlp.meta["version"],
            "seed": self.nlp.config.interpolate()["training"]["seed"],
            "sha256": pipeline_digest(Path(self.nlp.path)),
        }
