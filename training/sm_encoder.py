"""zh_baogao_sm's encoder as its config describes it, for the pretraining step."""

from __future__ import annotations

from pathlib import Path

import spacy
from spacy.util import load_config, registry
from thinc.api import Model

CONFIG = Path(__file__).parents[1] / "configs" / "zh_baogao_sm.cfg"

_TOK2VEC = load_config(CONFIG, interpolate=True)["components"]["tok2vec"]["model"]
WIDTH: int = _TOK2VEC["embed"]["width"]
EMBED_WIDTH: int = _TOK2VEC["embed"]["embed_width"]
SIZES: list[int] = _TOK2VEC["embed"]["sizes"]
ROWS: list[int] = _TOK2VEC["embed"]["rows"]
MAXOUT_PIECES: int = _TOK2VEC["embed"]["maxout_pieces"]
DILATIONS: list[int] = _TOK2VEC["encode"]["dilations"]

# The same as arguments of StemTransformerConfig.
STEM = {
    "ngram_sizes": SIZES,
    "ngram_rows": ROWS,
    "embed_width": EMBED_WIDTH,
    "stem_width": WIDTH,
    "maxout_pieces": MAXOUT_PIECES,
    "dilations": DILATIONS,
}


def build_encoder() -> Model:
    """The initialised encoder, ``list[Doc]`` to ``list[Floats2d]``."""
    encoder = registry.resolve({"model": _TOK2VEC})["model"]
    encoder.initialize(X=[spacy.blank("zh")("报告")])
    return encoder
