"""``baogao extract``: the ledger of reports."""

from __future__ import annotations

from enum import Enum
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from spacy.tokens import Doc

from ..formats import AnnotationError
from ..output import FORMATS, MissingExtraError, encode, table
from ..output.folder import OutputFolder
from ..page.render import LANGUAGES
from ..reading import ReadingError
from .inputs import Analyser, Input, find_inputs
from .options import (
    GoldOption,
    PathsArgument,
    PipelineOption,
    ReportsOption,
    console,
    make_analyser,
    print_error,
    progress_bar,
    stderr,
)
from .pipelines import identity

Format = Enum("Format", {name: name for name in FORMATS}, type=str)
Language = Enum("Language", {name: name for name in LANGUAGES}, type=str)


def extract(
    paths: PathsArgument,
    pipeline: PipelineOption = None,
    format: Annotated[Format, typer.Option(help="parquet, xlsx and html need --out.")] = Format.table,
    out: Annotated[
        Path | None,
        typer.Option(help="Folder to write one file per report into; what is there and current is kept."),
    ] = None,
    language: Annotated[
        Language | None, typer.Option(help="Language in which the html page opens.", show_default="zh")
    ] = None,
    reports: ReportsOption = None,
    gold: GoldOption = None,
) -> None:
    """Print or write the ledger of reports: what was counted, by which body, when, with the sentence.

    A file that cannot be read is reported and left out; the exit code is then 1.

    Example: baogao extract reports/ --format xlsx --out ledgers/
    """
    if out is None and not FORMATS[format.value].is_text:
        raise typer.BadParameter(f"--format {format.value} needs --out FOLDER")
    if language is not None and format.value != "html":
        raise typer.BadParameter("--language is for --format html")
    inputs, problems = find_inputs(paths, leave_out=out)
    for problem in problems:
        print_error(problem)
    options = {} if language is None else {"language": language.value}
    run = _Run(make_analyser(pipeline, gold, reports), format.value, options, out)
    failed = bool(problems)
    with progress_bar(shares_terminal=out is None) as progress:
        task = progress.add_task("reports", total=len(inputs))
        for source in inputs:
            progress.update(task, description=escape(source.name))
            try:
                run.process(source)
            except MissingExtraError as error:
                print_error(error)
                raise typer.Exit(1) from error
            except (ReadingError, AnnotationError) as error:
                print_error(error)
                failed = True
            except OSError as error:
                print_error(f"{source}: cannot write the result: {error}")
                failed = True
            progress.advance(task)
    if failed:
        raise typer.Exit(1)


class _Run:
    def __init__(
        self, analyse: Analyser, format_name: str, options: dict[str, str], out: Path | None
    ) -> None:
        self.analyse = analyse
        self.format = format_name
        self.options = options
        self.folder: OutputFolder | None = None
        self._printed_header = False
        if out is not None:
            try:
                made_by = ", ".join((identity(analyse.nlp), format_name, *options.values()))
                self.folder = OutputFolder(out, made_by)
            except OSError as error:
                print_error(f"{out}: {error.strerror}")
                raise typer.Exit(1) from error

    def process(self, source: Input) -> None:
        data = source.read()
        if self.folder is None:
            doc = self.analyse(source, data)
            self._print(source.name, doc)
            stderr.print(_summary(source.name, doc), soft_wrap=True)
            return
        file = source.name + FORMATS[self.format].suffix
        if source.path is not None and (self.folder.path / file).resolve() == source.path.resolve():
            raise ReadingError(
                f"{source}: the result would overwrite the report; choose another folder for --out"
            )
        digest = self.analyse.digest(source, data)
        if self.folder.is_current(file, digest):
            stderr.print(f"{source.name}: unchanged, kept {self.folder.path / file}", soft_wrap=True)
            return
        doc = self.analyse(source, data)
        path = self.folder.write(file, digest, encode(self.format, source.name, doc, **self.options))
        stderr.print(f"{_summary(source.name, doc)} → {path}", soft_wrap=True)

    def _print(self, name: str, doc: Doc) -> None:
        if self.format == "table":
            console.print(table.render(name, doc))
            return
        data = encode(self.format, name, doc)
        if self.format == "csv" and self._printed_header:  # one header for all
            data = data.partition(b"\r\n")[2]
        self._printed_header = True
        typer.echo(data, nl=False)


def _summary(name: str, doc: Doc) -> str:
    figures = {
        "characters": len(doc.text),
        "entities": len(doc.ents),
        "relations": len(doc._.relations),
        "records": len(doc._.ledger),
    }
    return f"{name}: " + ", ".join(f"{number:,} {noun}" for noun, number in figures.items())
