"""Augmented training data keeps its spans and relations."""

from __future__ import annotations

import pytest
from spacy.tokens import Span
from spacy.training import Example

from baogao.augment.chain import chain_augmenters
from baogao.augment.mentions import create_mention_replacement
from baogao.augment.numerals import create_chinese_numerals
from baogao.augment.typography import create_typography_augmenter
from baogao.names import RARER_SURNAMES, SURNAMES


def relations_by_number(doc):
    """Each relation as its label and the numbers of its entities."""
    number = {(e.start, e.end, e.label_): i for i, e in enumerate(doc.ents)}
    return [(label, number[head], number[tail]) for label, head, tail in (r.key for r in doc._.relations)]


def test_other_typography_keeps_spans_and_relations(nlp, gold_docs):
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


def test_typography_at_level_zero_changes_nothing(nlp, examples):
    augment = create_typography_augmenter(level=0.0)
    assert all(list(augment(nlp, eg)) == [eg] for eg in examples)


def check_replaced(example, gold, kept):
    """Labels and relations of the gold, and the texts of the entities of ``kept`` labels; nothing predicted."""
    doc = example.reference
    assert [e.label_ for e in doc.ents] == [e.label_ for e in gold.ents]
    assert relations_by_number(doc) == relations_by_number(gold)
    assert example.predicted.text == doc.text and not example.predicted.ents
    assert [e.text for e in doc.ents if e.label_ in kept] == [e.text for e in gold.ents if e.label_ in kept]


def test_replaced_mentions_keep_labels_relations_and_the_text_between(nlp, gold_docs):
    augment = create_mention_replacement({"ITEM": 1.0, "BODY": 1.0})
    changed = 0
    for _ in range(3):
        for gold in gold_docs:
            (example,) = augment(nlp, Example(nlp.make_doc(gold.text), gold))
            check_replaced(example, gold, kept={"COUNT"})
            changed += example.reference.text != gold.text
    assert changed > 3


def test_mentions_of_a_label_come_from_examples_of_that_label_or_the_gazetteer(nlp, gold_docs):
    bodies = {ent.text for doc in gold_docs for ent in doc.ents if ent.label_ == "BODY"}
    augment = create_mention_replacement({"BODY": 1.0}, gazetteer_label="BODY", gazetteer_size=50)
    seen = set()
    for _ in range(5):
        for gold in gold_docs:
            (example,) = augment(nlp, Example(nlp.make_doc(gold.text), gold))
            seen |= {ent.text for ent in example.reference.ents if ent.label_ == "BODY"}
    assert seen - bodies  # names of places
    assert all(len(name) > 1 for name in seen)


def test_persons_get_names_that_were_not_in_the_data(nlp):
    gold = nlp.make_doc("主席习近平讲话,委员习近平发言。")
    gold.ents = [Span(gold, 2, 5, "PERSON"), Span(gold, 10, 13, "PERSON")]
    augment = create_mention_replacement({"PERSON": 1.0}, names_label="PERSON", seed=1)
    (example,) = augment(nlp, Example(nlp.make_doc(gold.text), gold))
    first, second = example.reference.ents
    assert first.text != second.text and "习近平" not in example.reference.text
    assert example.reference.text == f"主席{first.text}讲话,委员{second.text}发言。"
    assert all(
        2 <= len(ent.text) <= 3 and ent.text[0] in SURNAMES + RARER_SURNAMES for ent in (first, second)
    )


def test_examples_without_such_entities_pass_unchanged(nlp, examples):
    augment = create_mention_replacement({"PERSON": 1.0})
    assert all(list(augment(nlp, eg)) == [eg] for eg in examples)


def test_chained_augmenters_work_on_each_others_results(nlp, gold_docs):
    chained = chain_augmenters(
        create_mention_replacement({"ITEM": 1.0}), create_typography_augmenter(level=1.0)
    )
    gold = gold_docs[1]
    (example,) = chained(nlp, Example(nlp.make_doc(gold.text), gold))
    assert "，" in example.reference.text
    assert relations_by_number(example.reference) == relations_by_number(gold)


def test_counts_in_chinese_numerals_keep_labels_relations_and_the_text_between(nlp, gold_docs):
    augment = create_chinese_numerals(["COUNT"], level=1.0)
    changed = 0
    for gold in gold_docs:
        (example,) = augment(nlp, Example(nlp.make_doc(gold.text), gold))
        check_replaced(example, gold, kept={e.label_ for e in gold.ents} - {"COUNT"})
        counts = [e.text for e in example.reference.ents if e.label_ == "COUNT"]
        assert not any(digit in text for text in counts for digit in "0123456789")
        changed += example.reference.text != gold.text
    assert changed


def test_chinese_numerals_at_level_zero_change_nothing(nlp, examples):
    augment = create_chinese_numerals(["COUNT"], level=0.0)
    assert all(list(augment(nlp, eg)) == [eg] for eg in examples)


def test_a_gazetteer_for_a_label_without_a_rate_is_refused():
    with pytest.raises(ValueError, match="PLACE"):
        create_mention_replacement({"BODY": 0.5}, gazetteer_label="PLACE")
