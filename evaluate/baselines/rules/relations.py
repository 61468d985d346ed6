"""Relations between given entities: for each, the nearest span that the schema and the clause allow."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator

from baogao.formats.annotated import RelationAnnotation, SpanAnnotation
from evaluate.baselines.rules import lexicon

_SENTENCE_END = re.compile(r"[。!?\n]")
_CLAUSE_END = re.compile(r"[,;:。!?\n]")
_ISSUING = re.compile("|".join(lexicon.ISSUING_VERBS))
_SUBJECT_BEFORE = re.compile(r"(?:^|[,;:。!?\n]|\s)$")
_NO_SUBJECT_AFTER = re.compile(r"[的、和及]|工作|党组|领导|决策|部署|要求")


def find_relations(text: str, entities: list[SpanAnnotation]) -> list[RelationAnnotation]:
    """Relations between the entities of a text, each within its sentence."""
    ends = [match.end() for match in _SENTENCE_END.finditer(text)]
    sentences: dict[int, list[SpanAnnotation]] = {}
    for entity in sorted(entities):
        sentences.setdefault(bisect_right(ends, entity.start), []).append(entity)
    found: list[RelationAnnotation] = []
    for spans in sentences.values():
        for rule in (_quantities, _agents, _times, _issuers, _subsets):
            found += rule(text, spans)
    return found


def _with_label(spans: Iterable[SpanAnnotation], *labels: str) -> list[SpanAnnotation]:
    return [span for span in spans if span.label in labels]


def _gap(a: SpanAnnotation, b: SpanAnnotation) -> tuple[int, int]:
    return (a.end, b.start) if a.start < b.start else (b.end, a.start)


def _quantities(text: str, spans: list[SpanAnnotation]) -> Iterator[RelationAnnotation]:
    """A count measures the item right after it, else the nearest before it and those joined to that."""
    items = _with_label(spans, "ITEM")
    for count in _with_label(spans, "COUNT"):
        in_clause = [item for item in items if not _CLAUSE_END.search(text, *_gap(count, item))]
        after = [i for i in in_clause if i.start >= count.end and "、" not in text[count.end : i.start]]
        before = [i for i in in_clause if i.end <= count.start]
        if after and (after[0].start - count.end <= 1 or not before):
            yield RelationAnnotation("QUANTITY_OF", count, after[0])
        elif before:
            target = before.pop()
            yield RelationAnnotation("QUANTITY_OF", count, target)
            while before and text[before[-1].end : target.start] in ("、", "和", "及"):
                target = before.pop()
                yield RelationAnnotation("QUANTITY_OF", count, target)


def _agents(text: str, spans: list[SpanAnnotation]) -> Iterator[RelationAnnotation]:
    """The agent of an item is the nearest body before it that opens a clause or follows a date."""
    date_ends = {span.end for span in _with_label(spans, "DATE")}
    subjects = [
        body
        for body in _with_label(spans, "BODY")
        if (_SUBJECT_BEFORE.search(text[max(0, body.start - 1) : body.start]) or body.start in date_ends)
        and not _NO_SUBJECT_AFTER.match(text, body.end)
    ]
    for item in _with_label(spans, "ITEM"):
        if before := [body for body in subjects if body.end <= item.start]:
            yield RelationAnnotation("AGENT", item, before[-1])


def _times(text: str, spans: list[SpanAnnotation]) -> Iterator[RelationAnnotation]:
    """A date governs the items that follow it in the sentence, up to the next date."""
    dates = _with_label(spans, "DATE")
    for item in _with_label(spans, "ITEM"):
        if before := [date for date in dates if date.end <= item.start]:
            yield RelationAnnotation("TIME", item, before[-1])


def _issuers(text: str, spans: list[SpanAnnotation]) -> Iterator[RelationAnnotation]:
    """A body issues the document that follows it directly, or after an issuing verb in its clause."""
    bodies = _with_label(spans, "BODY")
    for document in _with_label(spans, "DOCUMENT"):
        for body in reversed(bodies):
            between = text[body.end : document.start]
            if body.end <= document.start and not _CLAUSE_END.search(between):
                if between == "《" or _ISSUING.search(between):
                    yield RelationAnnotation("ISSUED_BY", document, body)
                break


def _subsets(text: str, spans: list[SpanAnnotation]) -> Iterator[RelationAnnotation]:
    """After 其中, counts are parts of the last count before it."""
    counts = _with_label(spans, "COUNT")
    if not counts:
        return
    mark = text.find("其中", counts[0].end, counts[-1].start)
    if mark < 0:
        return
    whole = [count for count in counts if count.end <= mark][-1]
    for part in counts:
        if part.start > mark:
            yield RelationAnnotation("SUBSET_OF", part, whole)
