"""Rows in portions: the same numbers as all at once."""

from __future__ import annotations

import numpy
import pytest
from numpy.testing import assert_allclose
from thinc.api import chain, with_array

from baogao.layers.dilated_encoder import dilated_convolution
from baogao.layers.portions import with_portions


@pytest.fixture
def layer():
    layer = chain(dilated_convolution(4, 1, 2), dilated_convolution(4, 3, 2))
    layer.initialize()
    return layer


@pytest.mark.parametrize("rows", [1, 5, 7, 40, 1000])
@pytest.mark.parametrize("lengths", [[40], [3, 0, 25, 1], [0]])
def test_the_same_as_all_rows_at_once(layer, rows, lengths):
    rng = numpy.random.default_rng(0)
    Xs = [rng.normal(size=(n, 4)).astype("f") for n in lengths]
    for got, wanted in zip(
        with_portions(layer, 4, rows).predict(Xs), with_array(layer, pad=4).predict(Xs), strict=True
    ):
        assert_allclose(got, wanted, rtol=1e-4, atol=1e-5)


def test_the_same_gradients_in_training(layer):
    rng = numpy.random.default_rng(0)
    Xs = [rng.normal(size=(n, 4)).astype("f") for n in (9, 4)]
    gradients = []
    for model in (with_portions(layer, 4, 3), with_array(layer, pad=4)):
        Ys, backprop = model.begin_update(Xs)
        gradients.append(backprop(Ys))
    for got, wanted in zip(*gradients, strict=True):
        assert_allclose(got, wanted, rtol=1e-4, atol=1e-5)
