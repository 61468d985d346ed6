"""``baogao compare``: the same figures across reports."""

from __future__ import annotations

import json
from enum import Enum
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from ..atomic import write_bytes
from ..formats import AnnotationError
from ..ledger.comparison import COLUMNS, ComparedReport, compare_reports, comparison_rows
from ..output.comparison_table import figure_tables, slogan_table
from ..output.comparison_table import sentences as sentence_list
from ..output.csv import encode_rows
from ..reading import ReadingError
from .inputs import find_inputs
from .options import (
    GoldOption,
    PathsArgument,
    PipelineOption,
    ReportsOption,
    console,
    make_analyser,
    print_error,
    progress_bar,
)


class Format(str, Enum):
    table = "table"
    csv = "csv"
    jsonl = "jsonl"


def compare(
    paths: PathsArgument,
    pipeline: PipelineOption = None,
    format: Annotated[
        Format, typer.Option(help="csv and jsonl have the sentence and offsets of each figure.")
    ] = Format.table,
    sentences: Annotated[
        bool, typer.Option("--sentences", help="Show the sentence behind each figure.")
    ] = False,
    plot: Annotated[Path | None, typer.Option(help="Also draw the figures into this PNG file.")] = None,
    reports: ReportsOption = None,
    gold: GoldOption = None,
) -> None:
    """Put the same figures of several reports side by side, and count the formulas they cite.

    Which counted items make an indicator is in baogao/ledger/indicators.csv.

    Example: baogao compare reports/ --sentences
    """
    inputs, problems = find_inputs(paths)
    for problem in problems:
        print_error(problem)
    analyse = make_analyser(pipeline, gold, reports)
    failed, docs = bool(problems), []
    with progress_bar(shares_terminal=False) as progress:
        task = progress.add_task("reports", total=len(inputs))
        for source in inputs:
            progress.update(task, description=escape(source.name))
            try:
                docs.append((source.name, analyse(source, source.read())))
            except (ReadingError, AnnotationError) as error:
                print_error(error)
                failed = True
            progress.advance(task)
    compared = compare_reports(docs)
    _print(compared, format, sentences)
    if plot is not None and not _plot(compared, plot):
        failed = True
    if failed:
        raise typer.Exit(1)


def _print(compared: list[ComparedReport], format: Format, sentences: bool) -> None:
    if format is Format.csv:
        typer.echo(encode_rows(list(COLUMNS), comparison_rows(compared)), nl=False)
    elif format is Format.jsonl:
        for row in comparison_rows(compared):
            typer.echo(json.dumps(row, ensure_ascii=False))
    elif sentences:
        for text in sentence_list(compared):
            console.print(text, soft_wrap=True)
    else:
        for table in (*figure_tables(compared), slogan_table(compared)):
            console.print(table)


def _plot(compared: list[ComparedReport], path: Path) -> bool:
    try:
        from ..output.plot import plot_figures

        write_bytes(path, plot_figures(compared))
    except ModuleNotFoundError as error:
        print_error(f"--plot needs {error.name}: pip install 'baogao[plot]'")
    except OSError as error:
        print_error(f"{path}: {error.strerror}")
    else:
        return True
    return False
