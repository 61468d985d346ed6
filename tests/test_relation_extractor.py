"""The component relation_extractor, through the API that a pipeline uses."""

from __future__ import annotations

import tracemalloc

import pytest
import spacy
from spacy.tokens import Doc, Span
from spacy.training import Example
from spacy.util import load_model

from baogao.pipeline.candidates import create_schema_candidates
from baogao.pipeline.relation_scorer import score_relations
from baogao.relations import Relation


def with_ents(doc: Doc, gold: Doc) -> Doc:
    doc.ents = [Span(doc, e.start, e.end, label=e.label_) for e in gold.ents]
    return doc


def make_examples(nlp, gold_docs):
    return [Example(with_ents(nlp.make_doc(gold.text), gold), gold) for gold in gold_docs]


def train(nlp, examples, steps=80):
    optimizer = nlp.initialize(lambda: examples)
    for _ in range(steps):
        losses = {}
        nlp.update(examples, sgd=optimizer, losses=losses)
    return losses


@pytest.fixture
def trained(nlp, gold_docs):
    nlp.add_pipe("relation_extractor")
    losses = train(nlp, make_examples(nlp, gold_docs))
    assert losses["relation_extractor"] < 0.1
    return nlp


def keys(doc: Doc):
    return sorted(relation.key for relation in doc._.relations)


def predict(nlp, gold):
    (doc,) = nlp.pipe([with_ents(nlp.make_doc(gold.text), gold)])
    return doc


def test_overfits_saves_loads_and_scores(trained, gold_docs, tmp_path):
    trained.to_disk(tmp_path / "pipeline")
    loaded = load_model(tmp_path / "pipeline")
    from_bytes = spacy.blank("zh")
    from_bytes.add_pipe("relation_extractor")
    from_bytes.from_bytes(trained.to_bytes())
    for gold in gold_docs:
        for pipeline in (trained, loaded, from_bytes):
            assert keys(predict(pipeline, gold)) == keys(gold)
    scores = trained.evaluate(make_examples(trained, gold_docs))
    assert scores["spans_relations_gold_ents_f"] == 1.0


def test_scores_are_probabilities(trained, gold_docs):
    assert all(0.5 <= r.score <= 1.0 for r in predict(trained, gold_docs[0])._.relations)


def test_documents_without_candidates(trained, nlp):
    texts = ["", "各位代表", "\n"]
    assert [doc._.relations for doc in trained.pipe(texts)] == [(), (), ()]
    assert trained("各位代表")._.relations == ()


def test_a_batch_of_documents_with_and_without_candidates(trained, gold_docs):
    docs = [with_ents(trained.make_doc(gold.text), gold) for gold in gold_docs]
    mixed = [trained.make_doc(""), docs[0], trained.make_doc("无"), docs[1]]
    together = [keys(doc) for doc in trained.pipe(mixed)]
    assert together == [[], keys(gold_docs[0]), [], keys(gold_docs[1])]


def test_training_batches_without_candidates_change_nothing(nlp, gold_docs):
    nlp.add_pipe("relation_extractor")
    optimizer = nlp.initialize(lambda: make_examples(nlp, gold_docs))
    before = nlp.get_pipe("relation_extractor").model.to_bytes()
    example = make_examples(nlp, gold_docs[3:])
    assert nlp.update(example, sgd=optimizer, losses={}) == {"relation_extractor": 0.0}
    assert nlp.get_pipe("relation_extractor").model.to_bytes() == before


def test_training_on_predicted_entities_that_differ_from_gold(nlp, gold_docs):
    nlp.add_pipe("relation_extractor", config={"use_gold_ents": False})
    examples = make_examples(nlp, gold_docs)
    doc = examples[0].predicted
    doc.ents = [Span(doc, 0, 2, label="DATE"), Span(doc, 2, 6, label="BODY"), Span(doc, 7, 14, label="COUNT")]
    examples[1].predicted.ents = []
    losses = train(nlp, examples, steps=3)
    assert losses["relation_extractor"] > 0


def test_relations_missed_for_lack_of_entities_count_in_recall(nlp, gold_docs):
    gold = gold_docs[0]  # six relations
    doc = with_ents(nlp.make_doc(gold.text), gold)
    doc._.relations = [Relation(r.label, r.head, r.tail) for r in gold._.relations[:2]]
    scores = score_relations([Example(doc, gold), Example(nlp.make_doc(gold_docs[1].text), gold_docs[1])])
    assert scores["spans_relations_p"] == 1.0
    assert scores["spans_relations_r"] == pytest.approx(2 / 10)


def test_a_relation_with_a_wrong_boundary_or_label_is_wrong(nlp, gold_docs):
    gold = gold_docs[2]
    doc = nlp.make_doc(gold.text)
    document, body = gold._.relations[0].head, gold._.relations[0].tail
    wrong_end = Span(doc, body.start, body.end - 1, label="BODY")
    doc._.relations = [
        Relation("ISSUED_BY", Span(doc, document.start, document.end, label="DOCUMENT"), wrong_end)
    ]
    assert score_relations([Example(doc, gold)])["spans_relations_f"] == 0.0


def test_scores_are_none_without_gold_and_prediction(nlp, gold_docs):
    scores = score_relations([Example(nlp.make_doc(gold_docs[3].text), gold_docs[3])])
    assert set(scores.values()) == {None}


def test_only_label_combinations_seen_in_training_are_predicted(trained, nlp):
    extractor = trained.get_pipe("relation_extractor")
    assert ["ISSUED_BY", "DOCUMENT", "BODY"] in extractor.label_data["signatures"]
    doc = trained.make_doc("《办法》7次")
    doc.ents = [Span(doc, 1, 3, label="DOCUMENT"), Span(doc, 4, 6, label="COUNT")]
    for threshold in (0.5, 1e-6):
        extractor.cfg["threshold"] = threshold
        (done,) = trained.pipe([doc.copy()])
        assert {(r.label, r["head"]["label"], r["tail"]["label"]) for r in done._.relations} <= {
            tuple(s) for s in extractor.label_data["signatures"]
        }


def test_training_without_relations_is_refused(nlp, gold_docs):
    nlp.add_pipe("relation_extractor")
    with pytest.raises(ValueError, match="found no relations"):
        nlp.initialize(lambda: make_examples(nlp, gold_docs[3:]))


def test_candidates_stay_in_the_paragraph_and_within_the_distance(nlp):
    doc = nlp.make_doc("会议7次\n会议8次" + "。" * 20 + "9次")
    ents = [(0, 2, "ITEM"), (2, 4, "COUNT"), (5, 7, "ITEM"), (7, 9, "COUNT"), (29, 31, "COUNT")]
    doc.ents = [Span(doc, start, end, label=label) for start, end, label in ents]
    pairs = create_schema_candidates(max_distance=10)(doc, doc.ents)
    assert sorted(pairs) == [(1, 0), (3, 2)]
    assert (4, 2) in create_schema_candidates(max_distance=50)(doc, doc.ents)
    assert create_schema_candidates()(doc, ()) == []


def test_candidates_stay_in_the_sentence_if_marks_are_given(nlp):
    doc = nlp.make_doc("会议7次;活动8次。《为何?》9次")
    ents = [
        (0, 2, "ITEM"),
        (2, 4, "COUNT"),
        (5, 7, "ITEM"),
        (7, 9, "COUNT"),
        (11, 14, "DOCUMENT"),  # its question mark ends no sentence
        (15, 17, "COUNT"),
    ]
    doc.ents = [Span(doc, start, end, label=label) for start, end, label in ents]
    pairs = create_schema_candidates(sentence_marks="。!?")(doc, doc.ents)
    assert sorted(pairs) == [(1, 0), (1, 2), (1, 3), (3, 0), (3, 1), (3, 2), (5, 4)]


def peak_memory(nlp, doc):
    tracemalloc.start()
    try:
        list(nlp.pipe([doc]))
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_memory_grows_linearly_with_a_paragraph(trained):
    # A paragraph of 3,000 characters with 200 spans, and one four times as long.
    docs = []
    for n in (100, 400):
        doc = trained.make_doc("召开常委会会议十二次,听取各方面意见和建议,深入调研座谈走访," * n)
        length = len(doc) // n
        doc.ents = [
            Span(doc, length * i + start, length * i + end, label=label)
            for i in range(n)
            for start, end, label in ((2, 7, "ITEM"), (7, 10, "COUNT"))
        ]
        docs.append(doc)
    assert 2_900 < len(docs[0]) < 3_200
    assert len(docs[0].ents) == 200
    peak_memory(trained, docs[0].copy())  # what is kept between documents
    small, large = (peak_memory(trained, doc) for doc in docs)
    assert large < 6 * small


def test_a_long_paragraph_with_many_spans(trained):
    doc = trained.make_doc("常委会会议12次、" * 300)
    doc.ents = [
        Span(doc, 9 * i + offset, 9 * i + offset + length, label=label)
        for i in range(300)
        for offset, length, label in ((0, 5, "ITEM"), (5, 3, "COUNT"))
    ]
    (done,) = trained.pipe([doc])
    assert isinstance(done._.relations, tuple)
