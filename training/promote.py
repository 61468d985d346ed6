"""Put a finished pipeline in the place of the committed one, keeping its card."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Annotated

import spacy
import typer

from baogao.atomic import write_folder


def main(
    pipeline: Annotated[Path, typer.Argument(help="A finished pipeline.")],
    out: Annotated[Path, typer.Argument(help="The committed pipeline to replace.")],
) -> None:
    spacy.load(pipeline)  # refuse what does not load

    def write(incoming: Path) -> None:
        shutil.copytree(pipeline, incoming)
        card = out / "README.md"
        if card.exists():
            shutil.copy(card, incoming / "README.md")

    write_folder(out, write)


if __name__ == "__main__":
    typer.run(main)
