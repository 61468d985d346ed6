"""Further mentions of names that a document holds more than once."""

from __future__ import annotations

import numpy
import pytest
import spacy
from spacy.tokens import Doc, Span
from spacy.training import Example

from baogao.layers.biluo import tag_names
from baogao.pipeline.repeated_names import add_repeated_names

LABELS = ("BODY", "PLACE")


def tables(text, spans):
    """Tag probabilities of single-character tokens in which each span (start, end, label, probability) has its own."""
    names = tag_names(LABELS)
    table = numpy.zeros((len(text), len(names)))
    for start, end, label, probability in spans:
        tags = (
            [f"U-{label}"]
            if end - start == 1
            else [f"B-{label}", *[f"I-{label}"] * (end - start - 2), f"L-{label}"]
        )
        for row, tag in zip(range(start, end), tags, strict=True):
            table[row, names.index(tag)] = probability
    return table


def document(words):
    return Doc(spacy.blank("zh").vocab, words=words, spaces=[False] * len(words))


def find(text, entities, others, thresholds):
    return add_repeated_names(
        document(list(text)), entities, tables(text, [*entities, *others]), LABELS, thresholds
    )


TEXT = "临平区人大在临平召开,讲临平"
FOUND = (6, 8, "PLACE", 0.9)
HESITANT = (12, 14, "PLACE", 0.2)


def test_a_name_found_once_needs_less_elsewhere():
    assert find(TEXT, [FOUND], [HESITANT], {"PLACE": 0.1}) == [FOUND, HESITANT]


@pytest.mark.parametrize("thresholds", [{}, {"BODY": 0.1}, {"PLACE": 0.3}])
def test_no_other_label_and_no_lower_probability(thresholds):
    assert find(TEXT, [FOUND], [HESITANT], thresholds) == [FOUND]


def test_what_is_inside_another_entity_stays_there():
    body = (0, 5, "BODY", 0.8)
    inside = (0, 2, "PLACE", 0.15)
    assert find(TEXT, [body, FOUND], [inside], {"PLACE": 0.1}) == [body, FOUND]


def test_single_characters_are_not_looked_for():
    assert find("琼在琼", [(0, 1, "PLACE", 0.9)], [(2, 3, "PLACE", 0.3)], {"PLACE": 0.1}) == [
        (0, 1, "PLACE", 0.9)
    ]


def test_of_two_that_overlap_the_more_probable_is_taken():
    text = "甲乙甲,丙甲乙甲乙甲"
    first = (0, 3, "BODY", 0.9)
    table = tables(text, [first, (5, 8, "BODY", 0.2)])
    table = numpy.maximum(table, tables(text, [(7, 10, "BODY", 0.3)]))  # 甲 of both may end or begin one
    assert add_repeated_names(document(list(text)), [first], table, LABELS, {"BODY": 0.1}) == [
        first,
        (7, 10, "BODY", 0.3),
    ]


def test_tokens_of_several_characters_are_matched_whole():
    norms = ["常委会", "在", "常委", "会", "常委会"]
    names = tag_names(LABELS)
    table = numpy.full((5, len(names)), 0.5)
    entities = [(2, 4, "BODY", 0.9)]
    assert add_repeated_names(document(norms), entities, table, LABELS, {"BODY": 0.1}) == entities


def test_the_component_looks_for_them(nlp):
    nlp.add_pipe("entity_tagger", config={"threshold": 0.4, "repeated_thresholds": {"PLACE": 0.0}})
    doc = nlp.make_doc("在临平召开,讲临平。")
    reference = nlp.make_doc(doc.text)
    reference.set_ents([Span(reference, 1, 3, label="PLACE")])
    examples = [Example(doc, reference)]
    optimizer = nlp.initialize(lambda: examples)
    for _ in range(40):
        nlp.update(examples, sgd=optimizer)
    found = [(e.start, e.end) for e in nlp(doc.text).ents]
    assert found == [(1, 3), (7, 9)]
    nlp.get_pipe("entity_tagger").cfg["repeated_thresholds"] = {}
    assert [(e.start, e.end) for e in nlp(doc.text).ents] == [(1, 3)]
    assert nlp("").ents == ()
