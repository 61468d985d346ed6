"""Straight quotes read as the quotes that they stand for."""

from __future__ import annotations

from pathlib import Path

import pytest
import spacy
from spacy.tokens import Doc

from baogao.pipeline import quote_norms  # noqa: F401

STRAIGHT = str.maketrans("“”", '""')


def norms(text):
    nlp = spacy.blank("zh")
    nlp.add_pipe("quote_norms")
    return "".join(token.norm_ for token in nlp(Doc(nlp.vocab, list(text), [False] * len(text))))


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ('深刻领悟"两个确立",做到"两个维护"', "深刻领悟“两个确立”,做到“两个维护”"),
        ("坚持\"以'一个原则'为本\"", "坚持“以‘一个原则’为本”"),
        ('一个"\n"两个"', '一个"\n“两个”'),  # an odd number in the first paragraph only
        ("people's,'甲'", "people's,‘甲’"),
        ("“两个确立”", "“两个确立”"),
        ("", ""),
    ],
)
def test_straight_quotes_have_the_norms_of_curly_ones(text, read):
    assert norms(text) == read


def test_the_text_stays_and_the_component_is_saved(tmp_path):
    nlp = spacy.blank("zh")
    nlp.add_pipe("quote_norms")
    nlp.to_disk(tmp_path / "pipeline")
    doc = spacy.load(tmp_path / "pipeline")('领悟"两个确立"')
    assert doc.text == '领悟"两个确立"' and doc[2].norm_ == "“"


def test_the_committed_pipeline_finds_the_same_in_straight_quotes():
    nlp = spacy.load(Path(__file__).parent.parent / "models" / "zh_baogao_sm")
    curly = "深刻领悟“两个确立”的决定性意义,开展“请你来协商”活动7次。"
    found = [[(e.text, e.label_) for e in nlp(text).ents] for text in (curly, curly.translate(STRAIGHT))]
    assert found[0] == found[1] and ("两个确立", "SLOGAN") in found[0]
