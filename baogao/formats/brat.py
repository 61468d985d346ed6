"""brat standoff: annotations in an ``.ann`` file beside the text file they count offsets in.

    T1	BODY 0 3	常委会
    R1	QUANTITY_OF Arg1:T5 Arg2:T4

Offsets are code points of the text file, the end exclusive. Format: https://brat.nlplab.org/standoff.html,
of which text-bound spans (``T``) and binary relations (``R``) are read, and notes (``#``) skipped.
Whatever else brat knows (events, attributes, discontinuous spans, …) has no place in an ``AnnotatedText``
and is refused.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from .annotated import AnnotatedText, AnnotationError, RelationAnnotation, SpanAnnotation
from .files import read_text, write_text

_IDENTIFIER = re.compile("[TR][0-9]+")
_SPAN_LINE = re.compile(r"T[0-9]+\t(\S+) ([0-9]+) ([0-9]+)\t(.*)")
_DISCONTINUOUS_LINE = re.compile(r"T[0-9]+\t\S+ [0-9]+ [0-9]+(;[0-9]+ [0-9]+)+\t.*")
_RELATION_LINE = re.compile(r"R[0-9]+\t(\S+) Arg1:(T[0-9]+) Arg2:(T[0-9]+)\s*")


class Problem(NamedTuple):
    """Something wrong with one line of an ``.ann`` file; lines count from 1."""

    line: int
    cause: str


@dataclass
class BratRecords:
    """The content of an ``.ann`` file by id, the line of each id, and the lines that could not be read."""

    spans: dict[str, SpanAnnotation] = field(default_factory=dict)
    relations: dict[str, RelationAnnotation] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def parse_brat(content: str, text: str) -> BratRecords:
    """Read the content of an ``.ann`` file against the text it annotates. Bad lines become ``problems``."""
    records = BratRecords()
    relation_lines: list[tuple[str, str]] = []  # read last: brat lets a relation stand before its spans
    for number, line in enumerate(content.split("\n"), 1):
        line = line.removesuffix("\r")
        if not line or line.startswith("#"):
            continue
        identifier = line.partition("\t")[0]
        if not _IDENTIFIER.fullmatch(identifier):
            records.problems.append(Problem(number, f"neither a span nor a relation: {line!r}"))
            continue
        if identifier in records.lines:
            first = records.lines[identifier]
            records.problems.append(Problem(number, f"id {identifier} is already taken by line {first}"))
            continue
        records.lines[identifier] = number
        if identifier.startswith("R"):
            relation_lines.append((identifier, line))
            continue
        try:
            records.spans[identifier] = _parse_span(line, text)
        except ValueError as error:
            records.problems.append(Problem(number, str(error)))
    for identifier, line in relation_lines:
        try:
            relation = _parse_relation(line, records)
        except ValueError as error:
            records.problems.append(Problem(records.lines[identifier], str(error)))
        else:
            if relation is not None:
                records.relations[identifier] = relation
    records.problems.sort()
    return records


def read_brat(path: Path, text_path: Path) -> AnnotatedText:
    """Read an ``.ann`` file and the text it annotates.

    Raises ``AnnotationError`` for the first line that cannot be read: neither a span nor a relation, offsets
    out of range, a covered text that differs from the text file, an id that is unknown or taken twice.
    """
    content, text = read_text(path), read_text(text_path)
    records = parse_brat(content, text)
    if records.problems:
        line, cause = records.problems[0]
        raise AnnotationError(f"{path}:{line}: {cause}")
    return AnnotatedText(path.stem, text, list(records.spans.values()), list(records.relations.values()))


def write_brat(annotated: AnnotatedText, path: Path) -> None:
    """Write the spans and relations of a text, numbered in their order, as an ``.ann`` file.

    Raises ``AnnotationError`` for spans that the format cannot hold and relations of spans that are missing.
    """
    identifiers: dict[SpanAnnotation, str] = {}
    lines = []
    for number, span in enumerate(annotated.spans, 1):
        if cause := _offset_problem(span, annotated.text):
            raise AnnotationError(f"{path}: cannot write {annotated.name}: {cause}")
        identifiers[span] = f"T{number}"
        lines.append(f"T{number}\t{span.label} {span.start} {span.end}\t{annotated.covered(span)}\n")
    for number, (label, head, tail) in enumerate(annotated.relations, 1):
        if missing := {head, tail} - identifiers.keys():
            raise AnnotationError(
                f"{path}: cannot write {annotated.name}: {label} joins {missing.pop()}, which is not there"
            )
        lines.append(f"R{number}\t{label} Arg1:{identifiers[head]} Arg2:{identifiers[tail]}\n")
    write_text(path, "".join(lines))


def _parse_span(line: str, text: str) -> SpanAnnotation:
    match = _SPAN_LINE.fullmatch(line)
    if match is None:
        if _DISCONTINUOUS_LINE.fullmatch(line):
            raise ValueError("discontinuous spans are not supported")
        raise ValueError(f"not a span: {line!r}")
    label, start, end, covered = match.groups()
    span = SpanAnnotation(int(start), int(end), label)
    if cause := _offset_problem(span, text):
        raise ValueError(cause)
    if covered != text[span.start : span.end]:
        raise ValueError(f"covers {text[span.start : span.end]!r} in the text file, not {covered!r}")
    return span


def _offset_problem(span: SpanAnnotation, text: str) -> str | None:
    if not 0 <= span.start < span.end <= len(text):
        return f"offsets {span.start} {span.end} are out of range (the text has {len(text)} characters)"
    if "\n" in text[span.start : span.end]:
        return f"the span {span.start} {span.end} crosses a line break"
    return None


def _parse_relation(line: str, records: BratRecords) -> RelationAnnotation | None:
    """``None`` where the line is good but an argument's own line is not, which is reported there."""
    match = _RELATION_LINE.fullmatch(line)
    if match is None:
        raise ValueError(f"not a binary relation: {line!r}")
    label, *arguments = match.groups()
    for argument in arguments:
        if argument not in records.lines:
            raise ValueError(f"unknown id {argument}")
        if argument not in records.spans:
            return None
    head, tail = (records.spans[argument] for argument in arguments)
    return RelationAnnotation(label, head, tail)
