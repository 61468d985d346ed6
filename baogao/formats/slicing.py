"""Cut an annotated text along its paragraphs."""

from __future__ import annotations

from collections.abc import Iterator

from .annotated import AnnotatedText, RelationAnnotation, SpanAnnotation


def paragraph_groups(annotated: AnnotatedText, characters: int) -> Iterator[AnnotatedText]:
    """Consecutive whole paragraphs, in groups that end with the first paragraph to reach so many characters.

    Spans and relations lie within a paragraph, so none is lost.
    """
    begin, position = 0, 0
    for line in annotated.text.split("\n"):
        position += len(line) + 1
        if position - begin > characters:
            yield cut(annotated, begin, position - 1)
            begin = position
    if begin < len(annotated.text):
        yield cut(annotated, begin, len(annotated.text))


def cut(annotated: AnnotatedText, start: int, end: int) -> AnnotatedText:
    """The text from ``start`` to ``end``, with the spans and relations that lie within."""

    def shift(span: SpanAnnotation) -> SpanAnnotation:
        return SpanAnnotation(span.start - start, span.end - start, span.label)

    inside = {span for span in annotated.spans if start <= span.start and span.end <= end}
    return AnnotatedText(
        name=annotated.name,
        text=annotated.text[start:end],
        spans=[shift(span) for span in inside],
        relations=[
            RelationAnnotation(r.label, shift(r.head), shift(r.tail))
            for r in annotated.relations
            if r.head in inside and r.tail in inside
        ],
    )
