"""What the decoder must and may not do, on tag scores that want something else."""

from __future__ import annotations

import pickle
import re

import numpy
import pytest
import spacy
from spacy.training import Example

from baogao.layers.biluo import decode, spans, tag_names
from baogao.pipeline.constraints import create_constraints

LABELS = ("BODY", "DOCUMENT", "SLOGAN")
NAMES = tag_names(LABELS)


def wants(text, *mentions, log_probability=-0.1):
    """Log-probabilities that favour these (start, end, label) and nothing else."""
    scores = numpy.full((len(text), len(NAMES)), -6.0)
    tags = ["O"] * len(text)
    for start, end, label in mentions:
        tags[start:end] = [
            f"{'B' if i == start else 'L' if i == end - 1 else 'I'}-{label}" for i in range(start, end)
        ]
        if end == start + 1:
            tags[start] = f"U-{label}"
    scores[numpy.arange(len(text)), [NAMES.index(tag) for tag in tags]] = log_probability
    return scores


def decoded(constraints, text, scores):
    doc = spacy.blank("zh")(text)
    constraints(doc, LABELS, scores)
    return {(text[start:end], LABELS[label]) for start, end, label in spans(decode(scores, [len(text)]))}


titles = create_constraints(titles={"《》": "DOCUMENT"})


@pytest.mark.parametrize(
    ("text", "mentions", "found"),
    [
        ("看《一颗“果”》报", [], {("一颗“果”", "DOCUMENT")}),
        ("看《一颗“果”》报", [(5, 6, "SLOGAN")], {("一颗“果”", "DOCUMENT")}),
        ("看《法》,读《办法》", [(1, 4, "BODY")], {("《法》", "BODY"), ("办法", "DOCUMENT")}),
        ("纪念《法》会", [(0, 6, "BODY")], {("纪念《法》会", "BODY")}),
        ("看《》报", [], set()),
        ("看《办法\n》报", [], set()),
        ("看〈办法〉报", [], set()),
    ],
)
def test_what_title_marks_enclose_is_one_span_or_inside_a_longer_one(text, mentions, found):
    assert decoded(titles, text, wants(text, *mentions)) == found


def test_labels_that_a_tagger_does_not_know_are_no_titles():
    constraints = create_constraints(titles={"《》": "BOOK"})
    assert decoded(constraints, "看《办法》", wants("看《办法》", (2, 4, "BODY"))) == {("办法", "BODY")}


def test_spans_hold_separators_only_if_their_label_may():
    constraints = create_constraints(separators=",。", crossing=["SLOGAN"])
    text = "知情,明政,区委"
    crossing = decoded(constraints, text, wants(text, (0, 5, "SLOGAN")))
    assert crossing == {("知情,明政", "SLOGAN")}
    held = decoded(constraints, text, wants(text, (0, 5, "BODY")))
    assert not any("," in found for found, label in held if label == "BODY")
    at_its_edge = decoded(constraints, text, wants(text, (3, 6, "SLOGAN")))
    assert not any(found.endswith(",") for found, _ in at_its_edge)
    assert decoded(create_constraints(), text, wants(text, (0, 5, "BODY"))) == {("知情,明政", "BODY")}


@pytest.mark.parametrize("title", ["谁来养活中国?", "啊,中国!", "问:答"])
def test_titles_may_hold_and_end_with_separators(title):
    constraints = create_constraints(titles={"《》": "DOCUMENT"}, separators=",。;:!?", crossing=["DOCUMENT"])
    text = f"出版《{title}》一书"
    assert decoded(constraints, text, wants(text)) == {(title, "DOCUMENT")}


def test_titles_begin_and_end_beside_spaces_and_hold_others():
    assert decoded(titles, "看《\u3000办法 》", wants("看《\u3000办法 》")) == {("办法", "DOCUMENT")}
    assert decoded(titles, "《关于〈法〉的说明》", wants("《关于〈法〉的说明》")) == {
        ("关于〈法〉的说明", "DOCUMENT")
    }
    assert decoded(titles, "《 》", wants("《 》")) == set()


def test_repeated_quotations_are_tagged_alike():
    text = "“三化”好,“三化”新,“三化”行,“双核”"
    scores = wants(text, (1, 3, "SLOGAN"), (7, 9, "SLOGAN"), (19, 21, "BODY"))
    doc = spacy.blank("zh")(text)
    for agreement, third in (("", []), ("“”", [(13, 15)])):
        tried = scores.copy()
        create_constraints(agreement=agreement)(doc, LABELS, tried)
        found = list(spans(decode(tried, [len(text)])))
        slogan, body = LABELS.index("SLOGAN"), LABELS.index("BODY")
        assert found == [(s, e, slogan) for s, e in [(1, 3), (7, 9), *third]] + [(19, 21, body)]


def test_quotations_agree_whatever_the_length_of_norms():
    text = "“好……”,“好……”" * 2  # spaCy's norm of … is three points
    create_constraints(agreement="“”")(spacy.blank("zh")(text), LABELS, scores := wants(text))
    assert scores.shape == (len(text), len(NAMES)) and numpy.isfinite(scores).all()


@pytest.mark.parametrize(
    "settings", [{"titles": {"《": "DOCUMENT"}}, {"agreement": "“”《》"}, {"agreement": "||"}]
)
def test_what_is_no_pair_of_marks_is_refused_at_once(settings):
    with pytest.raises(ValueError, match="no pair of marks"):
        create_constraints(**settings)


def test_constraints_can_be_pickled_for_other_processes():
    constraints = pickle.loads(pickle.dumps(titles))
    assert decoded(constraints, "看《办法》", wants("看《办法》")) == {("办法", "DOCUMENT")}


def test_a_tagger_obeys_them_and_keeps_them_when_saved(nlp, gold_docs, tmp_path):
    config = {"constraints": {"@misc": "baogao.DecodingConstraints.v1", "titles": {"《》": "DOCUMENT"}}}
    nlp.add_pipe("entity_tagger", config=config)
    examples = [Example(nlp.make_doc(doc.text), doc) for doc in gold_docs]
    nlp.initialize(lambda: examples)  # knows nothing yet
    nlp.to_disk(tmp_path)
    for pipeline in (nlp, spacy.load(tmp_path)):
        assert [(ent.text, ent.label_) for ent in pipeline("制定《某某条例》。").ents] == [
            ("某某条例", "DOCUMENT")
        ]


@pytest.mark.parametrize("comma", [",", "\uff0c"])
@pytest.mark.parametrize(
    ("number", "found"),
    [("1,234", "1,234"), ("12,345,678", "12,345,678"), ("1,23", "1"), ("2020,2021", "2020")],
)
def test_a_comma_that_groups_digits_is_inside_a_span(comma, number, found):
    constraints = create_constraints(separators=",")
    text = f"共{number.replace(',', comma)}件"
    groups = [(match.start(), match.end(), "BODY") for match in re.finditer("[0-9]+", text)]
    got = sorted(mention for mention, _ in decoded(constraints, text, wants(text, *groups)))
    assert got[0] == found.replace(",", comma)
