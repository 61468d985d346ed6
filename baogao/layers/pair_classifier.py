"""The network of the relation component: token vectors and candidate pairs in, label probabilities out."""

from __future__ import annotations

from collections.abc import Callable

import numpy
from spacy.tokens import Doc
from spacy.util import registry
from thinc.api import HashEmbed, Linear, Logistic, Model, chain, concatenate, with_array
from thinc.initializers import zero_init
from thinc.types import Floats2d, Ints2d

from .candidate_pairs import N_FEATURES, CandidatePairs
from .normalized_maxout import NormalizedMaxout
from .ops import multithreaded_ops

PairInput = tuple[list[Doc], list[CandidatePairs]]

CONTEXT = 6  # tokens pooled before the first and after the second span
N_POOLED = 9  # vectors per pair, see _pool
PORTION = 4096  # pairs that are classified at a time outside of training


@registry.architectures("baogao.RelationClassifier.v2")
def RelationClassifier(
    tok2vec: Model[list[Doc], list[Floats2d]],
    projection_width: int = 64,
    feature_width: int = 16,
    feature_rows: int = 1000,
    hidden_width: int = 128,
    maxout_pieces: int = 2,
    nO: int | None = None,
) -> Model[PairInput, Floats2d]:
    """Classify candidate pairs from pooled token vectors and categorical features.

    Each pair is represented by both spans' ends and means, the mean of the text between them, and the means of
    the text around them (the entity-and-context pooling of SpERT, Eberts & Ulges 2020), beside embeddings of
    the features of ``CandidatePairs``.

    tok2vec: Token vectors.
    projection_width: Width that token vectors are reduced to before pooling.
    feature_width: Width of each feature's embedding.
    feature_rows: Rows of each feature's hash table.
    hidden_width: Width of the hidden layer.
    maxout_pieces: Pieces of the hidden layer's activation.
    nO: Number of labels; set at initialisation if not given.
    Output (n_pairs, nO): independent probabilities, pairs in order of docs.
    """
    with multithreaded_ops():
        projection = with_array(NormalizedMaxout(projection_width, None, maxout_pieces))
        features = concatenate(
            *(HashEmbed(nO=feature_width, nV=feature_rows, column=i, seed=i + 1) for i in range(N_FEATURES))
        )
        hidden_input = N_POOLED * projection_width + N_FEATURES * feature_width
        output = chain(
            NormalizedMaxout(hidden_width, hidden_input, maxout_pieces),
            Linear(nO=nO, nI=hidden_width, init_W=zero_init),
            Logistic(),
        )
    model: Model[PairInput, Floats2d] = Model(
        "relation_classifier",
        _forward,
        init=_init,
        layers=[tok2vec, projection, features, output],
        refs={"tok2vec": tok2vec, "projection": projection, "features": features, "output": output},
        dims={"nO": nO},
    )
    return model


def _init(model: Model[PairInput, Floats2d], X: PairInput | None = None, Y: Floats2d | None = None) -> None:
    tok2vec, projection, output = (model.get_ref(name) for name in ("tok2vec", "projection", "output"))
    if Y is not None:
        model.set_dim("nO", Y.shape[1])
    if model.has_dim("nO"):
        output.layers[1].set_dim("nO", model.get_dim("nO"))
    tok2vec.initialize(X=X[0] if X is not None else None)
    if tok2vec.has_dim("nO"):
        projection.layers[0].layers[0].layers[0].set_dim("nI", tok2vec.get_dim("nO"))
    projection.initialize()
    model.get_ref("features").initialize(X=X[1][0].features if X is not None else None)
    output.initialize()


def _forward(
    model: Model[PairInput, Floats2d], X: PairInput, is_train: bool
) -> tuple[Floats2d, Callable[[Floats2d], PairInput]]:
    docs, candidates = X
    tokens, backprop_tokens = model.get_ref("tok2vec")(docs, is_train)
    vectors, backprop_projection = model.get_ref("projection")(tokens, is_train)
    lengths = [len(vector) for vector in vectors]
    flat = model.ops.flatten(vectors)
    starts = numpy.concatenate([[0], numpy.cumsum(lengths)[:-1]]).astype("int32")
    spans = numpy.concatenate([pairs.spans + start for pairs, start in zip(candidates, starts, strict=True)])
    # Text around a pair must not reach into the next document of the batch.
    bounds = numpy.concatenate(
        [
            numpy.tile([start, start + length], (len(pairs), 1))
            for pairs, start, length in zip(candidates, starts, lengths, strict=True)
        ]
    ).astype("int32")
    keys = model.ops.asarray2i(numpy.concatenate([pairs.features for pairs in candidates]), dtype="uint64")
    sums = _prefix_sums(model, flat)
    if not is_train:
        # In portions, so that memory does not grow with the number of pairs.
        portions = [slice(i, i + PORTION) for i in range(0, len(spans), PORTION)]
        Ys = [_classify(model, sums, spans[p], bounds[p], keys[p], is_train)[0] for p in portions]
        return model.ops.xp.vstack(Ys), lambda dY: X
    Y, backprop_pairs = _classify(model, sums, spans, bounds, keys, is_train)

    def backprop(dY: Floats2d) -> PairInput:
        backprop_tokens(backprop_projection(model.ops.unflatten(backprop_pairs(dY), lengths)))
        return X

    return Y, backprop


def _classify(
    model: Model[PairInput, Floats2d],
    sums: Floats2d,
    spans: numpy.ndarray,
    bounds: numpy.ndarray,
    keys: Ints2d,
    is_train: bool,
) -> tuple[Floats2d, Callable[[Floats2d], Floats2d]]:
    """Probabilities of pairs (n_pairs, nO) from the prefix sums of all documents' token vectors."""
    pooled, backprop_pool = _pool(model, sums, spans, bounds)
    embedded, backprop_features = model.get_ref("features")(keys, is_train)
    Y, backprop_output = model.get_ref("output")(model.ops.xp.hstack([pooled, embedded]), is_train)

    def backprop(dY: Floats2d) -> Floats2d:
        d_hidden = backprop_output(dY)
        backprop_features(model.ops.as_contig(d_hidden[:, pooled.shape[1] :]))
        return backprop_pool(model.ops.as_contig(d_hidden[:, : pooled.shape[1]]))

    return Y, backprop


def _prefix_sums(model: Model, X: Floats2d) -> Floats2d:
    """Sums of the first 0 to n rows, (n + 1, width).

    In double precision: differences of long single-precision sums lose the digits that matter.
    """
    sums = model.ops.xp.zeros((len(X) + 1, X.shape[1]), dtype="float64")
    model.ops.xp.cumsum(X, axis=0, dtype="float64", out=sums[1:])
    return sums


def _pool(
    model: Model, sums: Floats2d, spans: numpy.ndarray, bounds: numpy.ndarray
) -> tuple[Floats2d, Callable[[Floats2d], Floats2d]]:
    """Pool token vectors for each pair, from their prefix sums (n + 1, width): (n_pairs, N_POOLED * width).

    Every pooled vector is the mean over a stretch of tokens, taken from prefix sums, so time and memory grow with
    tokens plus pairs, however far apart the spans are.
    """
    xp = model.ops.xp
    head_start, head_end, tail_start, tail_end = spans.T
    first_start, first_end = numpy.minimum(head_start, tail_start), numpy.minimum(head_end, tail_end)
    second_start, second_end = numpy.maximum(head_start, tail_start), numpy.maximum(head_end, tail_end)
    low, high = bounds.T
    stretches = [
        (head_start, head_start + 1),
        (head_end - 1, head_end),
        (head_start, head_end),
        (tail_start, tail_start + 1),
        (tail_end - 1, tail_end),
        (tail_start, tail_end),
        (first_end, numpy.maximum(first_end, second_start)),
        (numpy.maximum(low, first_start - CONTEXT), first_start),
        (second_end, numpy.minimum(high, second_end + CONTEXT)),
    ]
    begins = numpy.stack([begin for begin, _ in stretches], axis=1)  # (n_pairs, N_POOLED)
    ends = numpy.stack([end for _, end in stretches], axis=1)
    weights = model.ops.asarray3f((1.0 / numpy.maximum(1, ends - begins))[:, :, None])
    n, width = len(sums) - 1, sums.shape[1]
    pooled = ((sums[ends] - sums[begins]) * weights).astype("float32")

    def backprop(d_pooled: Floats2d) -> Floats2d:
        d_means = d_pooled.reshape(-1, N_POOLED, width) * weights
        # A token gets the gradient of every stretch that holds it: add at begins, subtract at ends, sum up.
        d_means = model.ops.asarray2f(d_means.reshape(-1, width))
        d_steps = model.ops.alloc2f(n + 1, width)
        model.ops.scatter_add(d_steps, model.ops.asarray1i(begins.reshape(-1)), d_means)
        model.ops.scatter_add(d_steps, model.ops.asarray1i(ends.reshape(-1)), -d_means)
        return model.ops.asarray2f(xp.cumsum(d_steps, axis=0, dtype="float64")[:n])

    return pooled.reshape(len(spans), N_POOLED * width), backprop
