"""relation_extractor on another language and schema, with a generator of its own, and over span groups."""

from __future__ import annotations

import pytest
import spacy
import typer
from spacy.cli.find_threshold import find_threshold
from spacy.tokens import DocBin, Span
from spacy.training import Example
from spacy.util import load_model, registry

from baogao.relations import Relation
from training.tune_thresholds import choose_thresholds, main, scored_pairs

# Text, entities (start, end, label) in tokens, relations (label, head, tail).
SENTENCES = [
    (
        "Ada Byron works for Analytical Engines in London .",
        [(0, 2, "PER"), (4, 6, "ORG"), (7, 8, "LOC")],
        [("WORKS_FOR", 0, 1), ("BASED_IN", 1, 2)],
    ),
    (
        "Bell Labs of Murray Hill hired Shannon .",
        [(0, 2, "ORG"), (3, 5, "LOC"), (6, 7, "PER")],
        [("BASED_IN", 0, 1), ("WORKS_FOR", 2, 0)],
    ),
    ("Turing met Shannon in Princeton .", [(0, 1, "PER"), (2, 3, "PER"), (4, 5, "LOC")], []),
]
CONFIG = {
    "sentence_marks": ".",
    "clause_marks": ",;",
    "list_marks": ",",
    "candidates": {"@misc": "test.AllPairs.v1"},
    "model": {
        "tok2vec": {
            "@architectures": "spacy.HashEmbedCNN.v2",
            "pretrained_vectors": None,
            "width": 32,
            "depth": 1,
            "embed_size": 100,
            "window_size": 1,
            "maxout_pieces": 2,
            "subword_features": False,
        }
    },
}


@registry.misc("test.AllPairs.v1")
def create_all_pairs():
    return lambda doc, ents: [(h, t) for h in range(len(ents)) for t in range(len(ents)) if h != t]


def make_examples(nlp, spans_key=None):
    examples = []
    for text, entities, relations in SENTENCES:
        docs = [nlp.make_doc(text), nlp.make_doc(text)]
        for doc in docs:
            ents = [Span(doc, *entity) for entity in entities]
            if spans_key is None:
                doc.ents = ents
            else:
                doc.spans[spans_key] = [*ents, Span(doc, 0, 1, label="PER")]  # overlaps the first
        reference = docs[1]
        reference._.relations = [Relation(label, ents[head], ents[tail]) for label, head, tail in relations]
        examples.append(Example(*docs))
    return examples


def train(examples, steps=60, **config):
    nlp = spacy.blank("en")
    nlp.add_pipe("relation_extractor", config=CONFIG | config)
    optimizer = nlp.initialize(lambda: examples)
    for _ in range(steps):
        nlp.update(examples, sgd=optimizer)
    return nlp


@pytest.fixture(scope="module")
def english():
    return train(make_examples(spacy.blank("en")))


def test_learns_labels_and_signatures_of_its_own(english, tmp_path):
    english.to_disk(tmp_path)
    assert english.get_pipe("relation_extractor").label_data == {
        "labels": ["BASED_IN", "WORKS_FOR"],
        "signatures": [["BASED_IN", "ORG", "LOC"], ["WORKS_FOR", "PER", "ORG"]],
    }
    for nlp in (english, load_model(tmp_path)):
        scores = nlp.evaluate(make_examples(nlp))
        assert scores["spans_relations_f"] == 1.0
        assert scores["spans_relations_gold_ents_per_type"]["BASED_IN"]["f"] == 1.0


def test_bytes_and_config_round_trip(english):
    again = spacy.blank("en").from_config(english.config)
    again.initialize(lambda: make_examples(again))
    again.from_bytes(english.to_bytes())
    for eg in make_examples(english):
        before, after = english(eg.predicted.copy()), again(eg.predicted.copy())
        assert [r.key for r in after._.relations] == [r.key for r in before._.relations]


def test_a_label_between_entities_it_never_joined_is_not_predicted(english):
    doc = english.make_doc("London works for Ada .")
    doc.ents = [Span(doc, 0, 1, label="LOC"), Span(doc, 3, 4, label="PER")]
    pipe = english.get_pipe("relation_extractor")
    pipe.cfg["threshold"], before = 0.0, pipe.cfg["threshold"]
    try:
        assert english(doc)._.relations == ()
    finally:
        pipe.cfg["threshold"] = before


def test_overlapping_spans_of_a_group():
    examples = make_examples(spacy.blank("en"), spans_key="mentions")
    nlp = train(examples, spans_key="mentions")
    scores = nlp.evaluate(make_examples(nlp, spans_key="mentions"))
    assert scores["spans_relations_gold_ents_f"] == 1.0
    assert nlp("No group .")._.relations == ()


def test_a_label_may_have_its_own_threshold(english):
    pipe = english.get_pipe("relation_extractor")
    before = pipe.cfg
    pipe.cfg = before | {"thresholds": {"BASED_IN": 1.01}}
    try:
        doc = english(make_examples(english)[0].predicted)
    finally:
        pipe.cfg = before
    assert [r.label for r in doc._.relations] == ["WORKS_FOR"]


def test_spacy_find_threshold_takes_the_component(english, tmp_path):
    nlp = spacy.blank("en")
    ruler = nlp.add_pipe("entity_ruler")
    for text, entities, _ in SENTENCES:
        words = text.split()
        ruler.add_patterns(
            [{"label": label, "pattern": " ".join(words[start:end])} for start, end, label in entities]
        )
    nlp.add_pipe("relation_extractor", source=english)
    nlp.to_disk(tmp_path / "pipeline")
    data = DocBin(docs=[eg.reference for eg in make_examples(nlp)], store_user_data=True)
    data.to_disk(tmp_path / "dev.spacy")
    _, best, scores = find_threshold(
        tmp_path / "pipeline",
        tmp_path / "dev.spacy",
        pipe_name="relation_extractor",
        threshold_key="threshold",
        scores_key="spans_relations_f",
        n_trials=3,
    )
    assert best == scores[0.5] == 1.0
    assert scores[1.0] == 0.0

    main(tmp_path / "pipeline", tmp_path / "dev.spacy", tmp_path / "tuned", "relation_extractor", False, 2)
    tuned = load_model(tmp_path / "tuned")
    assert tuned.get_pipe("relation_extractor").cfg["thresholds"].keys() == {"BASED_IN", "WORKS_FOR"}
    with pytest.raises(typer.BadParameter, match="no component 'relations'"):
        main(tmp_path / "pipeline", tmp_path / "dev.spacy", tmp_path / "other", "relations")


def test_thresholds_serve_each_label():
    # Right at 0.4 and 0.8, wrong at 0.35; and a label with too few gold relations to choose by.
    pairs = {"A": ([0.4, 0.8, -0.35], 2), "B": ([0.2], 1)}
    assert choose_thresholds(pairs, default=0.5, min_gold=2) == {"A": 0.4}


def test_scored_pairs_hold_every_admitted_candidate(english):
    pipe = english.get_pipe("relation_extractor")
    pairs = scored_pairs(pipe, make_examples(english))
    # ORG-LOC twice; PER-ORG twice; all of them right.
    assert {label: (len(scores), gold) for label, (scores, gold) in pairs.items()} == {
        "BASED_IN": (2, 2),
        "WORKS_FOR": (2, 2),
    }
    assert all(score > 0.5 for scores, _ in pairs.values() for score in scores)
