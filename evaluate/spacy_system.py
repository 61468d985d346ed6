"""spaCy pipelines as systems of the benchmark."""

from __future__ import annotations

import sys
from pathlib import Path

import spacy
from spacy.language import Language
from spacy.tokens import Doc, Span

import baogao.relations  # noqa: F401  (registers doc._.relations)
from baogao.formats.annotated import RelationAnnotation, SpanAnnotation
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
    """

    def __init__(self, pipeline: str) -> None:
        self.nlp = spacy.load(pipeline)
        self.packages = ("spacy", "thinc", "numpy", *(name for name in _BACKENDS if name in sys.modules))
        self.name = "_".join((self.nlp.meta["lang"], self.nlp.meta["name"]))
        labels = {
            label
            for name in _pipes_that_assign(self.nlp, "doc.ents")
            for label in self.nlp.pipe_labels.get(name, ())
        }
        is_own = labels <= set(ENTITY_LABELS)
        self._labels = {label: label for label in ENTITY_LABELS} if is_own else ONTONOTES_TO_BAOGAO
        self.entity_labels = frozenset(self._labels.values())
        self.relation_labels = frozenset(
            RELATION_LABELS if _pipes_that_assign(self.nlp, "doc._.relations") else ()
        )

    def predict(self, text: str) -> Prediction:
        doc = self.nlp(text)
        entities = [
            SpanAnnotation(ent.start_char, ent.end_char, self._labels[ent.label_])
            for ent in doc.ents
            if ent.label_ in self._labels
        ]
        return Prediction(entities, _relations_of(doc))

    def predict_relations(self, text: str, entities: list[SpanAnnotation]) -> list[RelationAnnotation]:
        """Run every component but those that set ``doc.ents`` on a ``Doc`` that has the given entities.

        Raises ``ValueError`` for an entity that the pipeline's tokens cannot represent.
        """
        doc = self.nlp.make_doc(text)
        spans = [doc.char_span(start, end, label=label) for start, end, label in entities]
        if None in spans:
            start, end, label = entities[spans.index(None)]
            raise ValueError(f"{self.name}: no tokens for the {label} at {start}–{end}, {text[start:end]!r}")
        doc.ents = spans
        skipped = _pipes_that_assign(self.nlp, "doc.ents")
        for name, component in self.nlp.pipeline:
            if name not in skipped:
                doc = component(doc)
        return _relations_of(doc)

    @property
    def provenance(self) -> dict[str, str]:
        """Which pipeline this is: its name, version, and the digest of its files."""
        return {
            "name": self.name,
            "version": self.nlp.meta["version"],
            "sha256": pipeline_digest(Path(self.nlp.path)),
        }


def _pipes_that_assign(nlp: Language, attribute: str) -> list[str]:
    return [name for name in nlp.pipe_names if attribute in nlp.get_pipe_meta(name).assigns]


def _relations_of(doc: Doc) -> list[RelationAnnotation]:
    return [RelationAnnotation(r.label, _annotation(r.head), _annotation(r.tail)) for r in doc._.relations]


def _annotation(span: Span) -> SpanAnnotation:
    return SpanAnnotation(span.start_char, span.end_char, span.label_)
