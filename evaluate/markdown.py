"""Tables in Markdown, and figures as they stand in them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

MISSING = "–"
"""For what a system cannot predict."""


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table; every column but the first is aligned to the right."""
    rule = ["---", *["---:"] * (len(header) - 1)]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in [header, rule, *rows])


def percent(value: float) -> str:
    return f"{100 * value:.1f}"


def percent_range(interval: Sequence[float]) -> str:
    low, high = interval
    return f"{percent(low)}–{percent(high)}"
