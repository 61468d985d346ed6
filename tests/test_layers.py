"""The encoder's layers: shapes, gradients, and that documents of a batch do not see each other."""

from __future__ import annotations

import numpy
import pytest
from numpy.testing import assert_allclose
from spacy.ml.models.tok2vec import build_Tok2Vec_model

from baogao.layers.char_ngrams import CharNgramEmbed, ngram_keys
from baogao.layers.dilated_encoder import DilatedMaxoutEncoder, dilated_window


def encoder():
    return build_Tok2Vec_model(
        CharNgramEmbed(16, 8, [1, 2], [50, 100]), DilatedMaxoutEncoder(16, [1, 2], maxout_pieces=2)
    )


def test_ngrams_tell_order_and_position():
    a, b = numpy.array([3, 5], dtype="uint64")
    keys = ngram_keys(numpy.array([a, b, a, b], dtype="uint64"), [1, 2])
    assert keys[0].tolist() == keys[2].tolist()  # the same bigram, the same keys
    assert keys[0, 1] != keys[1, 1]  # ab is not ba
    assert keys[3, 1] == b  # at the end the bigram is padded


@pytest.mark.parametrize("sizes", [[], [0], [5]])
def test_impossible_ngram_sizes_are_refused(sizes):
    with pytest.raises(ValueError, match="n-gram sizes"):
        CharNgramEmbed(8, 8, sizes, [10] * len(sizes))


def test_one_number_of_rows_per_size():
    with pytest.raises(ValueError, match="rows"):
        CharNgramEmbed(8, 8, [1, 2], [10])


def test_windows_hold_the_neighbours_at_the_distance():
    X = numpy.array([[1.0], [2.0], [3.0]], dtype="f")
    assert dilated_window(2).predict(X).tolist() == [[0, 1, 3], [0, 2, 0], [1, 3, 0]]


@pytest.mark.parametrize("length", [1, 2, 3, 7])
def test_window_gradient_is_the_transpose(length):
    rng = numpy.random.default_rng(length)
    layer = dilated_window(2)
    X, dY = rng.normal(size=(length, 4)).astype("f"), rng.normal(size=(length, 12)).astype("f")
    Y, backprop = layer(X, True)
    assert_allclose((Y * dY).sum(), (X * backprop(dY)).sum(), rtol=1e-4)


def test_batches_give_what_single_documents_give(nlp):
    docs = [nlp("全年召开常委会会议7次。"), nlp(""), nlp("区委"), nlp("深刻领悟“两个确立”")]
    model = encoder()
    model.initialize(X=docs)
    together = model.predict(docs)
    assert [vectors.shape for vectors in together] == [(len(doc), 16) for doc in docs]
    for doc, vectors in zip(docs, together, strict=True):
        assert_allclose(model.predict([doc])[0], vectors, atol=1e-5)


def test_empty_batch_and_gradient(nlp):
    docs = [nlp("区委"), nlp("")]
    model = encoder()
    model.initialize(X=docs)
    Y, backprop = model.begin_update(docs)
    backprop([numpy.ones_like(vectors) for vectors in Y])
    assert all(numpy.isfinite(node.get_grad(name)).all() for node in model.walk() for name in node.grad_names)
