"""``baogao evaluate``: the scores of a pipeline on annotated reports."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from ..annotations.stats import read_splits
from ..formats import AnnotationError, read_brat
from ..metrics.pipeline import score_pipeline
from .options import console, print_error, progress_bar
from .pipelines import PipelineError, load_as_is

_RELATION_TABLES = (
    ("relations", "rel", "Relations end to end, boundaries"),
    ("relations", "rel_strict", "Relations end to end, strict"),
    ("gold_entity_relations", "rel_strict", "Relations between gold entities"),
)


def evaluate(
    pipeline: Annotated[str, typer.Argument(help="Installed package or folder of a pipeline.")],
    gold: Annotated[Path, typer.Option(help="Folder of .ann files.")] = Path("annotations/gold"),
    texts: Annotated[Path, typer.Option(help="Folder with a <report>.txt for each <report>.ann.")] = Path(
        "corpus/texts"
    ),
    split: Annotated[
        str | None,
        typer.Option(help="Only the reports of this split: train, dev or test.", show_default="all"),
    ] = None,
    reports: Annotated[
        Path, typer.Option(help="CSV table with the columns report and split, for --split.")
    ] = Path("corpus/reports.csv"),
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")] = False,
) -> None:
    """Score a pipeline on annotated reports: entities, and relations if it finds any.

    A report that cannot be read is reported and left out; the exit code is then 1.

    Example: baogao evaluate models/zh_baogao_sm --split dev
    """
    try:
        files = _gold_files(gold, reports, split)
        nlp = load_as_is(pipeline)
    except (AnnotationError, PipelineError) as error:
        print_error(error)
        raise typer.Exit(1) from error
    annotated, failed = [], False
    for file in files:
        try:
            annotated.append(read_brat(file, texts / f"{file.stem}.txt"))
        except AnnotationError as error:
            print_error(error)
            failed = True
    if annotated:
        meta = nlp.meta
        name = f"{meta['lang']}_{meta['name']}"
        with progress_bar(shares_terminal=False) as progress:
            try:
                scores = score_pipeline(nlp, progress.track(annotated, description=name))
            except AnnotationError as error:
                print_error(f"{name}: {error}")
                raise typer.Exit(1) from error
        _print({"pipeline": name, "version": meta["version"], **scores}, as_json)
    if failed:
        raise typer.Exit(1)


def _gold_files(gold: Path, reports: Path, split: str | None) -> list[Path]:
    if split is None:
        if files := sorted(gold.glob("*.ann")):
            return files
        raise AnnotationError(f"{gold}: no .ann files in this folder")
    if files := [gold / f"{report}.ann" for report, of in read_splits(reports).items() if of == split]:
        return files
    raise AnnotationError(f"{reports}: no report of the split {split!r}")


def _print(scores: dict[str, Any], as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(scores, ensure_ascii=False, indent=2))
        return
    heading = f"{scores['pipeline']} {scores['version']}, reports: {', '.join(scores['reports'])}"
    console.print(heading, soft_wrap=True)
    for table in _tables(scores):
        console.print(table)
    if "relations" in scores:
        ceiling = _percent(scores["relations"]["recall_ceiling"])
        console.print(f"Recall ceiling of the relations that the entities set: {ceiling}")


def _tables(scores: dict[str, Any]) -> Iterator[Table]:
    entities = scores["entities"]
    yield _label_table("Entities, strict", entities, "strict")
    table = _table("Entities, matching schemes", "scheme")
    for scheme in ("strict", "exact", "partial", "type"):
        table.add_row(scheme, *_cells(entities[scheme]))
    yield table
    for key, scheme, title in _RELATION_TABLES:
        if key in scores:
            yield _label_table(title, scores[key], scheme)


def _label_table(title: str, scores: Mapping[str, Any], scheme: str) -> Table:
    table = _table(title, "label")
    for label, of_label in scores["by_label"].items():
        table.add_row(label, *_cells(of_label[scheme]))
    table.add_section()
    table.add_row("micro", *_cells(scores[scheme]))
    return table


def _table(title: str, first_column: str) -> Table:
    table = Table(title=title, title_justify="left")
    table.add_column(first_column)
    for name in ("P", "R", "F1", "support"):
        table.add_column(name, justify="right")
    return table


def _cells(score: Mapping[str, float]) -> list[str]:
    return [*(_percent(score[name]) for name in ("precision", "recall", "f1")), f"{score['support']:,}"]


def _percent(share: float) -> str:
    return f"{100 * share:.1f}"
