"""Errors as one self-contained HTML file that can be sorted and filtered.

As on the page of a report, texts are data, never markup: they reach the page as JSON, and its script writes
them with ``textContent`` alone.
"""

from __future__ import annotations

import html
from collections.abc import Iterable
from pathlib import Path
from string import Template
from typing import NamedTuple

from baogao.page.render import content_security_policy, json_for_script

_FOLDER = Path(__file__).parent


class ErrorRow(NamedTuple):
    """One line of the page.

    what (str): ``entity`` or ``relation``.
    kind (str): See ``baogao.metrics.errors``.
    label (str): The gold label; of what is spurious, the predicted one.
    report (str), paragraph (int): Where, paragraphs counted from 1.
    gold, predicted (list[str]): The spans or relations with their labels.
    context (list[tuple[str, bool, bool]]): Pieces of the paragraph, and whether each is inside a gold span
        and inside a predicted span of this error.
    """

    what: str
    kind: str
    label: str
    report: str
    paragraph: int
    gold: list[str]
    predicted: list[str]
    context: list[tuple[str, bool, bool]]


def render_errors(rows: Iterable[ErrorRow], title: str) -> str:
    """The page as the text of an HTML file to be written in UTF-8; it loads nothing from outside."""
    script = _resource("page.js")
    return Template(_resource("template.html")).substitute(
        policy=content_security_policy([script]),
        title=html.escape(title),
        style=_resource("style.css"),
        data=json_for_script([row._asdict() for row in rows]),
        script=script,
    )


def _resource(name: str) -> str:
    return (_FOLDER / name).read_text(encoding="utf-8")
