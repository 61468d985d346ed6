"""The gold reports the benchmark scores on."""

from __future__ import annotations

import csv
from pathlib import Path

from baogao.formats.annotated import AnnotatedText
from baogao.formats.brat import read_brat


class BenchmarkError(ValueError):
    """Something the benchmark needs is missing or wrong. The message names the file and the cause."""


def load_split(corpus: Path, annotations: Path, split: str) -> list[AnnotatedText]:
    """The annotated reports of one split, in the order of ``reports.csv``.

    corpus (Path): Holds ``reports.csv`` (columns ``report`` and ``split``) and ``texts/<report>.txt``.
    annotations (Path): Holds ``<report>.ann``.
    split (str): A value of the column ``split``.
    RETURNS (list[AnnotatedText]): At least one. Raises ``BenchmarkError``, or ``AnnotationError`` for a bad
        report.
    """
    index = corpus / "reports.csv"
    try:
        with index.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
    except OSError as error:
        raise BenchmarkError(f"{index}: {error.strerror}") from error
    if rows and not {"report", "split"} <= rows[0].keys():
        raise BenchmarkError(f"{index}: needs the columns report and split")
    names = [row["report"] for row in rows if row["split"] == split]
    if not names:
        known = ", ".join(sorted({row["split"] for row in rows}))
        raise BenchmarkError(f"{index}: no report of split {split!r} (there are: {known})")
    return [read_brat(annotations / f"{name}.ann", corpus / "texts" / f"{name}.txt") for name in names]


def surfaces_of(reports: list[AnnotatedText]) -> set[tuple[str, str]]:
    """(label, text) of every span."""
    return {(span.label, report.covered(span)) for report in reports for span in report.spans}
