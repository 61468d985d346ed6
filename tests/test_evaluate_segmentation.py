"""Word segmenters against gold spans."""

from __future__ import annotations

import pytest

from baogao.formats import AnnotatedText, SpanAnnotation
from evaluate.segmentation import keep_spaces, representable, treebank_sentences

TEXT = "区委常委会召开会议7次\n浙江 杭州"
SPANS = [
    SpanAnnotation(0, 5, "BODY"),  # 区委常委会: one word or several
    SpanAnnotation(7, 9, "ITEM"),  # 会议
    SpanAnnotation(9, 11, "COUNT"),  # 7次
    SpanAnnotation(12, 14, "PLACE"),
    SpanAnnotation(15, 17, "PLACE"),
]
REPORT = AnnotatedText("report-x", TEXT, SPANS, [])


def test_a_span_counts_if_words_begin_and_end_with_it():
    words = {
        "区委常委会召开会议7次": ["区委", "常委会", "召开会", "议", "7次"],
        "浙江 杭州": ["浙江", " ", "杭", "州"],
    }
    total, kept = representable(REPORT, words.__getitem__)
    assert total == {"BODY": 1, "ITEM": 1, "COUNT": 1, "PLACE": 2, "all": 5}
    assert +kept == {"BODY": 1, "COUNT": 1, "PLACE": 2, "all": 4}


def test_a_segmenter_that_drops_characters_is_refused():
    with pytest.raises(ValueError, match="report-x: the segmenter changed '浙江 杭州'"):
        representable(REPORT, lambda line: line.split())


def test_dropped_spaces_come_back_as_words():
    segment = keep_spaces(lambda line: line.split())
    assert segment(" 浙江  杭州 ") == [" ", "浙江", "  ", "杭州", " "]
    assert segment("") == []


def test_sentences_of_a_treebank(tmp_path):
    path = tmp_path / "zh-dev.conllu"
    path.write_text("# text = 我们开会\n1\t我们\tx\n2\t开会\tx\n\n1\t好\tx\n", encoding="utf-8")
    assert list(treebank_sentences(path)) == [["我们", "开会"], ["好"]]
