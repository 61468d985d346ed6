from __future__ import annotations

import numpy
import pytest

from baogao.layers.windows import batch_windows, window_starts


def test_windows_cover_the_text_and_the_last_ends_with_it():
    assert window_starts(0, 10, 5) == [0]
    assert window_starts(10, 10, 5) == [0]
    assert window_starts(11, 10, 5) == [0, 1]
    assert window_starts(20, 10, 5) == [0, 5, 10]
    assert window_starts(23, 10, 5) == [0, 5, 10, 13]


def test_every_character_is_taken_once_from_its_own_place():
    documents = [numpy.arange(1, n + 1) + 1000 * i for i, n in enumerate((0, 1, 37, 250, 64))]
    flat = numpy.concatenate(documents)
    found = numpy.zeros(len(flat), dtype="int64")
    times = numpy.zeros(len(flat), dtype="int64")
    for batch in batch_windows(documents, window=40, stride=20, begin=-1, end=-2):
        assert (batch.inputs[:, 0] == -1).all()
        assert (batch.inputs[numpy.arange(len(batch.mask)), batch.mask.sum(axis=1) - 1] == -2).all()
        assert not batch.inputs[~batch.mask].any()
        found[batch.targets] = batch.inputs[batch.rows, batch.columns]
        times[batch.targets] += 1
    assert (found == flat).all()
    assert (times == 1).all()


def test_a_character_is_taken_from_the_window_where_it_is_most_central():
    (batch,) = batch_windows([numpy.arange(30)], window=20, stride=10)
    taken_from = {int(t): int(batch.inputs[row, 0]) for t, row in zip(batch.targets, batch.rows, strict=True)}
    assert taken_from == {i: 0 if i < 15 else 10 for i in range(30)}


def test_windows_of_a_batch_are_of_one_padded_length():
    documents = [numpy.ones((n, 2, 4), dtype="int64") for n in (3, 30, 33, 40)]
    shapes = [batch.inputs.shape for batch in batch_windows(documents, window=40, stride=20)]
    assert shapes == [(2, 32, 2, 4), (2, 40, 2, 4)]


def test_padding_asks_for_no_more_positions_than_a_window_has():
    (batch,) = batch_windows([numpy.arange(90)], window=48, stride=20, begin=-1, end=-2)
    assert batch.inputs.shape == (4, 50)


@pytest.mark.parametrize("stride", [0, 41])
def test_strides_that_leave_gaps_are_refused(stride):
    with pytest.raises(ValueError, match="stride"):
        next(batch_windows([numpy.arange(3)], window=40, stride=stride))
