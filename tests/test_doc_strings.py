"""The strings of a document are those spaCy gives."""

from __future__ import annotations

import pytest
import spacy
from spacy.tokens import Doc

from baogao.doc_strings import document_norms, document_text

TEXTS = ["", "各位代表:", "全年  召开会议 7 次,\n\n听取报告。", " 開頭 ", "二〇二三年 abc １２"]


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_text_and_norms_are_those_of_the_document(lang, text):
    doc = spacy.blank(lang)(text)
    assert document_text(doc) == doc.text == text
    assert document_norms(doc) == [token.norm_ for token in doc]


def test_a_document_without_spaces_has_none():
    doc = Doc(spacy.blank("zh").vocab, words=["常委会", "会议"], spaces=[False, False])
    assert document_text(doc) == "常委会会议"
