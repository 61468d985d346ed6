"""The network of the entity tagger: token vectors in, tag probabilities out."""

from __future__ import annotations

from spacy.tokens import Doc
from spacy.util import registry
from thinc.api import Model, Softmax_v2, chain, concatenate, zero_init
from thinc.types import Floats2d

from .normalized_maxout import NormalizedMaxout
from .ops import multithreaded_ops
from .portions import with_portions


@registry.architectures("baogao.EntityTagger.v1")
def EntityTagger(
    tok2vec: Model[list[Doc], list[Floats2d]],
    hidden_width: int,
    maxout_pieces: int = 2,
    features: Model[list[Doc], list[Floats2d]] | None = None,
    nO: int | None = None,
) -> Model[list[Doc], list[Floats2d]]:
    """A hidden layer and a softmax over the tags on each token's vector.

    tok2vec: Token vectors.
    features: More vectors to put beside them, e.g. ``baogao.EnclosureEmbed.v1``.
    hidden_width: Width of the hidden layer.
    maxout_pieces: Pieces of its activation.
    nO: Number of tags; set at initialisation if not given.
    Output: for each document (n_tokens, n_tags) probabilities.
    """
    inputs = tok2vec if features is None else concatenate(tok2vec, features)
    widths = [layer.maybe_get_dim("nO") for layer in (tok2vec, *([] if features is None else [features]))]
    width = None if None in widths else sum(widths)
    with multithreaded_ops():
        softmax = Softmax_v2(nO=nO, nI=hidden_width, init_W=zero_init)
        hidden = NormalizedMaxout(hidden_width, width, maxout_pieces)
    model = chain(inputs, with_portions(chain(hidden, softmax)))
    model.set_ref("tok2vec", tok2vec)
    model.set_ref("output_layer", softmax)
    return model
