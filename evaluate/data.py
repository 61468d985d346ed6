"""The gold reports the benchmark scores on."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

from baogao.formats.annotated import AnnotatedText
from baogao.formats.brat import read_brat


class BenchmarkError(ValueError):
    """Something the benchmark needs is missing or wrong. The message names the file and the cause."""


def read_index(corpus: Path, columns: Sequence[str] = ("report", "split")) -> list[dict[str, str]]:
    """The rows of ``reports.csv``.

    corpus (Path): Holds ``reports.csv``.
    columns (Sequence[str]): Those it has to have. Raises ``BenchmarkError``.
    """
    index = corpus / "reports.csv"
    try:
        with index.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
    except OSError as error:
        raise BenchmarkError(f"{index}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise BenchmarkError(f"{index}: {error}") from error
    if rows and not set(columns) <= rows[0].keys():
        raise BenchmarkError(f"{index}: needs the columns {', '.join(columns[:-1])} and {columns[-1]}")
    return rows


def names_of_split(corpus: Path, split: str) -> list[str]:
    """The reports of one split, in the order of ``reports.csv``; at least one. Raises ``BenchmarkError``."""
    rows = read_index(corpus)
    names = [row["report"] for row in rows if row["split"] == split]
    if not names:
        known = ", ".join(sorted({row["split"] for row in rows}))
        raise BenchmarkError(f"{corpus / 'reports.csv'}: no report of split {split!r} (there are: {known})")
    return names


def load_reports(corpus: Path, annotations: Path, names: Iterable[str]) -> list[AnnotatedText]:
    """Annotated reports by name.

    corpus (Path): Holds ``texts/<report>.txt``.
    annotations (Path): Holds ``<report>.ann``. Raises ``AnnotationError`` for a bad report.
    """
    return [read_brat(annotations / f"{name}.ann", corpus / "texts" / f"{name}.txt") for name in names]


def load_split(corpus: Path, annotations: Path, split: str) -> list[AnnotatedText]:
    """The annotated reports of one split, in the order of ``reports.csv``.

    corpus (Path): Holds ``reports.csv`` and ``texts/<report>.txt``.
    annotations (Path): Holds ``<report>.ann``.
    split (str): A value of the column ``split``.
    RETURNS (list[AnnotatedText]): At least one. Raises ``BenchmarkError``, or ``AnnotationError`` for a bad
        report.
    """
    return load_reports(corpus, annotations, names_of_split(corpus, split))


def surfaces_of(reports: list[AnnotatedText]) -> set[tuple[str, str]]:
    """(label, text) of every span."""
    return {(span.label, report.covered(span)) for report in reports for span in report.spans}
