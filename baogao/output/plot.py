"""The main figures of several reports as bar charts. Needs the extra ``plot``."""

from __future__ import annotations

import io
from collections.abc import Sequence
from math import ceil
from typing import NamedTuple

import matplotlib
from matplotlib import font_manager
from matplotlib.figure import Figure as Canvas

from ..ledger.comparison import ComparedReport
from ..ledger.indicators import Indicator, is_of_year, read_indicators

_COLUMNS = 3
# Fonts with Chinese characters, for names of reports; titles are English, so that charts read without one.
_CHINESE_FONTS = (
    "Noto Sans CJK SC",
    "Source Han Sans SC",
    "WenQuanYi Zen Hei",
    "PingFang SC",
    "Microsoft YaHei",
)


_OF_YEAR, _OTHER_PERIOD = "#4c78a8", "#b8b8b8"
_NOTE = "grey: period other than the year of the report, or not stated · hatched: approximate"


class _Bar(NamedTuple):
    name: str
    value: int | float
    colour: str
    hatch: str


def plot_figures(reports: Sequence[ComparedReport]) -> bytes:
    """A PNG image: one chart for each indicator that at least two reports give, a bar for each report.

    A bar is the main figure of the report, unless that covers other items too.
    """
    charts = [
        (indicator.en, bars) for indicator in read_indicators() if len(bars := _bars(indicator, reports)) > 1
    ]
    rows = max(1, ceil(len(charts) / _COLUMNS))
    installed = {font.name for font in font_manager.fontManager.ttflist}
    fonts = ["DejaVu Sans", *(name for name in _CHINESE_FONTS if name in installed)]
    with matplotlib.rc_context({"font.family": fonts, "font.size": 8}):
        canvas = Canvas(figsize=(5 * _COLUMNS, 0.5 + 2.6 * rows), layout="constrained")
        canvas.suptitle(_NOTE)
        axes = canvas.subplots(rows, _COLUMNS, squeeze=False).flatten()
        for axis, (title, bars) in zip(axes, charts, strict=False):
            names, values, colours, hatches = zip(*bars, strict=True)
            drawn = axis.barh(names, values, color=colours, hatch=hatches)
            axis.bar_label(drawn, [f"{value:,}" for value in values], padding=2)
            axis.invert_yaxis()
            axis.margins(x=0.15)
            axis.set_title(title)
        for axis in axes[len(charts) :]:
            axis.set_axis_off()
        file = io.BytesIO()
        canvas.savefig(file, format="png", dpi=130)
    return file.getvalue()


def _bars(indicator: Indicator, reports: Sequence[ComparedReport]) -> list[_Bar]:
    bars = []
    for compared in reports:
        for figure in compared.figures:
            count = figure.record.count
            if (
                figure.indicator == indicator
                and figure.is_main
                and not figure.shared_with
                and count.value is not None
            ):
                year = compared.report.year
                of_year = is_of_year(figure.record, year)
                colour, hatch = _OF_YEAR if of_year else _OTHER_PERIOD, "//" if count.approximate else ""
                bars.append(_Bar(f"{compared.name} ({year or '?'})", count.value, colour, hatch))
    return bars
