"""Check an ``.ann`` file: that it can be read, and what the guidelines say that a program can see.

Rule numbers are sections of ``annotations/GUIDELINES.md``.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from pathlib import Path

from ..formats import AnnotationError, RelationAnnotation, SpanAnnotation
from ..formats.brat import BratRecords, Problem, parse_brat
from ..formats.files import read_text
from ..schema import ENTITY_LABELS, RELATIONS

# Rule 0.3: quotation marks, title marks and brackets, in both widths.
# Full-width marks as escapes: a text normalised to ASCII punctuation must not lose them here.
_CLOSING_OF = dict(zip('“‘「『《〈(\uff08[【"', '”’」』》〉)\uff09]】"', strict=True))
_DELIMITERS = frozenset(_CLOSING_OF) | frozenset(_CLOSING_OF.values())

# Rule 0.4: what ends a clause, in both widths, and the labels whose own text may contain it.
# Not the comma of 1,234.
_CLAUSE_END = re.compile(
    "(?<![0-9])[,\uff0c]|[,\uff0c](?![0-9]{3}(?![0-9]))|[。;\uff1b:\uff1a!\uff01?\uff1f]"
)
_MAY_CROSS_CLAUSES = frozenset({"DOCUMENT", "SLOGAN", "PROGRAM"})

# Section 10: these are read off one sentence; a QUANTITY_OF or ISSUED_BY only off one paragraph.
_SENTENCE_END = re.compile("[。!\uff01?\uff1f\n]")
_WITHIN_SENTENCE = frozenset({"AGENT", "TIME", "SUBSET_OF"})


def check_file(path: Path, text_path: Path) -> tuple[BratRecords, list[Problem]]:
    """What could be read of an ``.ann`` file, and every problem found in it, sorted by line.

    Raises ``AnnotationError`` if one of the two files cannot be read at all.
    """
    if path.suffix != ".ann":
        raise AnnotationError(f"{path}: not an .ann file")
    content, text = read_text(path), read_text(text_path)
    records = parse_brat(content, text)
    problems = {*records.problems, *_span_problems(records, text), *_relation_problems(records, text)}
    return records, sorted(problems)


def _span_problems(records: BratRecords, text: str) -> Iterator[Problem]:
    counted = {r.tail for r in records.relations.values() if r.label == "QUANTITY_OF"}
    for identifier, span in records.spans.items():
        line, covered = records.lines[identifier], text[span.start : span.end]
        if span.label not in ENTITY_LABELS:
            yield Problem(line, f"unknown label {span.label}")
        if covered != covered.strip():
            yield Problem(line, f"space at the edge of {covered!r} (0.3)")
        if delimiter := _stray_delimiter(covered):
            yield Problem(line, f"delimiter {delimiter} at the edge of {covered!r} (0.3)")
        if span.label not in _MAY_CROSS_CLAUSES and (mark := _CLAUSE_END.search(covered)):
            yield Problem(line, f"{span.label} {covered!r} crosses {mark[0]!r} (0.4)")
        if span.label == "ITEM" and span not in counted:
            yield Problem(line, f"ITEM {covered!r} has no QUANTITY_OF (3)")
    in_order = sorted(records.spans.items(), key=lambda entry: entry[1])
    farthest_id, farthest = None, 0  # the span so far that ends last
    for span_id, span in in_order:
        if span.start < farthest:
            covered = text[span.start : span.end]
            yield Problem(records.lines[span_id], f"{span_id} {covered!r} overlaps {farthest_id} (0.2)")
        if span.end > farthest:
            farthest_id, farthest = span_id, span.end


def _stray_delimiter(covered: str) -> str | None:
    """A delimiter at an edge whose partner is not inside the span, or whose pair wraps the whole span.

    ``“十四五”规划`` and ``镇(街道)`` are as they should be, ``“十四五``, ``十四五”``, ``“十四五”`` are not.
    """
    partners = _partners(covered)
    last = len(covered) - 1
    for edge in (0, last):
        if covered[edge] in _DELIMITERS and (edge not in partners or partners.get(0) == last):
            return covered[edge]
    return None


def _partners(covered: str) -> dict[int, int]:
    """Positions of delimiters that pair up, each to the other."""
    partners: dict[int, int] = {}
    unclosed: list[int] = []
    for position, char in enumerate(covered):
        if unclosed and _CLOSING_OF[covered[unclosed[-1]]] == char:
            opening = unclosed.pop()
            partners |= {opening: position, position: opening}
        elif char in _CLOSING_OF:
            unclosed.append(position)
    return partners


def _relation_problems(records: BratRecords, text: str) -> Iterator[Problem]:
    paragraph_ends = [match.start() for match in re.finditer("\n", text)]
    inside = {i for span in records.spans.values() for i in range(span.start, span.end)}
    sentence_ends = [m.start() for m in _SENTENCE_END.finditer(text) if m.start() not in inside]
    seen: dict[RelationAnnotation, str] = {}
    for identifier, relation in records.relations.items():
        line, (label, head, tail) = records.lines[identifier], relation
        if label not in RELATIONS:
            yield Problem(line, f"unknown relation {label}")
        elif not RELATIONS[label].admits(head.label, tail.label):
            yield Problem(line, f"{label} cannot join {head.label} > {tail.label}")
        if head == tail:
            yield Problem(line, f"{label} joins {text[head.start : head.end]!r} to itself")
        if relation in seen:
            yield Problem(line, f"the same relation as {seen[relation]}")
        seen.setdefault(relation, identifier)
        if _parted(head, tail, paragraph_ends):
            yield Problem(line, f"{label} leaves the paragraph (10)")
        elif label in _WITHIN_SENTENCE and _parted(head, tail, sentence_ends):
            yield Problem(line, f"{label} leaves the sentence (10)")


def _parted(head: SpanAnnotation, tail: SpanAnnotation, ends: list[int]) -> bool:
    return bisect_right(ends, head.start) != bisect_right(ends, tail.start)
