"""doc._.relations, and the ways a document is stored."""

from __future__ import annotations

import json

from spacy.tokens import Doc, DocBin, Span

from baogao.relations import Relation


def test_relations_are_spans_with_labels(gold_docs):
    relation = gold_docs[0]._.relations[0]
    assert (relation.label, relation.head.text, relation.tail.text) == ("AGENT", "常委会会议", "常委会")
    assert (relation.head.label_, relation.tail.label_, relation.score) == ("ITEM", "BODY", 1.0)


def test_a_new_document_has_none(nlp):
    assert nlp("没有")._.relations == ()


def test_setting_relations_replaces_them(gold_docs):
    doc = gold_docs[1]
    head, tail = doc.ents[3], doc.ents[2]
    doc._.relations = [Relation("SUBSET_OF", head, tail, score=0.25)]
    assert [(r.label, r.head.text, r.tail.text, r.score) for r in doc._.relations] == [
        ("SUBSET_OF", "374件", "437件", 0.25)
    ]


def test_relations_with_the_same_start_but_another_end_or_label_differ(nlp):
    doc = nlp("常委会会议7次")
    count = Span(doc, 5, 7, label="COUNT")
    tails = [Span(doc, 0, 5, label="ITEM"), Span(doc, 0, 3, label="ITEM"), Span(doc, 0, 5, label="MEETING")]
    assert len({Relation("QUANTITY_OF", count, tail).key for tail in tails}) == 3


def test_bytes_keep_relations(nlp, gold_docs):
    for gold in gold_docs:
        assert Doc(nlp.vocab).from_bytes(gold.to_bytes())._.relations == gold._.relations


def test_docbin_keeps_relations(nlp, gold_docs):
    data = DocBin(docs=gold_docs, store_user_data=True).to_bytes()
    docs = list(DocBin(store_user_data=True).from_bytes(data).get_docs(nlp.vocab))
    assert [doc._.relations for doc in docs] == [doc._.relations for doc in gold_docs]


def test_json_keeps_relations(nlp, gold_docs):
    data = json.loads(json.dumps(gold_docs[0].to_json(underscore=["relations"])))
    assert data["_"]["relations"][0]["label"] == "AGENT"
    assert Doc(nlp.vocab).from_json(data)._.relations == gold_docs[0]._.relations


def test_copy_keeps_relations(gold_docs):
    copy = gold_docs[0].copy()
    assert copy._.relations == gold_docs[0]._.relations
    assert copy._.relations[0].head.doc is copy
