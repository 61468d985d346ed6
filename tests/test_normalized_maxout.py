"""The faster layer is thinc's."""

from __future__ import annotations

import numpy
import pytest
from numpy.testing import assert_allclose
from thinc.api import Maxout

from baogao.layers.normalized_maxout import NormalizedMaxout


@pytest.fixture
def layers():
    X = numpy.random.default_rng(0).normal(3.0, 2.0, size=(7, 6)).astype("float32")
    ours = NormalizedMaxout(4, 6, 2).initialize(X=X)
    thincs = Maxout(nO=4, nI=6, nP=2, normalize=True, dropout=0.0).initialize(X=X)
    norm = next(node for node in ours.walk() if node.name == "layernorm")
    norm.set_param("G", numpy.arange(1, 5, dtype="float32"))
    norm.set_param("b", numpy.arange(4, dtype="float32"))
    return ours, thincs.from_bytes(ours.to_bytes()), X


def test_predictions_are_those_of_thinc_which_reads_its_weights(layers):
    ours, thincs, X = layers
    assert_allclose(ours.predict(X), thincs.predict(X), rtol=1e-4, atol=1e-5)


def test_it_reads_the_weights_of_thinc(layers):
    ours, thincs, X = layers
    again = NormalizedMaxout(4, 6, 2).from_bytes(thincs.to_bytes())
    assert_allclose(again.predict(X), ours.predict(X))


def test_it_learns_as_thinc_does(layers):
    ours, thincs, X = layers
    gradients = []
    for model in (ours, thincs):
        Y, backprop = model.begin_update(X)
        gradients.append(backprop(numpy.arange(Y.size, dtype="float32").reshape(Y.shape)))
    assert_allclose(*gradients, rtol=1e-4, atol=1e-4)
    assert numpy.abs(gradients[0]).max() > 0.1


def test_no_rows_are_no_rows(layers):
    ours, _, X = layers
    assert ours.predict(X[:0]).shape == (0, 4)
