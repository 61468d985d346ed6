"""Tables for the terminal: figures and formulas of several reports side by side."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from rich.table import Table
from rich.text import Text

from ..ledger.comparison import ComparedReport, slogans_by_frequency
from ..ledger.indicators import Figure, is_of_year, read_indicators
from .table import show_period

_REPORTS = 6  # in one table, so that it fits a terminal
_SLOGANS = 8  # formulas shown, the most widespread ones
_TITLES = {"rd": "people's congresses 人大", "zx": "political consultative conferences 政协"}
_NOTES = "? period not stated  ‡ one figure for several items  + the report gives others too (--sentences)"


def figure_tables(reports: Sequence[ComparedReport]) -> Iterator[Table]:
    """By organ: an indicator a row, a report a column, the main figure as written in the cell."""
    for organ, group in groupby(reports, key=lambda compared: compared.report.organ or ""):
        everyone = list(group)
        for first in range(0, len(everyone), _REPORTS):
            yield _figure_table(organ, everyone[first : first + _REPORTS])


def sentences(reports: Sequence[ComparedReport]) -> Iterator[Text]:
    """Every figure with its sentence, by indicator; the main figure of a report in bold."""
    for indicator in read_indicators():
        found = [(r, figure) for r in reports for figure in r.figures if figure.indicator == indicator]
        if found:
            yield Text(f"{indicator.zh} {indicator.en}", style="bold")
        for compared, figure in found:
            yield _describe(compared, figure)


def slogan_table(reports: Sequence[ComparedReport]) -> Table:
    """How often each report cites the formulas that the most reports cite."""
    table = Table(title="mentions of formulas 提法", title_justify="left")
    table.add_column("report", no_wrap=True)
    shown = slogans_by_frequency(reports)[:_SLOGANS]
    for _, wording in shown:
        table.add_column(Text(wording), justify="right", overflow="fold")
    for compared in reports:
        counts = (len(compared.slogans.get(slogan_id, ())) for slogan_id, _ in shown)
        table.add_row(Text(compared.name), *(str(count) if count else "" for count in counts))
    return table


def _figure_table(organ: str, reports: Sequence[ComparedReport]) -> Table:
    table = Table(title=_TITLES.get(organ, "organ not known"), title_justify="left")
    table.caption, table.caption_justify = _NOTES, "left"
    table.add_column("indicator", no_wrap=True)
    for compared in reports:
        table.add_column(_header(compared), justify="right", overflow="fold")
    for indicator in read_indicators():
        cells = [[f for f in compared.figures if f.indicator == indicator] for compared in reports]
        if any(cells):
            shown = (_cell(figures, compared) for figures, compared in zip(cells, reports, strict=True))
            table.add_row(indicator.zh, *shown)
    return table


def _header(compared: ComparedReport) -> Text:
    return Text(f"{compared.name}\n{compared.report.year or '?'}")


def _cell(figures: Sequence[Figure], compared: ComparedReport) -> Text:
    main = next((figure for figure in figures if figure.is_main), None)
    if main is None:
        return Text("")
    text = Text(main.record.count.text)
    of_year = is_of_year(main.record, compared.report.year)
    if of_year is None:
        text.append("?")
    elif not of_year:
        text.append(f" {show_period(main.record.period)}")
    return text.append("‡" if main.shared_with else "").append("+" if len(figures) > 1 else "")


def _describe(compared: ComparedReport, figure: Figure) -> Text:
    record = figure.record
    text = Text(f"  {compared.name}: ")
    text.append(record.count.text, "bold" if figure.is_main else "")
    details = (f"{record.action or ''} {record.item}".strip(), show_period(record.period) or "?")
    text.append("".join(f", {detail}" for detail in details))
    sentence = Text(record.sentence)
    sentence.stylize("underline", record.start - record.sentence_start, record.end - record.sentence_start)
    return text.append("\n      ").append(sentence)
