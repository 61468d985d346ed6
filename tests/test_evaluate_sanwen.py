"""Reading SanWen and scoring it by the published protocol, on hand-made lines."""

from __future__ import annotations

import numpy
import pytest
import spacy

from evaluate.external.sanwen import (
    NO_RELATION,
    Pair,
    SanWenError,
    best_threshold,
    create_given_pairs,
    read_pairs,
    score,
    to_example,
)

LINES = [
    "姥姥\t山谷\tLocated\t姥姥在山谷,姥姥",
    "姥姥\t山谷\tNear\t姥姥在山谷,姥姥",
    "山谷\t姥姥在山谷\tunknown\t姥姥在山谷,姥姥",
]


def write(path, lines):
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_pairs_that_differ_in_the_label_alone_are_one(tmp_path):
    assert read_pairs(write(tmp_path / "train.txt", LINES)) == {
        "姥姥在山谷,姥姥": [
            Pair("姥姥", "山谷", frozenset({"Located", "Near"})),
            Pair("山谷", "姥姥在山谷", frozenset({NO_RELATION})),
        ]
    }


@pytest.mark.parametrize("line", ["姥姥\t山谷\tNear", "姥姥\t河\tNear\t姥姥在山谷"])
def test_a_bad_line_is_named(tmp_path, line):
    with pytest.raises(SanWenError, match=r"train\.txt:2"):
        read_pairs(write(tmp_path / "train.txt", [LINES[0], line]))


def test_mentions_are_where_they_first_occur(tmp_path):
    ((text, pairs),) = read_pairs(write(tmp_path / "train.txt", LINES)).items()
    example = to_example(spacy.blank("zh"), text, pairs)
    mentions = example.predicted.spans["mentions"]
    assert [(span.start, span.end) for span in mentions] == [(0, 2), (0, 5), (3, 5)]
    assert create_given_pairs()(example.predicted, list(mentions)) == [(0, 2), (2, 1)]
    assert [(r.label, r.head.text, r.tail.text) for r in example.reference._.relations] == [
        ("Located", "姥姥", "山谷"),
        ("Near", "姥姥", "山谷"),
    ]


def test_scores_leave_unknown_out():
    gold = [frozenset({"Near", "Use"}), frozenset({"Near"}), frozenset({NO_RELATION}), frozenset({"Use"})]
    labels, scores = ["Use", "Use", "Near", "Use"], numpy.array([0.9, 0.8, 0.6, 0.2])
    # At 0.5: three predicted, one of them right, three relations in gold.
    assert score(gold, labels, scores, 0.5) == pytest.approx((1 / 3, 1 / 3, 1 / 3))
    # At 0.85 one predicted, right; at 0.1 four predicted, two right.
    assert score(gold, labels, scores, 0.85) == pytest.approx((1.0, 1 / 3, 0.5))
    assert score(gold, labels, scores, 0.1) == pytest.approx((0.5, 2 / 3, 4 / 7))
    assert best_threshold(gold, labels, scores) <= 0.2
