"""CSV (RFC 4180), UTF-8: one record per line, columns as in ``rows.COLUMNS``."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from typing import Any

from spacy.tokens import Doc

from .rows import COLUMNS, row


def encode(name: str, doc: Doc) -> bytes:
    return encode_rows(list(COLUMNS), (row(name, record) for record in doc._.ledger))


def encode_rows(columns: list[str], rows: Iterable[Mapping[str, Any]]) -> bytes:
    """A header and the rows, empty cells for None."""
    file = io.StringIO(newline="")
    writer = csv.DictWriter(file, columns)
    writer.writeheader()
    writer.writerows(rows)
    return file.getvalue().encode()
