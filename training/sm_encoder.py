"""The shape of zh_baogao_sm's encoder, for the pretraining step; ``configs/zh_baogao_sm.cfg`` says the same."""

from __future__ import annotations

import spacy
from spacy.ml.models.tok2vec import build_Tok2Vec_model
from thinc.api import Model

from baogao.layers.char_ngrams import CharNgramEmbed
from baogao.layers.dilated_encoder import DilatedMaxoutEncoder

WIDTH = 160
EMBED_WIDTH = 96
SIZES = [1, 2]
ROWS = [5000, 24000]
DILATIONS = [1, 1, 2, 2, 4, 4]
MAXOUT_PIECES = 2


def build_encoder() -> Model:
    """The initialised encoder, ``list[Doc]`` to ``list[Floats2d]``."""
    encoder = build_Tok2Vec_model(
        CharNgramEmbed(WIDTH, EMBED_WIDTH, SIZES, ROWS, MAXOUT_PIECES),
        DilatedMaxoutEncoder(WIDTH, DILATIONS, MAXOUT_PIECES),
    )
    encoder.initialize(X=[spacy.blank("zh")("报告")])
    return encoder
