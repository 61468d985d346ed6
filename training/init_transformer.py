"""A trained pipeline with transformer layers over its convolutions, which add nothing yet: where zh_baogao_trf starts.

    python -m training.init_transformer models/zh_baogao_sm training/runs/zh_baogao_trf-start

What the new layers add is zero at first (as in Zhang et al. 2019, "Fixup Initialization"), so the new pipeline
predicts what the old one does, but for the ends of a text (docs/encoders.md). From there ``configs/fine_tune.cfg``
makes it better.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import spacy
import torch
import typer
from spacy.util import registry
from thinc.api import Model
from torch import nn

from baogao.encoders.character_encoder import CharacterEncoder
from baogao.encoders.configuration import StemTransformerConfig
from baogao.encoders.stem_transformer import StemTransformerModel
from baogao.layers.character_inputs import HashInputs
from training import sm_encoder
from training.replace_encoder import COMPONENT, replace_encoder


def build_encoder(model: Model, layers: int, heads: int) -> CharacterEncoder:
    """The convolutions of zh_baogao_sm in torch and new transformer layers of their width over them.

    model: The thinc model of zh_baogao_sm's encoder. Raises ValueError if it has another shape.
    """
    config = StemTransformerConfig(
        **sm_encoder.STEM,
        hidden_size=sm_encoder.WIDTH,
        num_hidden_layers=layers,
        num_attention_heads=heads,
        intermediate_size=4 * sm_encoder.WIDTH,
        final_norm=False,
    )
    encoder = StemTransformerModel(config)
    encoder.stem.from_thinc(model)
    with torch.no_grad():
        nn.init.eye_(encoder.projection.weight)
        for layer in encoder.layers:
            for last in (layer.attention_output, layer.output):
                nn.init.zeros_(last.weight)
    return CharacterEncoder(encoder, HashInputs(config.ngram_sizes, config.ngram_rows))


def main(
    pipeline: Annotated[Path, typer.Argument(help="A pipeline with zh_baogao_sm's encoder.")],
    out: Annotated[Path, typer.Argument(help="Folder to write the new pipeline to.")],
    layers: Annotated[int, typer.Option(help="Transformer layers.")] = 2,
    heads: Annotated[int, typer.Option(help="Attention heads of each.")] = 4,
    # Documents of training, groups of paragraphs or single ones, fit into one window.
    window: Annotated[int, typer.Option(help="Characters that attention sees.")] = 620,
    stride: Annotated[int, typer.Option(help="Characters from one window to the next.")] = 500,
    learn_rate_factor: Annotated[float, typer.Option(help="Of the optimizer's learning rate.")] = 0.5,
    dropout: Annotated[float, typer.Option(help="Rate of the encoder's dropout.")] = 0.2,
    seed: int = 0,
) -> None:
    if sm_encoder.WIDTH % (2 * heads):
        raise typer.BadParameter(f"{heads} heads of an even width do not make up {sm_encoder.WIDTH}")
    torch.manual_seed(seed)
    try:
        nlp = spacy.load(pipeline)
        encoder = build_encoder(nlp.get_pipe(COMPONENT).model, layers, heads)
    except (OSError, KeyError, ValueError) as error:
        raise typer.BadParameter(f"{pipeline}: {error}") from error
    settings = {
        "@architectures": "baogao.CharTransformer.v1",
        "name": None,
        "window": window,
        "stride": stride,
        "learn_rate_factor": learn_rate_factor,
        "dropout": dropout,
    }
    layer = registry.resolve({"layer": settings})["layer"]
    layer.shims[0].encoder = encoder
    layer.set_dim("nO", encoder.width)
    replace_encoder(nlp, layer, settings, out)


if __name__ == "__main__":
    typer.run(main)
