"""Names of places as a feature of characters."""

from __future__ import annotations

import sys

import numpy
import pytest
from spacy.attrs import NORM

from baogao.layers.gazetteer import GazetteerEmbed, build_gazetteer, gazetteer_keys
from baogao.typography import create_typography_lookups


@pytest.fixture
def gazetteer(nlp):
    return build_gazetteer(nlp.vocab)


def marked(text, gazetteer):
    keys = gazetteer_keys(list(text), gazetteer)[:, 0]
    return "".join(char if key else "." for char, key in zip(text, keys, strict=True))


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("推动临平区发展", "..临平区.."),
        ("在临平的实践", ".临平..."),
        ("杭州市临平区", "杭州市临平区"),
        ("全区", ".."),
        ("", ""),
        ("巴", "."),
    ],
)
def test_names_of_places_are_marked(text, names, gazetteer):
    assert marked(text, gazetteer) == names


def test_a_full_name_is_told_from_a_short_one_and_each_position_from_the_others(gazetteer):
    full, short = (gazetteer_keys(list(name), gazetteer)[:, 0] for name in ("临平区", "临平"))
    assert len(set(full)) == 3
    assert not set(full) & set(short)


def test_a_name_does_not_cross_spaces_and_longer_tokens(gazetteer):
    assert not gazetteer_keys(["临", " ", "平"], gazetteer).any()
    assert not gazetteer_keys(["临", "平区"], gazetteer).any()


def test_traditional_characters_are_names_too(nlp):
    nlp.vocab.lookups = create_typography_lookups()
    nlp.vocab.lex_attr_getters = nlp.vocab.lex_attr_getters | {
        NORM: lambda text: nlp.vocab.lookups.get_table("lexeme_norm").get(text, text)
    }
    model = GazetteerEmbed(width=4)
    docs = [nlp.make_doc("寧夏"), nlp.make_doc("宁夏")]
    model.initialize(X=docs)
    traditional, simplified = model.predict(docs)
    assert simplified.shape == (2, 4)
    assert numpy.array_equal(traditional, simplified)


def test_a_saved_pipeline_needs_no_opencc(nlp, monkeypatch):
    monkeypatch.setitem(sys.modules, "opencc", None)  # importing it raises ImportError
    model = GazetteerEmbed(width=4)
    model.initialize(X=[nlp.make_doc("临平")])
    assert model.predict([nlp.make_doc("临平")])[0].shape == (2, 4)


def test_an_empty_document(nlp):
    model = GazetteerEmbed(width=4)
    docs = [nlp.make_doc("临平"), nlp.make_doc("")]
    model.initialize(X=docs)
    assert [len(vectors) for vectors in model.predict(docs)] == [2, 0]
