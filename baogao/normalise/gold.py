"""The normalisation gold: spans of real reports with the values a reader gave them, and the score against it.

The files are made by reading, never by running the normalisers; see ``annotations/normalisation/README.md``.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Generic, NamedTuple, TypeVar

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from .counts import Count, normalise_count
from .dates import DateValue, normalise_date

Value = TypeVar("Value", Count, DateValue)


class GoldRow(BaseModel, Generic[Value]):
    """One span: ``start`` and ``end`` (exclusive) count code points in ``corpus/texts/<report>.txt``."""

    model_config = ConfigDict(frozen=True)

    report: str
    start: int
    end: int
    text: str
    context: str
    expected: Value
    report_year: int | None = None
    heading: str | None = None


class Score(NamedTuple):
    """``errors`` holds each row that was read differently, with what was read."""

    n: int
    n_correct: int
    errors: list[tuple[GoldRow, Count | DateValue]]

    @property
    def accuracy(self) -> float:
        """Share of rows with every field right; 0.0 for no rows."""
        return self.n_correct / self.n if self.n else 0.0


def load_count_gold(path: str | Path) -> list[GoldRow[Count]]:
    """Read ``counts.csv``. Raises ValueError naming file, line and cause."""
    return _load(Path(path), GoldRow[Count], _COUNT_FIELDS)


def load_date_gold(path: str | Path) -> list[GoldRow[DateValue]]:
    """Read ``dates.csv``. Raises ValueError naming file, line and cause."""
    return _load(Path(path), GoldRow[DateValue], _DATE_FIELDS)


def score_counts(rows: Iterable[GoldRow[Count]]) -> Score:
    """Normalise each row's text and compare all fields."""
    return _score(rows, lambda row: normalise_count(row.text))


def score_dates(rows: Iterable[GoldRow[DateValue]]) -> Score:
    """Normalise each row's text, given its report year and heading, and compare all fields."""

    def read(row: GoldRow[DateValue]) -> DateValue:
        return normalise_date(row.text, report_year=row.report_year, heading=row.heading)

    return _score(rows, read)


# column of the file → field of the value
_COUNT_FIELDS = {name: name for name in ("value", "lower", "upper", "unit", "approximate", "kind")}
_DATE_FIELDS = {"date_start": "start", "date_end": "end"} | {
    name: name for name in ("precision", "kind", "rrule")
}


def _load(path: Path, row_type: type[GoldRow[Value]], fields: dict[str, str]) -> list[GoldRow[Value]]:
    validate = TypeAdapter(row_type).validate_python
    rows = []
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        missing = {"report", "start", "end", "text", "context", *fields} - set(reader.fieldnames or ())
        if missing:
            raise ValueError(f"{path}: no column {', '.join(sorted(missing))}")
        for cells in reader:
            values: dict[str, Any] = {name: cell for name, cell in cells.items() if name and cell}
            expected = {field: values[column] for column, field in fields.items() if column in values}
            try:
                rows.append(validate({**values, "expected": expected}))
            except ValidationError as error:
                problem = error.errors()[0]
                raise ValueError(f"{path}:{reader.line_num}: {problem['loc']}: {problem['msg']}") from error
    return rows


def _score(rows: Iterable[GoldRow[Value]], read: Callable[[GoldRow[Value]], Value]) -> Score:
    pairs = [(row, read(row)) for row in rows]
    errors = [(row, value) for row, value in pairs if value != row.expected]
    return Score(len(pairs), len(pairs) - len(errors), errors)
