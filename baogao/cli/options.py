"""Options and behaviour that the commands over reports share."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from ..reading import ReadingError
from .inputs import Analyser, read_reports
from .pipelines import PipelineError, ledger_only, load_pipeline

# Texts and paths are printed as they are: no markup in brackets, no :emoji:.
console = Console(highlight=False, markup=False, emoji=False)
stderr = Console(stderr=True, highlight=False, markup=False, emoji=False)

PathsArgument = Annotated[
    list[str], typer.Argument(help="Text files, folders (all *.txt below), or - for standard input.")
]
PipelineOption = Annotated[
    str | None,
    typer.Option(
        "--pipeline",
        help="Installed package or folder of a pipeline.",
        show_default="zh_baogao_sm, else models/zh_baogao_sm",
    ),
]
ReportsOption = Annotated[
    Path | None,
    typer.Option(
        "--reports", help="CSV table: report (file name), place, organ (rd or zx), year; any may be empty."
    ),
]
GoldOption = Annotated[
    Path | None, typer.Option("--gold", help="Take annotations from this folder of .ann files.", hidden=True)
]


def make_analyser(pipeline: str | None, gold: Path | None, reports: Path | None) -> Analyser:
    """Exits with code 1 and a message if there is no such pipeline or table."""
    try:
        known = read_reports(reports) if reports else None
        return Analyser(ledger_only() if gold else load_pipeline(pipeline), gold, known)
    except (PipelineError, ReadingError) as error:
        print_error(error)
        raise typer.Exit(1) from error


def print_error(error: object) -> None:
    stderr.print(f"error: {error}", soft_wrap=True)


def progress_bar(shares_terminal: bool) -> Progress:
    """A bar on standard error; none where that is no terminal or the results go to the same one."""
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=stderr,
        transient=True,
        redirect_stdout=False,  # standard output may be a file
        disable=not stderr.is_terminal or (shares_terminal and sys.stdout.isatty()),
    )
