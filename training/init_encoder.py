"""An encoder whose stem is pretrained and whose transformer is new, for zh_baogao_trf to start from.

The stem's weights come from ``training.pretrain_tok2vec``, or from a trained pipeline (``training.export_encoder``),
whose knowledge of the task the transformer then adds to. ``training.pretrain_encoder`` pretrains both instead.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import torch
import typer
from spacy.util import load_config

from baogao.atomic import write_folder
from training.pretrain_encoder import CONFIG, build_model


def main(
    tok2vec: Annotated[Path, typer.Argument(help="Weights of the stem, as thinc writes them.")],
    out: Annotated[Path, typer.Argument(help="Folder to write the encoder to, as transformers saves it.")],
    config: Annotated[Path, typer.Option(help="Shape of the encoder.")] = CONFIG,
    seed: int = 0,
) -> None:
    torch.manual_seed(seed)
    model = build_model(load_config(config)["encoder"], {}, [], tok2vec)
    write_folder(out, model.encoder.save_pretrained)


if __name__ == "__main__":
    typer.run(main)
