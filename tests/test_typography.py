"""Norms: one alphabet for every typography; and training data in other typographies."""

from __future__ import annotations

import pytest
import spacy
from spacy.training import Example
from spacy.training.initialize import init_vocab

from baogao.pipeline.typography_augmenter import create_typography_augmenter
from baogao.typography import create_typography_lookups


@pytest.fixture(scope="module")
def normed():
    nlp = spacy.blank("zh")
    init_vocab(nlp, lookups=create_typography_lookups())
    return nlp


@pytest.mark.parametrize(
    ("written", "norm"),
    [
        ("全年召开会议7次,听取", "全年召开会议7次,听取"),
        ("召开会议７次，听取（审议）；", "召开会议7次,听取(审议);"),
        ("「兩個確立」", "“两个确立”"),
        ("“两个确立”——", "“两个确立”——"),
        ("ＡＰＰ、APP", "app、app"),
        ("人民代表大會常務委員會", "人民代表大会常务委员会"),
    ],
)
def test_norms(normed, written, norm):
    doc = normed(written)
    assert "".join(token.norm_ for token in doc) == norm
    assert doc.text == written


def test_augmented_examples_keep_spans_and_relations(nlp, gold_docs):
    augment = create_typography_augmenter(level=1.0)
    for gold in gold_docs:
        (example,) = augment(nlp, Example(nlp.make_doc(gold.text), gold))
        doc = example.reference
        assert len(doc) == len(gold) and example.predicted.text == doc.text
        assert "," not in doc.text and "“" not in doc.text
        assert [(e.start, e.end, e.label_) for e in doc.ents] == [
            (e.start, e.end, e.label_) for e in gold.ents
        ]
        assert [r.key for r in doc._.relations] == [r.key for r in gold._.relations]
        assert not example.predicted.ents


def test_level_zero_changes_nothing(nlp, examples):
    augment = create_typography_augmenter(level=0.0)
    assert all(list(augment(nlp, eg)) == [eg] for eg in examples)
