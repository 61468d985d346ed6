"""A page of everything that a pipeline gets wrong on the dev or train reports, in context.

There is none for the test reports: who has read their errors cannot measure on them any more.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from itertools import pairwise
from pathlib import Path
from typing import Annotated

import typer

from baogao.cli.pipelines import PipelineError, load_pipeline
from baogao.formats.annotated import AnnotatedText, AnnotationError
from baogao.formats.files import write_text
from baogao.formats.spacy_doc import from_doc
from baogao.metrics.errors import find_entity_errors, find_relation_errors
from baogao.metrics.items import Entity, Link, items_of
from evaluate.data import BenchmarkError, load_split
from evaluate.error_page import ErrorRow, render_errors

CONTEXT = 40
"""Characters shown on either side of an error, within its paragraph."""


class Split(str, Enum):
    dev = "dev"
    train = "train"


def error_rows(gold: AnnotatedText, predicted: AnnotatedText) -> list[ErrorRow]:
    """Entity errors, then relation errors, each in text order.

    gold, predicted (AnnotatedText): Annotations of the same text under the same name.
    """
    gold_entities, gold_links = items_of(gold)
    entities, links = items_of(predicted)
    rows = [
        _row(
            gold,
            "entity",
            error.kind,
            (error.gold or error.predicted)[0].label,
            [(_describe(gold, e), [e]) for e in error.gold],
            [(_describe(gold, e), [e]) for e in error.predicted],
        )
        for error in find_entity_errors(gold_entities, entities)
    ]
    for error in find_relation_errors(gold_links, links, gold_entities, entities):
        sides = [
            [(_describe_link(gold, link), [link.head, link.tail])] if link else []
            for link in (error.gold, error.predicted)
        ]
        rows.append(_row(gold, "relation", error.kind, (error.gold or error.predicted).label, *sides))
    return rows


Side = Sequence[tuple[str, list[Entity]]]


def _row(report: AnnotatedText, what: str, kind: str, label: str, gold: Side, predicted: Side) -> ErrorRow:
    gold_spans, predicted_spans = ([e for _, spans in side for e in spans] for side in (gold, predicted))
    start = min(e.start for e in gold_spans + predicted_spans)
    return ErrorRow(
        what,
        kind,
        label,
        report.name,
        report.text.count("\n", 0, start) + 1,
        [text for text, _ in gold],
        [text for text, _ in predicted],
        _context(report.text, gold_spans, predicted_spans),
    )


def _context(text: str, gold: list[Entity], predicted: list[Entity]) -> list[tuple[str, bool, bool]]:
    """The text around some spans, cut where a span begins or ends."""
    first, last = min(e.start for e in gold + predicted), max(e.end for e in gold + predicted)
    start = max(first - CONTEXT, text.rfind("\n", 0, first) + 1)
    paragraph_end = text.find("\n", last)
    end = min(last + CONTEXT, paragraph_end if paragraph_end >= 0 else len(text))
    cuts = sorted({start, end, *(cut for e in gold + predicted for cut in (e.start, e.end))})
    return [
        (
            text[a:b],
            any(e.start <= a < e.end for e in gold),
            any(e.start <= a < e.end for e in predicted),
        )
        for a, b in pairwise(cuts)
    ]


def _describe(report: AnnotatedText, entity: Entity) -> str:
    return f"{report.text[entity.start : entity.end]} {entity.label}"


def _describe_link(report: AnnotatedText, link: Link) -> str:
    return f"{_describe(report, link.head)} → {_describe(report, link.tail)}: {link.label}"


def main(
    pipeline: Annotated[str, typer.Option(help="A spaCy pipeline: installed package or directory.")],
    out: Annotated[Path, typer.Option(help="The HTML file to write.")],
    split: Annotated[Split, typer.Option(help="The reports to look at.")] = Split.dev,
    corpus: Annotated[Path, typer.Option(help="Holds reports.csv and texts/.")] = Path("corpus"),
    annotations: Annotated[Path, typer.Option(help="Holds the gold .ann files.")] = Path("annotations/gold"),
) -> None:
    """Write a page with every entity and relation error of a pipeline, gold against predicted."""
    try:
        nlp = load_pipeline(pipeline)
        rows = []
        for report in load_split(corpus, annotations, split.value):
            rows += error_rows(report, from_doc(nlp(report.text), report.name))
        name = f"{nlp.meta['lang']}_{nlp.meta['name']} {nlp.meta['version']}"
        write_text(out, render_errors(rows, f"Errors of {name}, {split.value} reports"))
    except (AnnotationError, BenchmarkError, PipelineError) as error:
        typer.echo(f"error: {error}", err=True)
        raise typer.Exit(1) from error
    typer.echo(f"wrote {len(rows)} errors to {out}")


if __name__ == "__main__":
    typer.run(main)
