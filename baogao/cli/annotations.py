"""``baogao annotations``: check, compare, show, count and convert annotation files."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from ..annotations.agreement import Agreement, Overlap, measure_agreement
from ..annotations.check import check_file
from ..annotations.show import render_html, render_terminal
from ..annotations.stats import read_splits, statistics
from ..formats import AnnotationError, holds_relations, read_annotated, write_annotated
from ..formats.files import write_text
from .options import console, print_error, stderr

app = typer.Typer(help="Check, compare, show, count and convert annotation files.", no_args_is_help=True)

GOLD = Path("annotations/gold")
TEXTS = Path("corpus/texts")
REPORTS = Path("corpus/reports.csv")

TextsOption = Annotated[
    Path, typer.Option("--texts", help="Folder with a <report>.txt for each <report>.ann.")
]


@app.command()
def check(
    paths: Annotated[
        list[Path] | None, typer.Argument(help="Files or folders of .ann files.", show_default=str(GOLD))
    ] = None,
    texts: TextsOption = TEXTS,
) -> None:
    """Check .ann files against their texts, the schema and the guidelines; exit code 1 for any problem."""
    with _exit_on_error():
        files = [file for path in paths or [GOLD] for file in _annotation_files(path)]
    spans = relations = found = 0
    for file in files:
        try:
            records, problems = check_file(file, _text_of(file, texts))
        except AnnotationError as error:
            print_error(error)
            found += 1
            continue
        for line, cause in problems:
            console.print(f"{file}:{line}: {cause}", soft_wrap=True)
        spans += len(records.spans)
        relations += len(records.relations)
        found += len(problems)
    console.print(f"files {len(files)}, spans {spans:,}, relations {relations:,}, problems {found:,}")
    if found:
        raise typer.Exit(1)


@app.command()
def agree(
    a: Annotated[Path, typer.Argument(help="Annotation file or folder A.")],
    b: Annotated[Path, typer.Argument(help="Annotation file or folder B.")],
    texts: TextsOption = TEXTS,
) -> None:
    """Measure the agreement of two annotations and print every disagreement in context.

    Of folders, the reports that are in both are compared.
    """
    pairs, failed = [], False
    with _exit_on_error():
        files = _pair(a, b)
    for pair in files:
        try:
            pairs.append(tuple(read_annotated(file, _text_of(file, texts)) for file in pair))
        except AnnotationError as error:
            print_error(error)
            failed = True
    if pairs:
        with _exit_on_error():
            _print_agreement(measure_agreement(pairs))
    if failed:
        raise typer.Exit(1)


@app.command()
def show(
    report: Annotated[str, typer.Argument(help="A report of annotations/gold, or an annotation file.")],
    html: Annotated[Path | None, typer.Option(help="Write a web page here instead of printing.")] = None,
    texts: TextsOption = TEXTS,
) -> None:
    """Show a report with its spans in colour and its relations below each paragraph."""
    file = Path(report) if Path(report).suffix else GOLD / f"{report}.ann"
    with _exit_on_error():
        annotated = read_annotated(file, _text_of(file, texts))
        if html is not None:
            write_text(html, render_html(annotated))
            return
    for paragraph in render_terminal(annotated):
        console.print(paragraph, soft_wrap=True)


@app.command()
def stats(
    folder: Annotated[Path, typer.Argument(help="Folder of .ann files.")] = GOLD,
    texts: TextsOption = TEXTS,
    reports: Annotated[Path, typer.Option(help="Table with the split of each report.")] = REPORTS,
) -> None:
    """Count reports, spans and relations by split, as the Markdown tables of annotations/README.md."""
    with _exit_on_error():
        annotated = [read_annotated(file, _text_of(file, texts)) for file in _annotation_files(folder)]
        typer.echo(statistics(annotated, read_splits(reports)))


@app.command()
def convert(
    source: Annotated[Path, typer.Argument(help="Annotation file, named as the report is.")],
    target: Annotated[Path, typer.Argument(help="File to write.")],
    texts: Annotated[Path, typer.Option("--texts", help="Folder with the <report>.txt.")] = TEXTS,
) -> None:
    """Convert an annotation file; the suffixes say from which format to which.

    .ann is brat standoff, .txt the inline form, .spacy a DocBin of spaCy,
    .bio or .conll one BIO tag per character, which holds entities alone.

    Example: baogao convert annotations/gold/henan-zx-2023.ann henan-zx-2023.spacy
    """
    with _exit_on_error():
        annotated = read_annotated(source, _text_of(source, texts))
        write_annotated(annotated, target)
    if annotated.relations and not holds_relations(target):
        stderr.print(
            f"{target}: relations left out: {len(annotated.relations):,}; the format holds entities alone",
            soft_wrap=True,
        )


def _annotation_files(path: Path) -> list[Path]:
    if not path.is_dir():
        return [path]
    if files := sorted(path.glob("*.ann")):
        return files
    raise AnnotationError(f"{path}: no .ann files in this folder")


def _pair(a: Path, b: Path) -> list[tuple[Path, Path]]:
    """Two files as they are; with a folder, files of the same name. Says which reports are left out."""
    if not a.is_dir() and not b.is_dir():
        return [(a, b)]
    by_name_a, by_name_b = ({file.stem: file for file in _annotation_files(path)} for path in (a, b))
    shared = sorted(by_name_a.keys() & by_name_b.keys())
    if not shared:
        raise AnnotationError(f"{a} and {b} have no report in common")
    for path, files in ((a, by_name_a), (b, by_name_b)):
        if left_out := len(files) - len(shared):
            console.print(f"reports only in {path}, left out: {left_out}", soft_wrap=True)
    return [(by_name_a[name], by_name_b[name]) for name in shared]


def _text_of(annotations: Path, texts: Path) -> Path:
    return texts / f"{annotations.stem}.txt"


def _print_agreement(agreement: Agreement) -> None:
    for title, overlap in (
        ("Spans", agreement.spans),
        ("Relations", agreement.relations),
        ("Relations between spans in both", agreement.relations_on_shared_spans),
    ):
        console.print(_overlap_table(title, overlap))
    console.print(f"Cohen's kappa on characters: {_rounded(agreement.kappa)}")
    table = Table(
        "report", "paragraph", "only in", "label", "context", title="Disagreements", title_justify="left"
    )
    for each in agreement.disagreements:
        table.add_row(each.report, str(each.paragraph), each.side, each.label, each.context)
    console.print(table)


def _overlap_table(title: str, overlap: Overlap) -> Table:
    table = Table(title=title, title_justify="left")
    table.add_column("label")
    for name in ("both", "only A", "only B", "F1"):
        table.add_column(name, justify="right")
    for label in overlap.labels:
        counts = (overlap.both[label], overlap.only_a[label], overlap.only_b[label])
        table.add_row(label, *map(str, counts), _rounded(overlap.f1(label)))
    table.add_section()
    totals = (counts.total() for counts in (overlap.both, overlap.only_a, overlap.only_b))
    table.add_row("all", *map(str, totals), _rounded(overlap.f1()))
    return table


def _rounded(figure: float | None) -> str:
    return "–" if figure is None else f"{figure:.3f}"


@contextmanager
def _exit_on_error() -> Iterator[None]:
    try:
        yield
    except AnnotationError as error:
        print_error(error)
        raise typer.Exit(1) from error
