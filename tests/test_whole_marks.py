"""Entities that would hold one mark of a pair only."""

from __future__ import annotations

import numpy
import pytest
import spacy

from baogao.layers.biluo import decode, spans, tag_names
from baogao.pipeline.whole_marks import keep_marks_whole

LABELS = ("ITEM", "PROGRAM")
NAMES = tag_names(LABELS)
QUOTES = ["\u201c\u201d"]


def decoded(text, *mentions, pairs=QUOTES):
    """The spans of tags that want these (start, end, label, log-probability of each tag), the last one foremost."""
    scores = numpy.full((len(text), len(NAMES)), -9.0)
    scores[:, 0] = -1.0
    for start, end, label, log_probability in mentions:
        tags = ["B", *["I"] * (end - start - 2), "L"]
        for row, tag in zip(range(start, end), tags, strict=True):
            scores[row, NAMES.index(f"{tag}-{label}")] = log_probability
    tags = decode(scores, [len(text)])
    keep_marks_whole(list(text), pairs, scores, tags, numpy.array([mark in "\u3002\n" for mark in text]))
    again = decode(scores, [len(text)])
    assert (tags == again).all()  # what is ruled out is forbidden, so probabilities fit the decision
    return {(text[start:end], LABELS[label]) for start, end, label in spans(tags)}


REGISTER = "清理\u201c四类公司\u201d名单"


def test_a_span_that_has_the_opening_mark_only_loses_or_gains_one():
    opens = (2, 7, "ITEM", -0.1)
    inner, outer = (3, 7, "ITEM", -0.3), (2, 8, "ITEM", -0.3)
    assert decoded(REGISTER, inner, opens) == {("四类公司", "ITEM")}
    assert decoded(REGISTER, outer, opens) == {("\u201c四类公司\u201d", "ITEM")}


def test_a_span_that_has_the_closing_mark_only_loses_or_gains_one():
    closes = (3, 10, "ITEM", -0.1)
    after, whole = (8, 10, "ITEM", -0.2), (2, 10, "ITEM", -0.2)
    assert decoded(REGISTER, after, closes) == {("名单", "ITEM")}
    assert decoded(REGISTER, whole, closes) == {("\u201c四类公司\u201d名单", "ITEM")}


def test_another_label_may_have_the_better_whole_span():
    assert decoded(REGISTER, (2, 8, "PROGRAM", -0.3), (2, 7, "ITEM", -0.1)) == {
        ("\u201c四类公司\u201d", "PROGRAM")
    }


def test_where_no_whole_span_is_probable_there_is_none():
    assert decoded(REGISTER, (6, 10, "ITEM", -0.9)) == set()


@pytest.mark.parametrize(
    "mentions",
    [
        [(3, 7, "ITEM", -0.1)],
        [(2, 8, "ITEM", -0.1)],
        [(3, 5, "ITEM", -0.1), (8, 10, "PROGRAM", -0.1)],
    ],
)
def test_other_spans_stay_as_they_are(mentions):
    assert decoded(REGISTER, *mentions) == {(REGISTER[s:e], label) for s, e, label, _ in mentions}


@pytest.mark.parametrize(
    "text", ["清理\u201c四类公司名单", "清理\u201c四类\n公司\u201d", "清理(四类公司)名单"]
)
def test_marks_without_a_partner_and_other_marks_may_stand_anywhere(text):
    assert decoded(text, (2, 5, "ITEM", -0.1)) == {(text[2:5], "ITEM")}


def test_straight_quotes_and_several_pairs_in_one_stretch():
    text = '建"红色"小区和(试点)村'
    mentions = [(1, 4, "ITEM", -0.1), (2, 4, "PROGRAM", -0.3), (8, 11, "ITEM", -0.1), (9, 11, "ITEM", -0.5)]
    assert decoded(text, *mentions[1::2], *mentions[::2], pairs=[*QUOTES, "()"]) == {
        ("红色", "PROGRAM"),
        ("试点", "ITEM"),
    }


def test_what_is_certain_outside_of_the_stretch_is_not_decoded_again():
    text = f"看\u201c甲\u201d\u3002{REGISTER}"
    first, second = (2, 3, "ITEM", -0.1), (6, 12, "ITEM", -0.1)
    scores = numpy.full((len(text), len(NAMES)), -9.0)
    scores[:, 0] = -1.0
    for start, end, label, log_probability in (first, second):
        for row in range(start, end):
            scores[row, NAMES.index(f"I-{label}")] = log_probability
    before = scores[:4].copy()
    tags = decode(scores, [len(text)])
    keep_marks_whole(list(text), QUOTES, scores, tags, numpy.array([mark == "\u3002" for mark in text]))
    assert (scores[:4] == before).all()


def test_what_is_no_pair_is_refused():
    with pytest.raises(ValueError, match="no pair of marks"):
        spacy.blank("zh").add_pipe("entity_tagger", config={"whole_marks": ["\u201c"]})


def test_a_pipeline_keeps_marks_whole_if_it_is_asked_to(nlp, examples):
    nlp.add_pipe("entity_tagger", config={"threshold": 0.0, "whole_marks": QUOTES})
    nlp.initialize(lambda: examples)
    tagger = nlp.get_pipe("entity_tagger")
    text = "\u201c甲\u201d乙" * 40
    for seed in range(5):  # spans at random
        weights = tagger.model.get_ref("output_layer")
        weights.set_param(
            "W", numpy.random.default_rng(seed).normal(size=weights.get_param("W").shape).astype("f") * 9
        )
        doc = nlp(text)
        assert doc.ents
        assert all(ent.text.count("\u201c") == ent.text.count("\u201d") for ent in doc.ents)
