"""The encoder of a trained pipeline as pretrained weights for another: what ``[initialize] init_tok2vec`` reads."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import spacy
import typer

from baogao.atomic import write_bytes


def main(
    pipeline: Annotated[Path, typer.Argument(help="A pipeline with a component tok2vec.")],
    out: Annotated[Path, typer.Argument(help="Where to write the weights.")],
) -> None:
    write_bytes(out, spacy.load(pipeline).get_pipe("tok2vec").model.to_bytes())


if __name__ == "__main__":
    typer.run(main)
