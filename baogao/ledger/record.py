"""One entry of the ledger, and the parts it is made of.

``baogao schema`` prints the JSON schema of a record.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, TypeAdapter
from pydantic.dataclasses import dataclass

from ..normalise.counts import Count
from ..normalise.dates import DateValue

RecordKind = Literal["activity", "document", "programme", "meeting", "slogan"]


class CountValue(Count):
    """A figure: the COUNT as written in ``text``, and its reading (see ``baogao.normalise.counts``)."""

    text: str


class Period(DateValue):
    """When: the DATE as written in ``text``, and its reading (see ``baogao.normalise.dates``).

    ``inferred``: no DATE governs the item; ``text`` is the heading of its section, ``2022年工作回顾``.
    """

    text: str
    inferred: bool = False


class BodyRef(BaseModel):
    """Who: an institution as written and as resolved (see ``baogao.normalise.bodies``).

    ``text``: as written, several joined by ``、``; None where ``inferred``.
    ``name``, ``id``: full name and id; None where they could not be told.
    ``inferred``: the sentence names no agent, and the body that delivers the report was filled in.
    """

    model_config = ConfigDict(frozen=True)

    text: str | None = None
    name: str | None = None
    id: str | None = None
    inferred: bool = False


@dataclass(frozen=True, kw_only=True)
class Record(dict):
    """One thing that a report says was done, issued, held or proclaimed.

    As a mapping a record is its own plain JSON, so that ``json`` and spaCy's ``Doc.to_json`` can write it
    (compare ``baogao.relations``). Offsets are code points of the report's text, ends exclusive.

    id (str): ``r1``, ``r2``, … in text order; stable for one text with the same entities and relations.
    kind (str): ``activity`` for a counted item, else what the anchor is.
    item (Optional[str]): ITEM, DOCUMENT, PROGRAM, MEETING or SLOGAN as written.
    action (Optional[str]): The verb of the item's clause as written; None where it is not clear.
    body (Optional[BodyRef]): Who did or issued it.
    count (Optional[CountValue]): How many.
    share_of (Optional[str]): Id of the record whose figure this one is a part of.
    period (Optional[Period]): When.
    place, place_code (Optional[str]): Where, as written, and its GB/T 2260 code.
    document (Optional[str]): Title of the document that the record is, or that the activity was done under.
    slogan_id (Optional[str]): The formula's id in the table of ``baogao.normalise.slogans``.
    start, end (int): Offsets of the anchor: the COUNT of what is counted, else the span itself.
    sentence (str), sentence_start (int): The sentence of the anchor and its offset.
    confidence (Optional[float]): The lowest score of the entities and relations that made the record; None if
        no model scored them.
    inferred (Tuple[str, ...]): Names of the fields that the sentence itself does not state.
    """

    id: str
    kind: RecordKind
    item: str | None = None
    action: str | None = None
    body: BodyRef | None = None
    count: CountValue | None = None
    share_of: str | None = None
    period: Period | None = None
    place: str | None = None
    place_code: str | None = None
    document: str | None = None
    slogan_id: str | None = None
    start: int
    end: int
    sentence: str
    sentence_start: int
    confidence: float | None = None
    inferred: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        super().__init__(self.model_dump(mode="json"))

    def model_dump(self, *, mode: Literal["json", "python"] = "python") -> dict[str, Any]:
        """As of a pydantic model: the fields, in ``json`` mode with plain values only."""
        return _RECORD.dump_python(self, mode=mode)


_RECORD = TypeAdapter(Record)
_RECORDS = TypeAdapter(list[Record])


def read_records(data: Iterable[Mapping[str, Any]]) -> list[Record]:
    """Records from their JSON. Raises pydantic's ``ValidationError``, a ``ValueError``."""
    return _RECORDS.validate_python([dict(record) for record in data])


def record_schema() -> dict[str, Any]:
    """The JSON schema of one record."""
    return _RECORD.json_schema()


def row_key(record: Record) -> tuple[Any, ...]:
    """What two equal rows have in common: value, lower, upper, unit, item, start and end of the period."""
    count = record.count or Count()
    period = record.period or DateValue()
    return (count.value, count.lower, count.upper, count.unit, record.item, period.start, period.end)
