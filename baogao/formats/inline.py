"""The inline form: every span wrapped in place, the relations of a paragraph in a line below it.

    ⟦常委会|BODY:1⟧召开⟦常委会会议|ITEM:2⟧⟦7次|COUNT:3⟧,深刻领悟“⟦两个确立|SLOGAN⟧”。
    @ QUANTITY_OF 3>2; AGENT 2>1

A span in a relation has an id that is unique in its paragraph (``annotations/GUIDELINES.md``, section 11).
Without the markup the file is the text itself, one paragraph per line.
"""

from __future__ import annotations

import re
from pathlib import Path

from .annotated import AnnotatedText, AnnotationError, RelationAnnotation, SpanAnnotation
from .files import read_text, write_text

_SPAN = re.compile(r"⟦([^⟦⟧]+)\|([A-Z_]+)(?::([0-9]+))?⟧")
_RELATION = re.compile(r"\s*([A-Z_]+)\s+([0-9]+)\s*>\s*([0-9]+)\s*")
_RELATION_LINE_START = "@ "


def read_inline(path: Path, text_path: Path | None = None) -> AnnotatedText:
    """Read an inline file; with ``text_path``, make sure that it annotates exactly that text.

    Raises ``AnnotationError`` for the first line with broken markup, an id that is unknown or used twice in
    its paragraph, or another text.
    """
    paragraphs: list[str] = []
    spans: list[SpanAnnotation] = []
    relations: list[RelationAnnotation] = []
    source = None if text_path is None else read_text(text_path).split("\n")
    offset = 0
    ids: dict[str, SpanAnnotation] = {}
    for number, line in enumerate(read_text(path).split("\n"), 1):
        try:
            if line.startswith(_RELATION_LINE_START):
                relations += _parse_relations(line, ids)
                continue
            paragraph, found, ids = _parse_paragraph(line, offset)
            if source is not None:
                _check_paragraph(paragraph, source, len(paragraphs))
        except ValueError as error:
            raise AnnotationError(f"{path}:{number}: {error}") from error
        paragraphs.append(paragraph)
        spans += found
        offset += len(paragraph) + 1
    if source is not None and len(paragraphs) < len(source):
        raise AnnotationError(
            f"{path}: has only {len(paragraphs)} of the {len(source)} paragraphs of {text_path}"
        )
    return AnnotatedText(path.stem, "\n".join(paragraphs), spans, relations)


def write_inline(annotated: AnnotatedText, path: Path) -> None:
    """Write a text with its spans and relations in the inline form, ids numbered by position.

    Raises ``AnnotationError`` for what the form cannot hold: overlapping spans, spans or relations across
    paragraphs, a text that contains the markup.
    """
    if re.search("[⟦⟧]", annotated.text):
        raise AnnotationError(f"{path}: cannot write {annotated.name}: its text contains ⟦ or ⟧")
    in_relations = {span for relation in annotated.relations for span in (relation.head, relation.tail)}
    lines, start, written = [], 0, 0
    for number, paragraph in enumerate(annotated.text.split("\n"), 1):
        end = start + len(paragraph)
        spans = [span for span in annotated.spans if start <= span.start < span.end <= end]
        ids = {span: i for i, span in enumerate((s for s in spans if s in in_relations), 1)}
        try:
            line = _format_paragraph(paragraph, start, spans, ids)
        except ValueError as error:
            raise AnnotationError(
                f"{path}: cannot write {annotated.name}, paragraph {number}: {error}"
            ) from error
        lines.append(line)
        relations = [r for r in annotated.relations if r.head in ids and r.tail in ids]
        if relations:
            parts = (f"{label} {ids[head]}>{ids[tail]}" for label, head, tail in relations)
            lines.append(_RELATION_LINE_START + "; ".join(parts))
        written += len(spans) + len(relations)
        start = end + 1
    if written != len(annotated.spans) + len(annotated.relations):
        raise AnnotationError(
            f"{path}: cannot write {annotated.name}: a span or relation is not within a paragraph"
        )
    write_text(path, "\n".join(lines) + "\n")


def _parse_paragraph(line: str, offset: int) -> tuple[str, list[SpanAnnotation], dict[str, SpanAnnotation]]:
    """The plain paragraph, its spans (offsets from ``offset``), and those of them with an id."""
    plain, position = "", 0
    spans: list[SpanAnnotation] = []
    ids: dict[str, SpanAnnotation] = {}
    for match in _SPAN.finditer(line):
        covered, label, identifier = match.groups()
        plain += line[position : match.start()]
        start = offset + len(plain)
        span = SpanAnnotation(start, start + len(covered), label)
        plain += covered
        position = match.end()
        spans.append(span)
        if identifier in ids:
            raise ValueError(f"id {identifier} is used twice in the paragraph")
        if identifier is not None:
            ids[identifier] = span
    plain += line[position:]
    if broken := re.search("[⟦⟧].{0,15}", plain):
        raise ValueError(f"broken markup at {broken[0]!r}")
    return plain, spans, ids


def _parse_relations(line: str, ids: dict[str, SpanAnnotation]) -> list[RelationAnnotation]:
    relations = []
    for part in line.removeprefix(_RELATION_LINE_START).split(";"):
        match = _RELATION.fullmatch(part)
        if match is None:
            raise ValueError(f"not a relation: {part!r}")
        label, *arguments = match.groups()
        for argument in arguments:
            if argument not in ids:
                raise ValueError(f"unknown id {argument} in {part.strip()!r}")
        head, tail = (ids[argument] for argument in arguments)
        relations.append(RelationAnnotation(label, head, tail))
    return relations


def _check_paragraph(paragraph: str, source: list[str], index: int) -> None:
    if index >= len(source):
        raise ValueError(f"more than the {len(source)} paragraphs of the text file")
    wanted = source[index]
    if paragraph == wanted:
        return
    pairs = zip(paragraph, wanted, strict=False)
    at = next((i for i, (a, b) in enumerate(pairs) if a != b), min(len(paragraph), len(wanted)))
    around = slice(max(0, at - 8), at + 12)
    raise ValueError(
        f"differs from paragraph {index + 1} of the text file at character {at + 1}: "
        f"{paragraph[around]!r}, not {wanted[around]!r}"
    )


def _format_paragraph(
    paragraph: str, offset: int, spans: list[SpanAnnotation], ids: dict[SpanAnnotation, int]
) -> str:
    parts, position = [], 0
    for span in spans:
        start, end = span.start - offset, span.end - offset
        if start < position:
            raise ValueError(f"{paragraph[start:end]!r} overlaps the span before it")
        identifier = f":{ids[span]}" if span in ids else ""
        parts += [paragraph[position:start], f"⟦{paragraph[start:end]}|{span.label}{identifier}⟧"]
        position = end
    line = "".join(parts) + paragraph[position:]
    if line.startswith(_RELATION_LINE_START):
        raise ValueError("a paragraph that begins with '@ ' would be read as relations")
    return line
