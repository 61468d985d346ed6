"""Counts of the annotations per report, label and split, as Markdown for the data card."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from ..formats import AnnotatedText, AnnotationError
from ..formats.files import read_text
from ..schema import ENTITY_LABELS, RELATION_LABELS

SPLITS = ("train", "dev", "test")


def read_splits(path: Path) -> dict[str, str]:
    """The split of each report, from the columns ``report`` and ``split`` of ``corpus/reports.csv``."""
    rows = csv.DictReader(read_text(path).splitlines())
    if missing := {"report", "split"} - set(rows.fieldnames or ()):
        raise AnnotationError(f"{path}: no column {' or '.join(sorted(missing))}")
    splits = {row["report"]: row["split"] for row in rows}
    for report, split in splits.items():
        if split not in SPLITS:
            raise AnnotationError(f"{path}: {report} has the split {split!r}, not one of {', '.join(SPLITS)}")
    return splits


def statistics(reports: Sequence[AnnotatedText], splits: dict[str, str]) -> str:
    """Three Markdown tables: reports, spans per label and split, relations per label and split.

    Characters are code points of the text file, line breaks included, as in ``corpus/reports.csv``.
    Raises ``AnnotationError`` for a report without a split.
    """
    for report in reports:
        if report.name not in splits:
            raise AnnotationError(f"{report.name} has annotations but no split")
    reports = sorted(reports, key=lambda report: (SPLITS.index(splits[report.name]), report.name))
    sizes = [
        (report.name, splits[report.name], len(report.text) + 1, len(report.spans), len(report.relations))
        for report in reports
    ]
    totals = ("**all**", "", *(sum(column) for column in list(zip(*sizes, strict=True))[2:]))
    spans = Counter((s.label, splits[r.name]) for r in reports for s in r.spans)
    relations = Counter((x.label, splits[r.name]) for r in reports for x in r.relations)
    return "\n\n".join(
        [
            _table(("report", "split", "characters", "spans", "relations"), [*sizes, totals]),
            _table(("span", *SPLITS, "all"), _by_split(ENTITY_LABELS, spans)),
            _table(("relation", *SPLITS, "all"), _by_split(RELATION_LABELS, relations)),
        ]
    )


def _by_split(labels: Iterable[str], counts: Counter[tuple[str, str]]) -> list[tuple[str | int, ...]]:
    rows = [(label, *(counts[label, split] for split in SPLITS)) for label in labels]
    rows.append(("**all**", *(sum(column) for column in list(zip(*rows, strict=True))[1:])))
    return [(*row, sum(row[1:])) for row in rows]


def _table(header: Sequence[str], rows: Iterable[Sequence[str | int]]) -> str:
    numeric = ("characters", "spans", "relations", *SPLITS, "all")
    rule = ["---:" if name in numeric else "---" for name in header]
    cells = [[f"{cell:,}" if isinstance(cell, int) else cell for cell in row] for row in rows]
    return "\n".join(f"| {' | '.join(row)} |" for row in [header, rule, *cells])
