"""The features of candidate pairs, on sentences small enough to read them off."""

from __future__ import annotations

import numpy
import pytest
from spacy.tokens import Span

from baogao.layers.candidate_pairs import FEATURES, N_FEATURES, PairFeaturizer


@pytest.fixture
def featurize():
    return PairFeaturizer(sentence_marks="。!?", clause_marks=",;:、", list_marks="、")


def make_doc(nlp, text, ents):
    doc = nlp.make_doc(text)
    doc.ents = [Span(doc, start, end, label=label) for start, end, label in ents]
    return doc


def same(pairs, name, a=0, b=1):
    """Whether two pairs have one key for a feature."""
    column = FEATURES.index(name)
    return pairs.features[a, column] == pairs.features[b, column]


def test_arrays_have_a_row_for_each_pair(nlp, featurize):
    doc = make_doc(nlp, "会议7次", [(0, 2, "ITEM"), (2, 4, "COUNT")])
    pairs = featurize(doc, doc.ents, [(1, 0)])
    assert pairs.spans.tolist() == [[2, 4, 0, 2]]
    assert pairs.features.shape == (1, N_FEATURES)
    assert len(featurize(doc, doc.ents, [])) == 0
    assert featurize(nlp.make_doc(""), (), []).features.shape == (0, N_FEATURES)


def test_the_same_words_in_another_place_have_the_same_keys(nlp, featurize):
    clause = [(0, 2, "ITEM"), (2, 4, "COUNT")]
    doc = make_doc(nlp, "会议7次。会议7次。", [*clause, *((s + 5, e + 5, label) for s, e, label in clause)])
    pairs = featurize(doc, doc.ents, [(1, 0), (3, 2)])
    different = [name for i, name in enumerate(FEATURES) if pairs.features[0, i] != pairs.features[1, i]]
    # Before the second sentence stands a full stop, before the first nothing; and the text ends after the second.
    assert different == ["head: two tokens after", "tail: token before", "tail: two tokens before"]


def test_a_nearer_tail_is_seen_on_either_side(nlp, featurize):
    near = make_doc(nlp, "会议,7次活动", [(0, 2, "ITEM"), (3, 5, "COUNT"), (5, 7, "ITEM")])
    alone = make_doc(nlp, "会议,7次活动", [(0, 2, "ITEM"), (3, 5, "COUNT")])
    column = FEATURES.index("whether another tail is nearer")
    keys = [featurize(doc, doc.ents, [(1, 0)]).features[0, column] for doc in (near, alone)]
    assert keys[0] != keys[1]


def test_list_marks_end_no_clause(nlp, featurize):
    ents = [(0, 2, "BODY"), (5, 7, "ITEM")]
    docs = [make_doc(nlp, f"区委开会{mark}活动", ents) for mark in "、,"]
    column = FEATURES.index("tail: place in its clause")
    keys = [featurize(doc, doc.ents, [(0, 1)]).features[0, column] for doc in docs]
    assert keys[0] != keys[1]  # after 、 the clause still began with 区委


def test_overlapping_and_identical_spans(nlp, featurize):
    doc = nlp.make_doc("母亲的家")
    ents = [Span(doc, 0, 2, label="A"), Span(doc, 0, 4, label="A"), Span(doc, 3, 4, label="A")]
    pairs = featurize(doc, ents, [(0, 1), (1, 0), (1, 2), (0, 0)])
    assert len(pairs) == 4
    assert not same(pairs, "types and order")
    assert numpy.all(pairs.features > 0)
