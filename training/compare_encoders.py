"""Speed and scores of pipelines that differ in their encoder: convolutions, torch, ONNX, ONNX in 8 bits.

All are measured in one run, one after the other, so that they meet much the same load of the machine.
"""

from __future__ import annotations

import json
import statistics
import time
from pathlib import Path
from typing import Annotated

import spacy
import typer
from rich.console import Console
from rich.table import Table
from spacy.language import Language
from spacy.tokens import DocBin
from spacy.training import Corpus

from baogao.atomic import write_bytes


def measure_speed(nlp: Language, texts: list[str], rounds: int) -> float:
    """Characters per second, the median of the rounds; the first pass is not counted."""
    seconds = []
    for _ in range(rounds + 1):
        begin = time.perf_counter()
        for _ in nlp.pipe(texts):
            pass
        seconds.append(time.perf_counter() - begin)
    return sum(map(len, texts)) / statistics.median(seconds[1:])


def main(
    docbin: Annotated[
        Path, typer.Argument(help="Annotated reports to score on, e.g. corpus/docbin/dev.spacy.", exists=True)
    ],
    pipelines: Annotated[list[Path], typer.Argument(help="Trained pipelines.")],
    rounds: Annotated[int, typer.Option(help="Passes over the reports to take the median of.", min=1)] = 3,
    out: Annotated[Path | None, typer.Option(help="JSON to write.")] = None,
) -> None:
    if out:
        out.parent.mkdir(parents=True, exist_ok=True)
    rows = []
    for path in pipelines:
        try:
            nlp = spacy.load(path)
            size = (path / "tok2vec" / "model").stat().st_size
        except (OSError, ValueError) as error:
            raise typer.BadParameter(f"{path}: {error}") from error
        try:
            examples = list(Corpus(docbin)(nlp))
        except (OSError, ValueError) as error:
            raise typer.BadParameter(f"{docbin}: {error}") from error
        texts = [doc.text for doc in DocBin().from_disk(docbin).get_docs(nlp.vocab)]
        scores = nlp.evaluate(examples)
        relations = scores.get("spans_relations_f")
        rows.append(
            {
                "pipeline": str(path),
                "characters_per_second": round(measure_speed(nlp, texts, rounds)),
                "ents_f": round(scores["ents_f"], 4),
                "relations_f": None if relations is None else round(relations, 4),
                "encoder_mb": round(size / 1e6, 1),
            }
        )
    table = Table(*rows[0])
    for row in rows:
        table.add_row(*map(str, row.values()))
    Console().print(table)
    if out:
        write_bytes(out, json.dumps(rows, indent=2).encode())


if __name__ == "__main__":
    typer.run(main)
