"""The command line: ``baogao``."""

from __future__ import annotations

import typer

from .annotations import app as annotations
from .annotations import convert
from .compare import compare
from .evaluate import evaluate
from .extract import extract
from .schema import schema

app = typer.Typer(
    help="Turn Chinese work reports (人大/政协工作报告) into data.",
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,
)
app.command()(extract)
app.command()(compare)
app.command()(evaluate)
app.command()(convert)
app.command()(schema)
app.add_typer(annotations, name="annotations")
