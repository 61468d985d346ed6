"""Ledgers of gold and of predictions, and their scores."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import spacy
from pydantic import ValidationError
from spacy.language import Language

from baogao.formats.annotated import AnnotatedText
from baogao.formats.spacy_doc import to_doc
from baogao.ledger.build import build_ledger
from baogao.ledger.record import CountValue, Period, Record
from baogao.ledger.report import Report
from baogao.metrics.ledger import Ledgers, score_rows, score_totals, sum_scores
from evaluate.data import BenchmarkError

Json = dict[str, Any]


def ledgers_of(reports: Iterable[AnnotatedText], known: Mapping[str, Report]) -> dict[str, list[Record]]:
    """The records that the entities and relations of each report make.

    known (Mapping[str, Report]): Place, organ and year of the reports, as far as they are known.
    """
    ledgers = {}
    for report in reports:
        doc = to_doc(_blank(), report)
        doc._.report = known.get(report.name, Report()).model_dump()
        ledgers[report.name] = build_ledger(doc)
    return ledgers


def score_ledgers(gold: Ledgers, predicted: Ledgers) -> Json:
    """Rows, all together (``rows``) and by report, and the reports whose totals are all right."""
    by_report = score_rows(gold, predicted)
    right_totals = score_totals(gold, predicted)
    return {
        "rows": sum_scores(by_report.values()).to_dict(),
        "by_report": {report: score.to_dict() for report, score in by_report.items()},
        "totals": {**right_totals._asdict(), "share": right_totals.share},
    }


def read_rows(path: Path) -> dict[str, list[Record]]:
    """Ledgers that a reader wrote down, see ``annotations/ledger/README.md``.

    RETURNS (dict[str, list[Record]]): Report name to records without body and action. Raises
        ``BenchmarkError`` with file, line and cause.
    """
    ledgers: dict[str, list[Record]] = defaultdict(list)
    try:
        with path.open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file)
            for row in reader:
                try:
                    ledgers[row["report"]].append(_record(row))
                except KeyError as error:
                    raise BenchmarkError(f"{path}: no column {error}") from error
                except ValidationError as error:
                    problem = error.errors()[0]
                    cause = f"{problem['loc'][0]} {problem['input']!r}: {problem['msg']}"
                    raise BenchmarkError(f"{path}, line {reader.line_num}: {cause}") from error
                except ValueError as error:
                    raise BenchmarkError(f"{path}, line {reader.line_num}: {error}") from error
    except OSError as error:
        raise BenchmarkError(f"{path}: {error.strerror}") from error
    return dict(ledgers)


def _record(row: Mapping[str, str]) -> Record:
    count = {name: row[name] or None for name in ("value", "lower", "upper", "unit")}
    period = Period(text="", start=row["period_start"] or None, end=row["period_end"] or None)
    return Record(
        # Several items of one figure share its offset; nothing refers to any but the first of them.
        id=row["start"],
        kind="activity",
        item=row["item"],
        count=CountValue(text=row["count"], kind=row["kind"], **count),
        share_of=row["share_of"] or None,
        period=period,
        start=int(row["start"]),
        end=int(row["end"]),
        sentence=row["sentence"],
        sentence_start=0,
    )


@cache
def _blank() -> Language:
    return spacy.blank("zh")
