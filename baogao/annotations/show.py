"""Show an annotated report in colour: in the terminal (rich) or as a web page (displaCy)."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from rich.text import Text

from ..formats import AnnotatedText, RelationAnnotation, SpanAnnotation

# Light enough for black text on them, apart enough to tell neighbours in a sentence from each other.
COLOURS: dict[str, str] = {
    "BODY": "#9ecbff",
    "COUNT": "#ffd166",
    "ITEM": "#b7e4a0",
    "DATE": "#e0c3fc",
    "SLOGAN": "#ffadad",
    "PROGRAM": "#8ee3d8",
    "MEETING": "#f7b2e6",
    "DOCUMENT": "#ffc8a2",
    "PERSON": "#d9d9d9",
    "PLACE": "#e4e48a",
}

_PAGE = """<!DOCTYPE html>
<html lang="zh">
<head>
<meta charset="utf-8">
<title>{title}</title>
<style>
body {{ max-width: 60rem; margin: 3rem auto; padding: 0 1rem; font-family: sans-serif; }}
ul.relations {{ color: #555; font-size: 0.9em; }}
</style>
</head>
<body>
<h1>{title}</h1>
{paragraphs}
</body>
</html>
"""


def render_terminal(annotated: AnnotatedText) -> Iterator[Text]:
    """One rich ``Text`` for each paragraph, its relations below it.

    Spans stand in brackets with their label, so that they show without colours too.
    """
    for paragraph, start, spans, relations in _paragraphs(annotated):
        text = Text()
        position = 0
        for span in spans:
            text.append(paragraph[position : span.start - start])
            text.append(f"[{annotated.covered(span)}|{span.label}]", style=_style(span.label))
            position = span.end - start
        text.append(paragraph[position:])
        for relation in relations:
            text.append(f"\n    {_describe(relation, annotated)}", style="dim")
        yield text


def render_html(annotated: AnnotatedText) -> str:
    """A whole web page; text from the report is escaped."""
    from spacy.displacy import render  # here, because it takes a second and the terminal does without

    parts = []
    for paragraph, start, spans, relations in _paragraphs(annotated):
        ents = [{"start": s.start - start, "end": s.end - start, "label": escape(s.label)} for s in spans]
        example = {"text": paragraph, "ents": ents}
        parts.append(
            render(example, style="ent", manual=True, minify=True, jupyter=False, options={"colors": COLOURS})
        )
        if relations:
            items = "".join(f"<li>{escape(_describe(relation, annotated))}</li>" for relation in relations)
            parts.append(f'<ul class="relations">{items}</ul>')
    return _PAGE.format(title=escape(annotated.name), paragraphs="\n".join(parts))


def _style(label: str) -> str:
    return f"black on {COLOURS[label]}" if label in COLOURS else "reverse"


def _paragraphs(
    annotated: AnnotatedText,
) -> Iterator[tuple[str, int, list[SpanAnnotation], list[RelationAnnotation]]]:
    """Each paragraph, where it starts, its spans, and the relations whose head is one of them."""
    start = 0
    for paragraph in annotated.text.split("\n"):
        end = start + len(paragraph)
        spans = [span for span in annotated.spans if start <= span.start < span.end <= end]
        relations = [relation for relation in annotated.relations if start <= relation.head.start < end]
        yield paragraph, start, spans, sorted(relations, key=lambda relation: relation.head)
        start = end + 1


def _describe(relation: RelationAnnotation, annotated: AnnotatedText) -> str:
    return f"{relation.label}: {annotated.covered(relation.head)} > {annotated.covered(relation.tail)}"
