"""What the metrics compare: entities and relations that know their document."""

from __future__ import annotations

from typing import NamedTuple

from baogao.formats.annotated import AnnotatedText, RelationAnnotation, SpanAnnotation


class Entity(NamedTuple):
    """A labelled span of a document; offsets in code points, ``end`` exclusive."""

    doc: str
    start: int
    end: int
    label: str

    @property
    def bounds(self) -> tuple[str, int, int]:
        return (self.doc, self.start, self.end)


class Link(NamedTuple):
    """A directed relation between two entities of one document."""

    label: str
    head: Entity
    tail: Entity


def entities_of(doc: str, spans: list[SpanAnnotation]) -> set[Entity]:
    return {Entity(doc, *span) for span in spans}


def links_of(doc: str, relations: list[RelationAnnotation]) -> set[Link]:
    return {Link(r.label, Entity(doc, *r.head), Entity(doc, *r.tail)) for r in relations}


def items_of(annotated: AnnotatedText) -> tuple[set[Entity], set[Link]]:
    """Entities and relations of an annotated text, under its name."""
    return entities_of(annotated.name, annotated.spans), links_of(annotated.name, annotated.relations)
