"""The ledger in the formats that it is handed on in: one module each, all giving the content of a file."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from spacy.tokens import Doc

from . import csv, html, jsonl, parquet, table, xlsx


class MissingExtraError(RuntimeError):
    """A format needs a package that is not installed. The message says which to install."""


class OutputFormat(NamedTuple):
    """``encode(name, doc, **options)`` gives the content of a file. ``is_text``: fit for a terminal or a pipe."""

    suffix: str
    encode: Callable[..., bytes]
    is_text: bool


FORMATS = {
    "table": OutputFormat(".txt", table.encode, True),
    "jsonl": OutputFormat(".jsonl", jsonl.encode, True),
    "csv": OutputFormat(".csv", csv.encode, True),
    "parquet": OutputFormat(".parquet", parquet.encode, False),
    "xlsx": OutputFormat(".xlsx", xlsx.encode, False),
    "html": OutputFormat(".html", html.encode, False),
}


def encode(format_name: str, name: str, doc: Doc, **options: str) -> bytes:
    """The content of a report's file in one of ``FORMATS``.

    options (str): What the format can be told: ``language`` of html, "zh" or "en".
    Raises ``MissingExtraError`` if the format needs a package that is not installed.
    """
    try:
        return FORMATS[format_name].encode(name, doc, **options)
    except ModuleNotFoundError as error:
        raise MissingExtraError(
            f"--format {format_name} needs {error.name}: pip install 'baogao[io]'"
        ) from error
