"""Gold for body names: reading ``annotations/normalisation/bodies.csv`` and scoring a resolver against it."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

from ..formats.annotated import AnnotationError
from .bodies import BodyResolver, ReportContext

COLUMNS = ("report", "start", "end", "mention", "context", "expected")


class BodyGold(NamedTuple):
    """A mention of an institution and the full name that a reader gave it.

    ``start`` and ``end`` (exclusive) count code points of the report; ``expected`` is None where the report
    does not tell the full name, or where the mention is already all there is to say.
    """

    report: str
    start: int
    end: int
    mention: str
    context: str
    expected: str | None


class BodyScore(NamedTuple):
    """How many mentions got the reader's answer, and those that did not with what the resolver said."""

    correct: int
    total: int
    wrong: tuple[tuple[BodyGold, str | None], ...]

    @property
    def accuracy(self) -> float:
        return self.correct / self.total if self.total else 0.0


def read_body_gold(path: str | Path) -> list[BodyGold]:
    """Read the gold. Raises AnnotationError, with file and line, if a row cannot be read."""
    rows: list[BodyGold] = []
    with Path(path).open(encoding="utf8", newline="") as file:
        reader = csv.reader(file)
        if tuple(next(reader, ())) != COLUMNS:
            raise AnnotationError(f"{path}: the columns must be {', '.join(COLUMNS)}")
        for line in reader:
            try:
                report, start, end, mention, context, expected = line
                rows.append(BodyGold(report, int(start), int(end), mention, context, expected or None))
            except ValueError as error:
                raise AnnotationError(f"{path}, line {reader.line_num}: {error}") from error
    return rows


def read_contexts(path: str | Path) -> dict[str, ReportContext]:
    """What ``corpus/reports.csv`` says of each report. Raises AnnotationError if it lacks a column."""
    with Path(path).open(encoding="utf8", newline="") as file:
        try:
            return {
                row["report"]: ReportContext(row["place"] or None, row["organ"] or None, row["title"])
                for row in csv.DictReader(file)
            }
        except KeyError as error:
            raise AnnotationError(f"{path}: there is no column {error}") from error


def score_bodies(
    gold: Iterable[BodyGold],
    contexts: Mapping[str, ReportContext],
    resolver: Callable[[ReportContext], BodyResolver] = BodyResolver,
) -> BodyScore:
    """Compare resolved names with the gold; an unresolved mention is right where the gold is empty."""
    resolvers = {report: resolver(context) for report, context in contexts.items()}
    rows = list(gold)
    said = [(row, resolvers[row.report].resolve(row.mention).name) for row in rows]
    wrong = tuple((row, name) for row, name in said if name != row.expected)
    return BodyScore(len(rows) - len(wrong), len(rows), wrong)
