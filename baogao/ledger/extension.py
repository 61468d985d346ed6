"""``doc._.ledger`` and ``doc._.report``.

The ledger is kept as plain JSON in ``doc.user_data``, so that ``Doc.to_bytes`` and
``DocBin(store_user_data=True)`` carry it; ``doc.to_json(underscore=["ledger"])`` carries it too, because a
``Record`` is its own JSON.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from spacy.tokens import Doc

from .record import Record, read_records

USER_DATA_KEY = "baogao.ledger"


def get_ledger(doc: Doc) -> list[Record]:
    """Records of a ``Doc``, in text order."""
    return read_records(doc.user_data.get(USER_DATA_KEY, ()))


def set_ledger(doc: Doc, records: Iterable[Mapping[str, Any]]) -> None:
    """Set the records of a ``Doc``, from ``Record`` objects or their JSON."""
    doc.user_data[USER_DATA_KEY] = [dict(record) for record in records]


Doc.set_extension("ledger", getter=get_ledger, setter=set_ledger, force=True)
# What the caller knows of the report: a mapping with any of place, organ and year (see report.py).
Doc.set_extension("report", default=None, force=True)
