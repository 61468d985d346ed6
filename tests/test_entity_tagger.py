"""The component entity_tagger, through the API that a pipeline uses."""

from __future__ import annotations

import numpy
import pytest
import spacy
from spacy.tokens import Doc, Span
from spacy.training import Example
from spacy.util import load_model

from baogao.pipeline import entity_tagger


@pytest.fixture
def trained(nlp, examples):
    nlp.add_pipe("entity_tagger")
    optimizer = nlp.initialize(lambda: examples)
    for _ in range(60):
        losses = {}
        nlp.update(examples, sgd=optimizer, losses=losses)
    assert losses["entity_tagger"] < 0.1
    return nlp


def as_tuples(doc):
    return [(e.start_char, e.end_char, e.label_) for e in doc.ents]


def test_overfits_saves_loads_and_scores(trained, examples, tmp_path):
    assert trained.evaluate(examples)["ents_f"] == 1.0
    trained.to_disk(tmp_path / "pipeline")
    loaded = load_model(tmp_path / "pipeline")
    from_bytes = spacy.blank("zh")
    from_bytes.add_pipe("entity_tagger")
    from_bytes.from_bytes(trained.to_bytes())
    for eg in examples:
        gold = as_tuples(eg.reference)
        assert as_tuples(trained(eg.text)) == gold
        assert as_tuples(loaded(eg.text)) == gold
        assert as_tuples(from_bytes(eg.text)) == gold


def test_entities_have_probabilities(trained, examples):
    doc = trained(examples[0].text)
    assert all(0.5 < ent._.score <= 1.0 for ent in doc.ents)
    copy = Doc(trained.vocab).from_bytes(doc.to_bytes())
    assert [ent._.score for ent in copy.ents] == [ent._.score for ent in doc.ents]


def test_empty_documents_and_batches(trained):
    assert trained("").ents == ()
    assert [len(doc.ents) for doc in trained.pipe(["", " ", "\n\n"])] == [0, 0, 0]
    assert list(trained.pipe([])) == []


def test_batch_size_does_not_matter(trained, examples):
    texts = [eg.text for eg in examples] + ["", "区委"]
    one_by_one = [as_tuples(doc) for doc in trained.pipe(texts, batch_size=1)]
    assert one_by_one == [as_tuples(doc) for doc in trained.pipe(texts, batch_size=len(texts))]


def test_no_entity_crosses_a_line_break_or_begins_with_a_space(trained):
    doc = trained("全年常委\n会召开常委会\n会议 7次、  主任会议 12次。")
    assert doc.ents
    for ent in doc.ents:
        assert "\n" not in ent.text and ent.text == ent.text.strip()


def test_update_ignores_tokens_without_annotation(nlp, examples):
    nlp.add_pipe("entity_tagger")
    optimizer = nlp.initialize(lambda: examples)
    blank = nlp.make_doc("没有标注")
    losses = nlp.update([Example(blank, nlp.make_doc("没有标注"))], sgd=optimizer, losses={})
    assert losses["entity_tagger"] == 0.0
    assert nlp.update([Example(nlp.make_doc(""), nlp.make_doc(""))], losses={})["entity_tagger"] == 0.0


def test_training_without_entities_is_refused(nlp):
    nlp.add_pipe("entity_tagger")
    example = Example(nlp.make_doc("无"), nlp.make_doc("无"))
    with pytest.raises(ValueError, match="found no entities"):
        nlp.initialize(lambda: [example])


def test_labels_are_fixed_once_initialised(trained):
    tagger = trained.get_pipe("entity_tagger")
    assert tagger.labels == ("BODY", "COUNT", "DATE", "DOCUMENT", "ITEM", "SLOGAN")
    assert tagger.add_label("BODY") == 0
    with pytest.raises(ValueError, match="cannot be added"):
        tagger.add_label("NEW")


def test_entities_below_the_threshold_are_left_out(trained, examples):
    tagger = trained.get_pipe("entity_tagger")
    scores = [ent._.score for ent in trained(examples[0].text).ents]
    tagger.cfg["threshold"] = max(scores)
    assert [ent._.score for ent in trained(examples[0].text).ents] == [max(scores)]
    tagger.cfg["threshold"] = 1.1
    assert trained(examples[0].text).ents == ()


@pytest.mark.parametrize("loss", ["sequence", "token"])
def test_both_losses_overfit_and_leave_out_what_is_not_annotated(nlp, examples, loss):
    nlp.add_pipe("entity_tagger", config={"loss": loss})
    for eg in examples:  # nothing is said of the second character
        ents = [ent for ent in eg.reference.ents if ent.start > 1 or ent.end <= 1]
        eg.reference.set_ents(ents, missing=[eg.reference[1:2]])
    optimizer = nlp.initialize(lambda: examples)
    for _ in range(60):
        losses = nlp.update(examples, sgd=optimizer, losses={})
    assert losses["entity_tagger"] < 0.1
    for eg in examples:
        found = {(ent.start, ent.end, ent.label_) for ent in nlp(eg.text).ents if ent.start > 1}
        assert found == {(ent.start, ent.end, ent.label_) for ent in eg.reference.ents if ent.start > 1}


def test_cutting_at_certain_tokens_changes_nothing(trained, examples, monkeypatch):
    text = "\n".join(eg.text for eg in examples)
    cut = [(as_tuples(doc), [ent._.score for ent in doc.ents]) for doc in [trained(text)]]
    monkeypatch.setattr(entity_tagger, "_CERTAIN", 1.0)
    whole = [(as_tuples(doc), [ent._.score for ent in doc.ents]) for doc in [trained(text)]]
    assert whole[0][0] == cut[0][0]
    assert whole[0][1] == pytest.approx(cut[0][1], abs=1e-3)


def test_the_gradient_is_that_of_the_loss(nlp, examples):
    nlp.add_pipe("entity_tagger")
    nlp.initialize(lambda: examples)
    tagger = nlp.get_pipe("entity_tagger")
    rng = numpy.random.default_rng(0)
    logits = [rng.normal(size=(len(eg.predicted), 4 * len(tagger.labels) + 1)) for eg in examples]

    def loss_of(i=None, row=0, tag=0, step=0.0):
        changed = [x.copy() for x in logits]
        if i is not None:
            changed[i][row, tag] += step
        weights = [numpy.exp(x) for x in changed]
        return tagger.get_loss(examples, [w / w.sum(axis=1, keepdims=True) for w in weights])

    _, gradients = loss_of()
    for i, row, tag in [(0, 0, 0), (0, 3, 5), (1, 2, 7), (3, 1, 1)]:
        slope = (loss_of(i, row, tag, 1e-3)[0] - loss_of(i, row, tag, -1e-3)[0]) / 2e-3
        assert gradients[i][row, tag] == pytest.approx(slope, abs=1e-5)


def test_gold_spans_that_no_sequence_may_have_teach_nothing(nlp, examples):
    gold = nlp.make_doc("区\n委开会")
    gold.ents = [Span(gold, 0, 3, "BODY")]
    nlp.add_pipe("entity_tagger")
    nlp.initialize(lambda: examples)
    assert nlp.update([Example(nlp.make_doc(gold.text), gold)], losses={})["entity_tagger"] < 10
