"""Several reports side by side: their figures by indicator, and how often they cite each formula."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from functools import partial
from typing import Any, NamedTuple

from spacy.tokens import Doc

from ..doc_strings import simplified
from ..normalise.slogans import read_slogans
from .indicators import Figure, find_figures
from .record import Record
from .report import Report, report_of


class ComparedReport(NamedTuple):
    """One report. ``slogans``: mentions by slogan id, in text order; only formulas that the table knows."""

    name: str
    report: Report
    figures: list[Figure]
    slogans: dict[str, list[Record]]

    @property
    def label(self) -> str:
        """Reporting body and year, or the report's name where the body is not known."""
        return f"{self.report.body.name or self.name} {self.report.year or ''}".strip()


def compare_reports(docs: Iterable[tuple[str, Doc]]) -> list[ComparedReport]:
    """Reports with their names, sorted by organ, body and year."""
    compared = []
    for name, doc in docs:
        records, report = doc._.ledger, report_of(doc)
        slogans: dict[str, list[Record]] = defaultdict(list)
        for record in records:
            if record.slogan_id:
                slogans[record.slogan_id].append(record)
        figures = find_figures(records, report, partial(simplified, vocab=doc.vocab))
        compared.append(ComparedReport(name, report, figures, dict(slogans)))
    return sorted(compared, key=_order)


def slogans_by_frequency(reports: Iterable[ComparedReport]) -> list[tuple[str, str]]:
    """Id and usual wording of each formula cited, those in the most reports first, then the most cited."""
    mentions: dict[str, list[int]] = defaultdict(list)
    for compared in reports:
        for slogan_id, records in compared.slogans.items():
            mentions[slogan_id].append(len(records))
    wording = {slogan.id: slogan.canonical for slogan in read_slogans()}
    ranked = sorted(mentions, key=lambda key: (-len(mentions[key]), -sum(mentions[key]), key))
    return [(slogan_id, wording[slogan_id]) for slogan_id in ranked]


COLUMNS = (
    "table", "indicator", "name_zh", "name_en", "report", "body", "body_id", "organ", "year", "is_main",
    "count", "value", "lower", "upper", "unit", "approximate", "action", "item", "shared_with", "agent",
    "period", "period_start", "period_end", "inferred", "sentence", "sentence_start", "start", "end",
)  # fmt: skip


def comparison_rows(reports: Iterable[ComparedReport]) -> list[dict[str, Any]]:
    """Flat rows of ``COLUMNS``: a figure each (``table`` is ``indicator``), then a formula each (``slogan``).

    The row of a formula has the number of its mentions as ``value``, and the sentence of the first.
    """
    rows, slogan_rows = [], []
    reports = list(reports)
    wording = dict(slogans_by_frequency(reports))
    for compared in reports:
        rows += [_figure_row(compared, figure) for figure in compared.figures]
        for slogan_id, records in compared.slogans.items():
            slogan_rows.append(
                {
                    **_report_cells(compared),
                    "table": "slogan",
                    "indicator": slogan_id,
                    "name_zh": wording[slogan_id],
                    "value": len(records),
                    **_evidence(records[0]),
                }
            )
    return rows + slogan_rows


def _order(compared: ComparedReport) -> tuple[str, str, int, str]:
    body = compared.report.body
    return compared.report.organ or "", body.id or "~", compared.report.year or 0, compared.name


def _figure_row(compared: ComparedReport, figure: Figure) -> dict[str, Any]:
    record, count = figure.record, figure.record.count
    return {
        **_report_cells(compared),
        "table": "indicator",
        "indicator": figure.indicator.id,
        "name_zh": figure.indicator.zh,
        "name_en": figure.indicator.en,
        "is_main": figure.is_main,
        "count": count.text,
        "value": count.value,
        "lower": count.lower,
        "upper": count.upper,
        "unit": count.unit,
        "approximate": count.approximate,
        "action": record.action,
        "item": record.item,
        "shared_with": "、".join(figure.shared_with) or None,
        "agent": record.body.text if record.body else None,
        "period": record.period.text if record.period else None,
        "period_start": record.period.start if record.period else None,
        "period_end": record.period.end if record.period else None,
        "inferred": ",".join(record.inferred) or None,
        **_evidence(record),
    }


def _report_cells(compared: ComparedReport) -> dict[str, Any]:
    cells: dict[str, Any] = dict.fromkeys(COLUMNS)
    body = compared.report.body
    return cells | {
        "report": compared.name,
        "body": body.name,
        "body_id": body.id,
        "organ": compared.report.organ,
        "year": compared.report.year,
    }


def _evidence(record: Record) -> dict[str, Any]:
    return {
        "sentence": record.sentence,
        "sentence_start": record.sentence_start,
        "start": record.start,
        "end": record.end,
    }
