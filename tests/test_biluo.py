"""Decoding tag scores to valid spans, against hand-made cases and brute force."""

from __future__ import annotations

from itertools import product

import numpy
import pytest

from baogao.layers.biluo import FORBIDDEN, decode, marginals, spans, tag_names

LABELS = ["A", "B"]
NAMES = tag_names(LABELS)


def is_valid(tags: tuple[int, ...]) -> bool:
    inside = None
    for tag in tags:
        prefix, _, label = NAMES[tag].partition("-")
        if (prefix in "IL") != (inside is not None) or (prefix in "IL" and label != inside):
            return False
        inside = label if prefix in "BI" else None
    return inside is None


def test_names():
    assert NAMES == ["O", "B-A", "I-A", "L-A", "U-A", "B-B", "I-B", "L-B", "U-B"]


def test_the_best_tag_wins_where_it_is_valid():
    wanted = ["O", "B-A", "I-A", "L-A", "U-B"]
    scores = numpy.full((5, len(NAMES)), -5.0)
    for i, name in enumerate(wanted):
        scores[i, NAMES.index(name)] = -0.1
    assert [NAMES[tag] for tag in decode(scores, [5])] == wanted


def test_an_open_span_is_closed_at_the_end():
    scores = numpy.full((2, len(NAMES)), -9.0)
    scores[0, NAMES.index("B-A")] = -0.1
    scores[1, NAMES.index("I-A")] = -0.1
    scores[1, NAMES.index("L-A")] = -1.0
    assert [NAMES[tag] for tag in decode(scores, [2])] == ["B-A", "L-A"]


def test_no_span_crosses_from_one_sequence_into_the_next():
    scores = numpy.full((2, len(NAMES)), -9.0)
    scores[0, NAMES.index("B-A")] = scores[1, NAMES.index("L-A")] = -0.1
    scores[:, 0] = -1.0
    assert [NAMES[tag] for tag in decode(scores, [2])] == ["B-A", "L-A"]
    assert [NAMES[tag] for tag in decode(scores, [1, 1])] == ["O", "O"]


@pytest.mark.parametrize("lengths", [[4], [1, 3], [3, 1], [2, 2], [1, 1, 2]])
def test_decoding_finds_the_best_valid_sequence(lengths):
    scores = numpy.random.default_rng(sum(lengths) + len(lengths)).normal(size=(sum(lengths), len(NAMES)))
    expected, offset = [], 0
    for length in lengths:
        valid = filter(is_valid, product(range(len(NAMES)), repeat=length))
        expected += max(valid, key=lambda tags: sum(scores[offset + i, t] for i, t in enumerate(tags)))
        offset += length
    assert list(decode(scores, lengths)) == expected


def test_nothing_decodes_to_nothing():
    assert decode(numpy.zeros((0, len(NAMES))), []).tolist() == []


def test_spans_of_a_sequence():
    tags = [NAMES.index(name) for name in ["U-B", "O", "B-A", "I-A", "L-A", "B-B", "L-B"]]
    assert list(spans(tags)) == [(0, 1, 1), (2, 5, 0), (5, 7, 1)]


@pytest.mark.parametrize("lengths", [[3], [1, 2], [2, 3, 1]])
def test_marginals_are_those_of_all_valid_sequences(lengths):
    rng = numpy.random.default_rng(1)
    scores = rng.normal(size=(sum(lengths), len(NAMES)))
    probabilities, totals = marginals(scores, lengths)
    start = 0
    for length, total in zip(lengths, totals, strict=True):
        wanted = numpy.zeros((length, len(NAMES)))
        for tags in product(range(len(NAMES)), repeat=length):
            if is_valid(tags):
                weight = numpy.exp(sum(scores[start + i, tag] for i, tag in enumerate(tags)))
                wanted[numpy.arange(length), tags] += weight
        assert total == pytest.approx(numpy.log(wanted[0].sum()))
        assert numpy.allclose(probabilities[start : start + length], wanted / wanted[0].sum())
        start += length


def test_marginals_of_what_is_forbidden_and_of_nothing():
    scores = numpy.zeros((4, len(NAMES)))
    scores[1, 1:] = FORBIDDEN
    probabilities, _ = marginals(scores, [4])
    assert probabilities[1, 0] == pytest.approx(1.0)
    assert numpy.allclose(probabilities.sum(axis=1), 1.0)
    assert marginals(scores[:0], [])[0].shape == (0, len(NAMES))
