"""Characters of names as a feature, and the names that training data get."""

from __future__ import annotations

import random

import numpy

from baogao.layers.person_names import PersonNameEmbed, person_name_keys
from baogao.names import GIVEN, RARER_SURNAMES, SURNAMES, random_name


def test_the_lists_are_single_distinct_characters():
    assert len(set(SURNAMES + RARER_SURNAMES)) == len(SURNAMES + RARER_SURNAMES)
    assert len(set(GIVEN)) == len(GIVEN)


def test_a_key_says_what_a_character_and_two_on_either_side_are():
    keys = person_name_keys(list("的的陈建国的的"))[:, 0]
    assert len({*keys[2:5].tolist()}) == 3
    same_kinds = person_name_keys(list("了了王志芬了了"))[:, 0]
    assert numpy.array_equal(keys, same_kinds)
    assert keys[2] != person_name_keys(list("的的的建国的的"))[2, 0]


def test_the_edges_of_a_text_are_told_from_characters():
    assert person_name_keys(list("陈"))[0, 0] != person_name_keys(list("的的陈的的"))[2, 0]
    assert person_name_keys([]).shape == (0, 1)


def test_vectors_of_empty_and_other_documents(nlp):
    model = PersonNameEmbed(width=4)
    docs = [nlp.make_doc("委员陈建国"), nlp.make_doc("")]
    model.initialize(X=docs)
    assert [vectors.shape for vectors in model.predict(docs)] == [(5, 4), (0, 4)]


def test_random_names_have_a_surname_and_one_or_two_characters_more():
    rng = random.Random(0)
    names = {random_name(rng) for _ in range(300)}
    assert len(names) > 250
    assert all(name[0] in SURNAMES + RARER_SURNAMES for name in names)
    assert {len(name) for name in names} == {2, 3}
