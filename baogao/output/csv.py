"""CSV (RFC 4180), UTF-8: one record per line, columns as in ``rows.COLUMNS``.

A spreadsheet runs text that begins like a formula (OWASP: CSV injection); an apostrophe before it stops that,
as in the CSV of the page (``page/js/csv.js``).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from typing import Any

from spacy.tokens import Doc

from .rows import COLUMNS, row

_LIKE_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def encode(name: str, doc: Doc) -> bytes:
    return encode_rows(list(COLUMNS), (row(name, record) for record in doc._.ledger))


def encode_rows(columns: list[str], rows: Iterable[Mapping[str, Any]]) -> bytes:
    """A header and the rows, empty cells for None."""
    file = io.StringIO(newline="")
    writer = csv.DictWriter(file, columns)
    writer.writeheader()
    writer.writerows({column: _as_text(value) for column, value in row.items()} for row in rows)
    return file.getvalue().encode()


def _as_text(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and value.startswith(_LIKE_FORMULA) else value
