"""Records as flat rows, for the formats that are tables."""

from __future__ import annotations

from typing import Any

from ..ledger.record import BodyRef, CountValue, Period, Record

# column → type of its cells; every cell may also be empty
COLUMNS: dict[str, type] = {
    "report": str,
    "id": str,
    "kind": str,
    "body": str,
    "body_name": str,
    "body_id": str,
    "action": str,
    "item": str,
    "count": str,
    "value": float,
    "lower": float,
    "upper": float,
    "unit": str,
    "approximate": bool,
    "count_kind": str,
    "share_of": str,
    "period": str,
    "period_start": str,
    "period_end": str,
    "period_precision": str,
    "period_kind": str,
    "period_rrule": str,
    "place": str,
    "place_code": str,
    "document": str,
    "slogan_id": str,
    "start": int,
    "end": int,
    "sentence": str,
    "sentence_start": int,
    "confidence": float,
    "inferred": str,
}


def row(report: str, record: Record) -> dict[str, Any]:
    """One record as a row of ``COLUMNS``; names of inferred fields are joined by ``,``."""
    body = record.body or BodyRef()
    count = record.count or CountValue(text="")
    period = record.period or Period(text="")
    return {
        "report": report,
        "id": record.id,
        "kind": record.kind,
        "body": body.text,
        "body_name": body.name,
        "body_id": body.id,
        "action": record.action,
        "item": record.item,
        "count": count.text or None,
        "value": count.value,
        "lower": count.lower,
        "upper": count.upper,
        "unit": count.unit,
        "approximate": count.approximate if record.count else None,
        "count_kind": count.kind,
        "share_of": record.share_of,
        "period": period.text or None,
        "period_start": period.start,
        "period_end": period.end,
        "period_precision": period.precision,
        "period_kind": period.kind,
        "period_rrule": period.rrule,
        "place": record.place,
        "place_code": record.place_code,
        "document": record.document,
        "slogan_id": record.slogan_id,
        "start": record.start,
        "end": record.end,
        "sentence": record.sentence,
        "sentence_start": record.sentence_start,
        "confidence": record.confidence,
        "inferred": ",".join(record.inferred) or None,
    }
