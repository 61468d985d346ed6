"""The encoder of a trained pipeline as pretrained weights, for another pipeline to start from.

Of convolutions, the file that ``[initialize] init_tok2vec`` reads; of a transformer, the folder that
``baogao.CharTransformer.v1`` takes as its name.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import spacy
import typer

from baogao.atomic import write_bytes, write_folder


def main(
    pipeline: Annotated[Path, typer.Argument(help="A pipeline with a component tok2vec.")],
    out: Annotated[Path, typer.Argument(help="The file or folder to write.")],
) -> None:
    model = spacy.load(pipeline).get_pipe("tok2vec").model
    if model.name == "char_transformer":
        write_folder(out, model.shims[0].encoder.model.save_pretrained)
    elif model.name == "onnx_encoder":
        raise typer.BadParameter(
            f"{pipeline}: its encoder is exported to ONNX, so nothing can be trained from it"
        )
    else:
        out.parent.mkdir(parents=True, exist_ok=True)
        write_bytes(out, model.to_bytes())


if __name__ == "__main__":
    typer.run(main)
