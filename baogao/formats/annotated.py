"""The one intermediate form that every annotation format is read into and written from."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple


class AnnotationError(ValueError):
    """An annotation file that cannot be read. The message names file, line and cause."""


class SpanAnnotation(NamedTuple):
    """A labelled stretch of text; ``start`` and ``end`` (exclusive) count code points."""

    start: int
    end: int
    label: str


class RelationAnnotation(NamedTuple):
    """A directed, labelled link between two spans of the same text."""

    label: str
    head: SpanAnnotation
    tail: SpanAnnotation


@dataclass
class AnnotatedText:
    """A text with its spans and relations, each sorted and without repeats.

    ``text`` has one paragraph per line and no final line break.
    """

    name: str
    text: str
    spans: list[SpanAnnotation] = field(default_factory=list)
    relations: list[RelationAnnotation] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.spans = sorted(set(self.spans))
        self.relations = sorted(set(self.relations))

    def covered(self, span: SpanAnnotation) -> str:
        """The text of a span."""
        return self.text[span.start : span.end]
