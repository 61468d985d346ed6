"""Features of what brackets and quotation marks enclose."""

from __future__ import annotations

import numpy
import pytest
from spacy.strings import hash_string

from baogao.layers.enclosures import N_FEATURES, EnclosureEmbed, enclosure_keys


def test_text_without_marks_has_no_keys():
    assert not enclosure_keys(list("全年召开会议7次")).any()


def test_distances_to_both_marks():
    keys = enclosure_keys(list("看《甲乙丙丁戊己》报"))
    assert keys[:, 0].tolist() == [0, 0, 4, 8, 12, 15, 14, 13, 0, 0]
    assert not keys[:, 1:3].any()


def test_what_stands_around_a_quotation():
    keys = enclosure_keys(list("坚持“三化”建设"))
    assert keys[3, 3:].tolist() == [hash_string("建设"), hash_string("坚持"), 3]
    assert (keys[3, 3:] == keys[4, 3:]).all()


@pytest.mark.parametrize("text", ["“未完", "未完”", "“未\n完”", "《甲”乙"])
def test_marks_that_are_not_closed_enclose_nothing(text):
    assert not enclosure_keys(list(text)).any()


def test_straight_quotes_enclose_like_curly_ones():
    assert (enclosure_keys(list('有"甲乙"以及"丙"')) == enclosure_keys(list("有“甲乙”以及“丙”"))).all()


def test_a_quotation_within_a_title_has_both():
    keys = enclosure_keys(list("《办“两会”法》"))
    assert keys[3, 0] and keys[3, 1]


def test_embedding_has_a_row_per_token(nlp):
    docs = [nlp("听取《报告》"), nlp("")]
    model = EnclosureEmbed(4)
    model.initialize(X=docs)
    Y, backprop = model.begin_update(docs)
    assert [y.shape for y in Y] == [(6, 4 * N_FEATURES), (0, 4 * N_FEATURES)]
    backprop([numpy.ones_like(y) for y in Y])
