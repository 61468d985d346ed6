"""Annotations as a spaCy ``Doc`` and back."""

from __future__ import annotations

from spacy.language import Language
from spacy.tokens import Doc

from ..relations import Relation, get_relations, set_relations
from .annotated import AnnotatedText, AnnotationError, RelationAnnotation, SpanAnnotation


def to_doc(nlp: Language, annotated: AnnotatedText) -> Doc:
    """A ``Doc`` with entities and ``doc._.relations``.

    Raises ``AnnotationError`` when a span does not begin and end with a token or overlaps another, and for
    relations of spans that are missing.
    """
    doc = nlp.make_doc(annotated.text)
    spans = {}
    for annotation in annotated.spans:
        span = doc.char_span(annotation.start, annotation.end, label=annotation.label)
        if span is None:
            raise AnnotationError(
                f"{annotated.name}: {annotation.label} {annotated.covered(annotation)!r} at "
                f"{annotation.start} does not begin and end with a token"
            )
        spans[annotation] = span
    try:
        doc.set_ents(list(spans.values()))
    except ValueError as error:
        raise AnnotationError(f"{annotated.name}: overlapping spans: {error}") from error
    for label, *ends in annotated.relations:
        if missing := set(ends) - spans.keys():
            raise AnnotationError(f"{annotated.name}: {label} joins {missing.pop()}, which is not there")
    set_relations(doc, (Relation(r.label, spans[r.head], spans[r.tail]) for r in annotated.relations))
    return doc


def from_doc(doc: Doc, name: str = "") -> AnnotatedText:
    """The entities and relations of a ``Doc``."""

    def annotation(span) -> SpanAnnotation:
        return SpanAnnotation(span.start_char, span.end_char, span.label_)

    return AnnotatedText(
        name=name,
        text=doc.text,
        spans=[annotation(ent) for ent in doc.ents],
        relations=[
            RelationAnnotation(r.label, annotation(r.head), annotation(r.tail)) for r in get_relations(doc)
        ],
    )
