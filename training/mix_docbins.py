"""Several DocBins as one, each of them several times or in part.

    python -m training.mix_docbins OUT FILE=TIMES [FILE=TIMES …]

``reports.spacy=3`` stands for all its documents, three times; ``voted.spacy=0.45`` for a random 45% of them.
"""

from __future__ import annotations

import random
from pathlib import Path
from typing import Annotated

import spacy
import typer
from rich.console import Console
from spacy.tokens import Doc, DocBin

from baogao.atomic import write_bytes


def take(docs: list[Doc], times: float, seed: int = 0) -> list[Doc]:
    """All documents as often as the whole part of ``times`` says, and a random share of them for the rest."""
    whole = int(times)
    share = random.Random(seed).sample(docs, round(len(docs) * (times - whole)))
    return docs * whole + share


def main(
    out: Annotated[Path, typer.Argument(help="DocBin to write.")],
    parts: Annotated[list[str], typer.Argument(help="FILE=TIMES of each part.")],
    seed: int = 0,
) -> None:
    out.parent.mkdir(parents=True, exist_ok=True)
    vocab, mixed = spacy.blank("zh").vocab, []
    for part in parts:
        name, _, times = part.rpartition("=")
        try:
            factor = float(times)
            docs = list(DocBin().from_disk(name).get_docs(vocab))
        except (OSError, ValueError) as error:
            raise typer.BadParameter(f"{part}: {error}") from error
        if not 0 <= factor < float("inf"):
            raise typer.BadParameter(f"{part}: a number of times, from 0 on, is wanted")
        mixed += take(docs, factor, seed)
    write_bytes(out, DocBin(docs=mixed, store_user_data=True).to_bytes())
    Console().print(f"{len(mixed):,} documents, {sum(map(len, mixed)):,} tokens in {out}")


if __name__ == "__main__":
    typer.run(main)
