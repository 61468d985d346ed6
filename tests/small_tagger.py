"""A tagger over an encoder of ``transformers``, and two sentences for it to learn."""

from __future__ import annotations

import spacy
from spacy.training import Example
from thinc.api import fix_random_seed

TRAIN = [
    ("召开会议7次", [(2, 4, "ITEM"), (4, 6, "COUNT")]),
    ("审议报告18项", [(2, 4, "ITEM"), (4, 7, "COUNT")]),
]
PIPELINE = """
[nlp]
lang = "zh"
pipeline = ["tok2vec", "entity_tagger"]

[nlp.tokenizer]
@tokenizers = "spacy.zh.ChineseTokenizer"
segmenter = "char"

[components]

[components.tok2vec]
factory = "tok2vec"

[components.tok2vec.model]
@architectures = "baogao.CharTransformer.v1"
name = null
window = 40
stride = 20
dropout = 0.0

[components.entity_tagger]
factory = "entity_tagger"

[components.entity_tagger.model]
@architectures = "baogao.EntityTagger.v1"
hidden_width = 16

[components.entity_tagger.model.tok2vec]
@architectures = "spacy.Tok2VecListener.v1"
width = 32
"""


def train_pipeline(checkpoint, steps, **settings):
    config = spacy.util.load_config_from_str(PIPELINE)
    config["components"]["tok2vec"]["model"] |= {"name": str(checkpoint), **settings}
    pipeline = spacy.util.load_model_from_config(config, auto_fill=True)
    examples = [
        Example.from_dict(pipeline.make_doc(text), {"entities": entities}) for text, entities in TRAIN
    ]
    fix_random_seed(0)
    optimizer = pipeline.initialize(lambda: examples)
    optimizer.learn_rate = 0.01
    for _ in range(steps):
        pipeline.update(examples, sgd=optimizer)
    return pipeline
