"""Tables for the terminal: a report's counted items and how many entities of each kind it holds."""

from __future__ import annotations

import io
from collections import Counter
from dataclasses import dataclass

from rich.console import Console, ConsoleOptions, Group, RenderResult
from rich.table import Table
from rich.text import Text
from spacy.tokens import Doc

from ..ledger.record import BodyRef, Period, Record
from ..schema import ENTITY_LABELS

_WIDTH = 140  # columns of a table in a file
_WITH_SENTENCES = 110  # and of one that has room for the sentences
_CONTEXT = 20  # characters shown on either side of a count


def render(name: str, doc: Doc) -> Group:
    """What is counted in a report, and its entities by label."""
    counted = [record for record in doc._.ledger if record.count]
    return Group(Text(name, style="bold"), _LedgerTable(counted), _entity_counts(doc))


def encode(name: str, doc: Doc) -> bytes:
    console = Console(file=io.StringIO(), width=_WIDTH, highlight=False, markup=False, emoji=False)
    console.print(render(name, doc))
    return console.file.getvalue().encode()


def excerpt(record: Record, context: int = _CONTEXT) -> Text:
    """The part of a record's sentence around its anchor, the anchor in bold."""
    start, end = record.start - record.sentence_start, record.end - record.sentence_start
    left, right = max(0, start - context), min(len(record.sentence), end + context)
    text = Text("…" if left else "")
    text.append(record.sentence[left:start]).append(record.sentence[start:end], "bold")
    return text.append(record.sentence[end:right]).append("…" if right < len(record.sentence) else "")


def show_body(body: BodyRef | None) -> str:
    """A body as written; an asterisk for the reporting body where it was inferred."""
    if body is None:
        return ""
    return "*" if body.inferred else body.text or ""


def show_period(period: Period | None) -> str:
    """Start and end, shortened to years where they are whole years; in brackets where inferred."""
    if period is None:
        return ""
    if period.start is None or period.end is None:
        shown = period.rrule or period.text
    elif period.start.endswith("-01-01") and period.end.endswith("-12-31"):
        shown = "–".join(dict.fromkeys((period.start[:4], period.end[:4])))
    else:
        shown = "–".join(dict.fromkeys((period.start, period.end)))
    return f"({shown})" if period.inferred else shown


def show_number(value: int | float | None) -> str:
    """With separators, and no more decimals than the figure has: ``1,200``, ``99.6``."""
    return "" if value is None else f"{value:,}"


@dataclass
class _LedgerTable:
    """Counted items; how much of each is shown is known once the console is."""

    records: list[Record]

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        wide = options.max_width >= _WITH_SENTENCES
        caption = "* the reporting body  ( ) from the heading of the section"
        if not wide:
            caption += f"\nwith its sentence each: in {_WITH_SENTENCES} columns, or as another --format"
        table = Table(caption=caption, caption_justify="left")
        table.add_column("body", overflow="fold")
        table.add_column("item", overflow="fold")
        if wide:
            table.add_column("count", no_wrap=True)
        table.add_column("value", no_wrap=True, justify="right")
        table.add_column("unit", no_wrap=True)
        table.add_column("period", no_wrap=True)
        if wide:
            table.add_column("sentence", overflow="fold")
        for record in self.records:
            table.add_row(
                Text(show_body(record.body)),
                Text(f"{record.action or ''} {record.item}".strip()),
                *([Text(record.count.text)] if wide else []),
                show_number(record.count.value),
                Text(record.count.unit or ""),
                Text(show_period(record.period)),
                *([excerpt(record)] if wide else []),
            )
        yield table


def _entity_counts(doc: Doc) -> Text:
    found = Counter(ent.label_ for ent in doc.ents)
    labels = [label for label in ENTITY_LABELS if found[label]] + sorted(found.keys() - set(ENTITY_LABELS))
    return Text("entities: " + (", ".join(f"{label}={found[label]}" for label in labels) or "none"))
