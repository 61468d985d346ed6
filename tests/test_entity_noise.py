"""The augmenter baogao.entity_noise.v1."""

from __future__ import annotations

import pytest
from spacy.training import Example

from baogao.augment.entity_noise import create_entity_noise


def noisy(nlp, gold, **rates):
    settings = {"clean": 0.0, "missed": 0.0, "boundary": 0.0, "label": 0.0} | rates
    (example,) = create_entity_noise(**settings)(nlp, Example(nlp.make_doc(gold.text), gold))
    assert example.reference is gold
    return [(ent.start, ent.end, ent.label_) for ent in example.predicted.ents]


def gold_ents(gold):
    return [(ent.start, ent.end, ent.label_) for ent in gold.ents]


def test_clean_examples_carry_the_gold_entities(nlp, gold_docs):
    assert noisy(nlp, gold_docs[0], clean=1.0, missed=1.0) == gold_ents(gold_docs[0])


def test_missed_entities_are_left_out(nlp, gold_docs):
    assert noisy(nlp, gold_docs[0], missed=1.0) == []


def test_a_wrong_boundary_moves_one_end(nlp, gold_docs):
    gold = gold_docs[2]  # two entities with text around them
    (document,) = (ent for ent in noisy(nlp, gold, boundary=1.0, max_shift=1) if ent[2] == "DOCUMENT")
    (truth,) = (ent for ent in gold_ents(gold) if ent[2] == "DOCUMENT")
    assert abs(document[0] - truth[0]) + abs(document[1] - truth[1]) == 1


def test_wrong_labels_are_labels_of_the_document(nlp, gold_docs):
    gold = gold_docs[0]
    ents = noisy(nlp, gold, label=1.0)
    assert [ent[:2] for ent in ents] == [ent[:2] for ent in gold_ents(gold)]
    assert all(ent[2] != truth[2] for ent, truth in zip(ents, gold_ents(gold), strict=True))
    assert {ent[2] for ent in ents} <= {"DATE", "BODY", "ITEM", "COUNT"}


def test_a_documents_only_label_stays(nlp, gold_docs):
    doc = gold_docs[1].copy()
    doc.ents = [ent for ent in doc.ents if ent.label_ == "COUNT"]
    assert noisy(nlp, doc, label=1.0) == gold_ents(doc)


def test_shares_that_cannot_be_are_refused():
    with pytest.raises(ValueError, match="shares"):
        create_entity_noise(clean=0.5, missed=0.5, boundary=0.5, label=0.5)


def test_a_shift_of_nothing_is_refused():
    with pytest.raises(ValueError, match="max_shift"):
        create_entity_noise(clean=0.5, missed=0.0, boundary=0.5, label=0.0, max_shift=0)


def test_documents_without_entities(nlp, gold_docs):
    assert noisy(nlp, gold_docs[3], missed=0.5, boundary=0.5) == []
