"""Gold annotations to the DocBins that training and ``spacy evaluate`` read.

Training documents are groups of paragraphs, so that batches are even; dev and test documents are whole reports,
as a user has them. The annotated excerpts, whose paragraphs have nothing to do with each other, are training data
too where their texts have been put together (``training.build_excerpts``); those that their table puts in dev stand
in a file of their own. The reviewed paragraphs, whose annotations pipelines proposed and readers decided on, are
training data in the same way. Relations travel in the documents' user data.
"""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path
from typing import Annotated

import spacy
import typer
from rich.console import Console
from rich.table import Table
from spacy.tokens import DocBin

from baogao.atomic import write_bytes
from baogao.formats.brat import read_brat
from baogao.formats.slicing import paragraph_groups
from baogao.formats.spacy_doc import to_doc
from baogao.schema import ENTITY_LABELS, RELATION_LABELS

GROUP = 600  # characters of a training document


def make_docbin(names: list[str], gold: Path, texts: Path, group: int | None) -> tuple[DocBin, Counter[str]]:
    """The reports' documents and how many entities and relations of each label they hold.

    group: Characters of a group of paragraphs; None keeps each report whole.
    Raises ``AnnotationError`` where a span cannot be represented or an annotation would be lost.
    """
    nlp = spacy.blank("zh")
    docbin, counts = DocBin(store_user_data=True), Counter()
    for name in names:
        annotated = read_brat(gold / f"{name}.ann", texts / f"{name}.txt")
        parts = [annotated] if group is None else list(paragraph_groups(annotated, group))
        lost = len(annotated.relations) - sum(len(part.relations) for part in parts)
        lost += len(annotated.spans) - sum(len(part.spans) for part in parts)
        if lost:
            raise ValueError(f"{name}: {lost} annotations lost in cutting the report into paragraphs")
        for part in parts:
            doc = to_doc(nlp, part)
            docbin.add(doc)
            counts.update(ent.label_ for ent in doc.ents)
            counts.update(relation.label for relation in doc._.relations)
        counts["texts"] += 1
        counts["documents"] += len(parts)
        counts["characters"] += len(annotated.text)
    return docbin, counts


def merged(*docbins: DocBin) -> DocBin:
    """The documents of all of them, in their order."""
    together = DocBin(store_user_data=True)
    for docbin in docbins:
        together.merge(docbin)
    return together


def names_by_split(table: Path, key: str) -> dict[str, list[str]]:
    """Split to the texts that are in it, each once, in the order of the table's column ``key``.

    Raises ValueError if the table lacks that column or ``split``, or names another split, or is no UTF-8.
    """
    splits: dict[str, dict[str, None]] = {"train": {}, "dev": {}, "test": {}}  # ordered sets
    with table.open(encoding="utf-8-sig", newline="") as rows:
        for row in csv.DictReader(rows):
            if key not in row or row.get("split") not in splits:
                raise ValueError(f"{table}: needs columns {key} and split, of {', '.join(splits)}; got {row}")
            splits[row["split"]].setdefault(row[key])
    return {split: list(names) for split, names in splits.items()}


def main(
    reports: Annotated[Path, typer.Option(help="Table of reports with their split.")] = Path(
        "corpus/reports.csv"
    ),
    texts: Annotated[Path, typer.Option(help="Folder of the clean texts.")] = Path("corpus/texts"),
    gold: Annotated[Path, typer.Option(help="Folder of the gold .ann files.")] = Path("annotations/gold"),
    excerpts: Annotated[Path, typer.Option(help="Folder of the excerpts' texts.")] = Path("corpus/excerpts"),
    excerpts_gold: Annotated[Path, typer.Option(help="Folder of the excerpts' .ann files.")] = Path(
        "annotations/excerpts"
    ),
    reviewed: Annotated[Path, typer.Option(help="Folder of the reviewed texts.")] = Path("corpus/reviewed"),
    reviewed_gold: Annotated[Path, typer.Option(help="Folder of the reviewed texts' .ann files.")] = Path(
        "annotations/reviewed"
    ),
    repeat_reports: Annotated[
        int,
        typer.Option(
            help="How often the reports stand in the training data, against once for the other texts."
        ),
    ] = 1,
    paragraph_group: Annotated[
        int,
        typer.Option(
            help="Characters of a group of excerpts' and reviewed paragraphs in training; 1 keeps each for itself, "
            "larger groups are less to pad for an encoder with attention."
        ),
    ] = 1,
    out: Annotated[
        Path,
        typer.Option(
            help="Folder for train.spacy, its parts reports and official (excerpts and reviewed), dev, dev_excerpts "
            "and test."
        ),
    ] = Path("corpus/docbin"),
) -> None:
    out.mkdir(parents=True, exist_ok=True)
    try:
        made = {
            split: make_docbin(names, gold, texts, GROUP if split == "train" else None)
            for split, names in names_by_split(reports, "report").items()
        }
        for name, split, folder, annotations in (
            ("excerpts", "train", excerpts, excerpts_gold),
            ("dev_excerpts", "dev", excerpts, excerpts_gold),
            ("reviewed", "train", reviewed, reviewed_gold),
        ):
            there = {path.stem for path in folder.glob("*.txt")}
            in_table = names_by_split(annotations / "sources.csv", "excerpt") if there else {}
            names = [excerpt for excerpt in in_table.get(split, []) if excerpt in there]
            made[name] = make_docbin(names, annotations, folder, paragraph_group if split == "train" else 1)
    except (OSError, ValueError) as error:  # an AnnotationError is one
        raise typer.BadParameter(str(error)) from error
    official = merged(made["excerpts"][0], made["reviewed"][0])
    training = merged(*[made["train"][0]] * repeat_reports, official)
    parts = {
        "train": "train: reports",
        "excerpts": "train: excerpts",
        "reviewed": "train: reviewed",
        "dev": "dev",
        "dev_excerpts": "dev: excerpts",
        "test": "test",
    }
    table = Table("", *parts.values(), title="Annotated data")
    files = {name: docbin for name, (docbin, _) in made.items()} | {
        "train": training,
        "reports": made["train"][0],
        "official": official,
    }
    for name, docbin in files.items():
        write_bytes(out / f"{name}.spacy", docbin.to_bytes())
    columns = [made[name][1] for name in parts]
    for key in ("texts", "documents", "characters", *ENTITY_LABELS, *RELATION_LABELS):
        table.add_row(key, *(f"{counts[key]:,}" for counts in columns))
    Console().print(table)


if __name__ == "__main__":
    typer.run(main)
