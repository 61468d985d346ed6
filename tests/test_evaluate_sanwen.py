"""Reading SanWen and scoring it by the published protocol, on hand-made lines."""

from __future__ import annotations

from pathlib import Path

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
    run,
    score,
    to_example,
)
from evaluate.external.subwords import SubwordEncoder

CONFIG = Path(__file__).parents[1] / "configs" / "zh_baogao_sm.cfg"

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


def test_a_run_with_another_encoder_learns_two_sentences(tmp_path, unigram_checkpoint):
    lines = [
        "\u59e5\u59e5\t\u5c71\u8c37\tLocated\t\u59e5\u59e5\u5728\u5c71\u8c37",
        "\u4eba\t\u6cb3\tNear\t\u4eba\u5728\u6cb3\u8fb9",
    ]
    for split in ("train", "valid", "test"):
        write(tmp_path / f"{split}.txt", lines)
    pieces = [
        "<s>",
        "<pad>",
        "</s>",
        "<unk>",
        "\u2581",
        "\u59e5\u59e5",
        *"\u5728\u5c71\u8c37\u4eba\u6cb3\u8fb9",
    ]
    encoder = SubwordEncoder(unigram_checkpoint(pieces), frozen_layers=0, learn_rate_factor=1.0)
    settings = {"epochs": 30, "batch_size": 2, "learn_rate": 0.01, "dropout": 0.0, "seed": 0}
    scores = run(tmp_path, CONFIG, None, encoder=encoder, **settings)
    assert scores["f"] == scores["dev_f"] == 1.0
