"""From entities and relations to records.

The rules, where a relation does not say it:

* **body**: an item without an agent is the reporting body's, flagged as inferred, unless its clause begins
  with another body or names a person first. Documents, programmes and meetings get none: a law that is
  cited was not made by the report's body.
* **period**: a counted item without a date has that of its section's heading (``2022年工作回顾``), in a report
  without such headings that of its title (``2022年工作回眸``), flagged as inferred, unless the sentence speaks of
  another time (``换届以来``, ``累计``, a date outside the section's).
* **place** and **document**: only where exactly one stands in the clause before the anchor, after a word
  that says what it is for (``在涉县召开…``, ``根据《监督法》…``).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from spacy.tokens import Doc, Span

from ..doc_strings import document_text, simplified
from ..normalise.bodies import UNRESOLVED
from ..normalise.counts import normalise_count
from ..normalise.dates import DateValue, normalise_date
from ..normalise.places import resolve_place
from ..normalise.slogans import resolve_slogan
from ..relations import Relation, get_relations
from .actions import action_before, is_action
from .record import BodyRef, CountValue, Period, Record, RecordKind
from .report import report_of
from .scope import TextScope

_UNCOUNTED: dict[str, RecordKind] = {
    "DOCUMENT": "document",
    "PROGRAM": "programme",
    "MEETING": "meeting",
    "SLOGAN": "slogan",
}
# Not `创历年新高`, which compares the year with others.
_OTHER_TIME = re.compile("以来|累计|届内|任期|本届|历年(?!来?的?(?:新[高低]|之?最))")
_COORDINATION = re.compile(r"[、和及与以并暨”’》\"\s]*")
_BEFORE_PLACE = re.compile("[在于赴到]$")
_BEFORE_DOCUMENT = re.compile(r"(?:根据|依据|依照|按照|遵照|落实|对)[《“‘\"]?$")

Key = tuple[int, int, str]


def build_ledger(doc: Doc) -> list[Record]:
    """The records that the entities and relations of a ``Doc`` make, in text order.

    Raises pydantic's ``ValidationError`` if ``doc._.report`` is not what ``Report`` takes.
    """
    return _Ledger(doc).records()


class _Ledger:
    def __init__(self, doc: Doc) -> None:
        self.original = document_text(doc)
        # What the rules read; traditional characters would pass them by.
        self.text = simplified(self.original, doc.vocab)
        self.ents = sorted(doc.ents)
        self.scope = TextScope(self.text, [(ent.start_char, ent.end_char) for ent in self.ents])
        self.report = report_of(doc)
        self.relations: dict[tuple[str, Key], list[Relation]] = defaultdict(list)
        for relation in get_relations(doc):
            self.relations[relation.label, _key(relation.head)].append(relation)
        self.dates = self._read_dates()
        self.by_clause: dict[tuple[int, int], list[Span]] = defaultdict(list)
        self.dates_by_sentence: dict[int, list[Span]] = defaultdict(list)
        for ent in self.ents:
            self.by_clause[self.scope.clause(ent.start_char)].append(ent)
            if ent.label_ == "DATE":
                self.dates_by_sentence[self.scope.sentence(ent.start_char).start].append(ent)

    def records(self) -> list[Record]:
        pairs = [(ent, relation) for ent in self.ents for relation in self._of("QUANTITY_OF", ent)]
        counted = {_key(relation.tail) for _, relation in pairs}
        anchors: list[tuple[Span, Span, Relation | None]] = [(c, r.tail, r) for c, r in pairs]
        anchors += [(e, e, None) for e in self.ents if e.label_ in _UNCOUNTED and _key(e) not in counted]
        anchors.sort(key=lambda row: (row[0].start, row[1].start))

        ids = [f"r{number}" for number in range(1, len(anchors) + 1)]
        totals: dict[Key, list[tuple[str, str]]] = defaultdict(list)
        for record_id, (anchor, item, _) in zip(ids, anchors, strict=True):
            totals[_key(anchor)].append((record_id, item.text))
        records: list[Record] = []
        for record_id, (anchor, item, relation) in zip(ids, anchors, strict=True):
            if relation is None:
                records.append(self._mention(record_id, anchor))
            else:
                records.append(self._counted(record_id, anchor, item, relation, totals, records))
        return records

    def _mention(self, record_id: str, ent: Span) -> Record:
        """A record of a document, programme, meeting or slogan that is not itself counted."""
        made_by = self._of("ISSUED_BY" if ent.label_ == "DOCUMENT" else "AGENT", ent)
        times = self._of("TIME", ent)
        return Record(
            id=record_id,
            kind=_UNCOUNTED[ent.label_],
            item=ent.text,
            body=self._body(made_by),
            period=self._period(times),
            document=ent.text if ent.label_ == "DOCUMENT" else None,
            slogan_id=resolve_slogan(self._plain(ent)).id if ent.label_ == "SLOGAN" else None,
            confidence=_confidence([ent], [*made_by, *times[:1]]),
            **self._evidence(ent),
        )

    def _counted(
        self,
        record_id: str,
        count: Span,
        item: Span,
        relation: Relation,
        totals: dict[Key, list[tuple[str, str]]],
        before: Sequence[Record],
    ) -> Record:
        is_document = item.label_ == "DOCUMENT"
        agents = self._of("ISSUED_BY" if is_document else "AGENT", item)
        times, shares = self._of("TIME", item), self._shares(count)
        body, period = self._body(agents), self._period(times)
        inferred = []
        if body is None and not is_document and (body := self._reporting_body(count, item)):
            inferred.append("body")
        if period is None and (period := self._section_period(count)):
            inferred.append("period")
        place = self._only_one("PLACE", _BEFORE_PLACE, count, item)
        resolved = resolve_place(self._plain(place), self.report.body.place_code) if place else None
        document = item if is_document else self._only_one("DOCUMENT", _BEFORE_DOCUMENT, count, item)
        return Record(
            id=record_id,
            kind="document" if is_document else "activity",
            item=item.text,
            action=self._action(count, item, before),
            body=body,
            count=CountValue(text=count.text, **normalise_count(self._plain(count)).model_dump()),
            share_of=_total_of(totals, shares, item.text),
            period=period,
            place=place.text if place else None,
            place_code=resolved.code if resolved else None,
            document=document.text if document else None,
            confidence=_confidence([count, item], [relation, *agents, *times[:1], *shares[:1]]),
            inferred=tuple(inferred),
            **self._evidence(count),
        )

    def _plain(self, span: Span) -> str:
        """The span's text in simplified characters."""
        return self.text[span.start_char : span.end_char]

    def _of(self, label: str, head: Span) -> list[Relation]:
        """Relations from a span, the surest first, of equally sure ones the nearest."""

        def rank(relation: Relation) -> tuple[float, int]:
            return -relation.score, abs(relation.tail.start - head.start)

        return sorted(self.relations.get((label, _key(head)), ()), key=rank)

    def _shares(self, count: Span) -> list[Relation]:
        """SUBSET_OF from a count, without what cannot be: a part of its own part, or above its total."""
        shares = []
        for relation in self._of("SUBSET_OF", count):
            total = relation.tail
            mutual = any(_key(r.tail) == _key(count) for r in self._of("SUBSET_OF", total))
            if not (mutual and count.start <= total.start) and not _exceeds(
                self._plain(count), self._plain(total)
            ):
                shares.append(relation)
        return shares

    def _evidence(self, anchor: Span) -> dict[str, Any]:
        sentence = self.scope.sentence(anchor.start_char)
        return {
            "start": anchor.start_char,
            "end": anchor.end_char,
            "sentence": self.original[sentence.start : sentence.end],
            "sentence_start": sentence.start,
        }

    def _body(self, relations: Iterable[Relation]) -> BodyRef | None:
        mentions = sorted({relation.tail for relation in relations})
        if not mentions:
            return None
        bodies = [self.report.resolver.resolve(self._plain(mention)) for mention in mentions]
        names, ids = [body.name for body in bodies], [body.id for body in bodies]
        return BodyRef(
            text="、".join(mention.text for mention in mentions),
            name="、".join(names) if all(names) else None,
            id="+".join(ids) if all(ids) else None,
        )

    def _reporting_body(self, count: Span, item: Span) -> BodyRef | None:
        own = self.report.body
        if own is UNRESOLVED:
            return None
        clause = self.scope.clause(count.start_char)
        for ent in self.by_clause[clause]:
            if ent.start >= min(count.start, item.start):
                break
            subject = ent.label_ == "BODY" and ent.start_char == clause.start
            if ent.label_ == "PERSON" or (subject and not self.report.is_own(self._plain(ent))):
                return None
        return BodyRef(name=own.name, id=own.id, inferred=True)

    def _read_dates(self) -> dict[Key, DateValue]:
        values: dict[Key, DateValue] = {}
        previous = None
        for ent in self.ents:
            if ent.label_ == "DATE":
                value = self._read_date(self._plain(ent), ent.start_char, previous)
                values[_key(ent)] = value
                previous = value
        return values

    def _read_date(self, text: str, position: int, previous: DateValue | None) -> DateValue:
        section = self.scope.section(position)
        heading = section.heading if section else None
        return normalise_date(text, report_year=self.report.year, previous=previous, heading=heading)

    def _period(self, times: Sequence[Relation]) -> Period | None:
        if not times:
            return None
        tail = times[0].tail
        value = self.dates.get(_key(tail)) or self._read_date(self._plain(tail), tail.start_char, None)
        return Period(text=tail.text, **value.model_dump())

    def _section_period(self, anchor: Span) -> Period | None:
        section = self.scope.section(anchor.start_char)
        if section is None:
            return None
        value = normalise_date(section.frame, report_year=self.report.year)
        sentence = self.scope.sentence(anchor.start_char)
        if value.start is None or _OTHER_TIME.search(self.text[sentence.start : sentence.end]):
            return None
        dates = (self.dates[_key(date)] for date in self.dates_by_sentence[sentence.start] if date < anchor)
        if not all(date.start and value.start <= date.start and date.end <= value.end for date in dates):
            return None
        heading = self.original[section.start :].lstrip().partition("\n")[0].rstrip()
        return Period(text=heading, inferred=True, **value.model_dump())

    def _only_one(self, label: str, introduction: re.Pattern[str], count: Span, item: Span) -> Span | None:
        clause = self.scope.clause(count.start_char)
        found = [ent for ent in self.by_clause[clause] if ent.label_ == label]
        if len(found) != 1 or found[0].start >= min(count.start, item.start):
            return None
        before = self.text[clause.start : found[0].start_char]
        return found[0] if introduction.search(before) else None

    def _action(self, count: Span, item: Span, before: Sequence[Record]) -> str | None:
        """The verb between item and count (``信息被录用108篇次``), else before both, else their list's."""
        text, (first, second) = self.text, sorted((count, item))
        clause = self.scope.clause(count.start_char)
        inside = [e for e in self.by_clause[clause] if e.end <= second.start]
        if first == item:
            start = max((e.end_char for e in inside), default=item.end_char)
            if verb := action_before(text[start : count.start_char]):
                return verb
        start = max((e.end_char for e in inside if e.end <= first.start), default=clause.start)
        gap = text[max(start, clause.start) : first.start_char]
        if verb := action_before(gap):
            return verb
        in_list = gap and _COORDINATION.fullmatch(gap) and before and clause.start <= before[-1].start
        return before[-1].action if in_list and not is_action(self._plain(item)) else None


def _key(span: Span) -> Key:
    return span.start, span.end, span.label_


def _confidence(ents: Iterable[Span], relations: Iterable[Relation]) -> float | None:
    """The lowest score of the entities, where a model gave them one, and of the relations."""
    entity_scores = (ent._.score for ent in ents if Span.has_extension("score"))
    scores = [score for score in entity_scores if score is not None]
    return min([*scores, *(relation.score for relation in relations)], default=None)


def _exceeds(part: str, total: str) -> bool:
    part, total = normalise_count(part), normalise_count(total)
    return part.unit == total.unit and None not in (part.value, total.value) and part.value > total.value


def _total_of(totals: dict[Key, list[tuple[str, str]]], shares: Sequence[Relation], item: str) -> str | None:
    """The record of the total a count is part of; of several, the one about the same item."""
    for relation in shares:
        if rows := totals.get(_key(relation.tail)):
            return next((record_id for record_id, of in rows if of == item), rows[0][0])
    return None
