"""Norms: one alphabet for every typography."""

from __future__ import annotations

import pytest
import spacy
from spacy.training.initialize import init_vocab

from baogao.typography import create_typography_lookups


@pytest.fixture(scope="module")
def normed():
    nlp = spacy.blank("zh")
    init_vocab(nlp, lookups=create_typography_lookups())
    return nlp


@pytest.mark.parametrize(
    ("written", "norm"),
    [
        ("全年召开会议7次,听取", "全年召开会议7次,听取"),
        ("召开会议７次，听取（审议）；", "召开会议7次,听取(审议);"),
        ("「兩個確立」", "“两个确立”"),
        ("“两个确立”——", "“两个确立”——"),
        ("ＡＰＰ、APP", "app、app"),
        ("人民代表大會常務委員會", "人民代表大会常务委员会"),
        ("⼈⺠政协⻓､車車", "人民政协长、车车"),
        ("〝三化〟｢双减｣﹃甲﹄｡", "“三化”“双减”‘甲’。"),
        ("︽办法︾«章程»︵试行︶", "《办法》《章程》(试行)"),
        ("约翰‧史密斯・乔", "约翰·史密斯·乔"),
    ],
)
def test_norms(normed, written, norm):
    doc = normed(written)
    assert "".join(token.norm_ for token in doc) == norm
    assert doc.text == written
