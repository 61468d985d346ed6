"""Words and parts of speech as features of characters."""

from __future__ import annotations

import numpy
import rjieba
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.training.initialize import init_vocab

from baogao.layers.words import WordEmbed, word_keys
from baogao.typography import create_typography_lookups


@settings(deadline=None)  # the first call reads the dictionary
@given(st.lists(st.text(min_size=1, max_size=2), max_size=40))
def test_every_token_gets_keys_whatever_it_is(norms):
    keys = word_keys(norms)
    assert keys.shape == (len(norms), 4)
    assert keys.all()


def test_the_characters_of_a_word_share_its_key_and_differ_by_their_place():
    keys = word_keys(list("听取委员意见"))  # 听取 / 委员 / 意见
    words = keys[:, 2].tolist()
    assert words[0] == words[1] != words[2] == words[3] != words[4] == words[5]
    assert keys[0, 0] != keys[1, 0]
    assert numpy.array_equal(keys[2, :2], keys[4, :2])  # the first of two characters of a noun, both


def test_parts_of_speech_around_a_word_tell_two_occurrences_apart():
    one, other = word_keys(list("反映意见")), word_keys(list("的意见"))
    assert one[2, 2] == other[1, 2]
    assert one[2, 3] != other[1, 3]


def test_the_hidden_markov_model_joins_what_the_dictionary_lacks():
    keys = word_keys(list("到乔司去"))
    assert keys[1, 2] == keys[2, 2]  # 乔司, a town
    assert keys[1, 0] != keys[1, 1]


def test_words_that_others_add_to_jieba_change_nothing():
    norms = list("乙丑寅卯辰")
    keys = word_keys(norms)
    rjieba.add_word("".join(norms), 1_000_000, "nz")
    assert rjieba.cut("".join(norms)) == ["".join(norms)]
    assert numpy.array_equal(word_keys(norms), keys)


def test_vectors_of_documents_empty_ones_too(nlp):
    model = WordEmbed(width=4)
    docs = [nlp.make_doc("委员意见"), nlp.make_doc("")]
    model.initialize(X=docs)
    assert [vectors.shape for vectors in model.predict(docs)] == [(4, 20), (0, 20)]


def test_typography_makes_no_difference(nlp):
    init_vocab(nlp, lookups=create_typography_lookups())
    plain, traditional = (nlp.make_doc(text) for text in ("召开主任会议12次", "召開主任會議１２次"))
    model = WordEmbed(width=4)
    model.initialize(X=[plain])
    assert numpy.array_equal(*model.predict([plain, traditional]))
