"""Entity metrics against hand counts, nervaluate and seqeval."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from baogao.formats.brat import read_brat
from baogao.metrics.alignment import align
from baogao.metrics.entities import (
    NONE,
    SCHEMES,
    confusion_matrix,
    score_by_doc,
    score_by_label,
    score_by_surface,
    score_schemes,
)
from baogao.metrics.errors import GOLD_OUTCOMES, entity_errors
from baogao.metrics.items import Entity, entities_of
from baogao.metrics.prf import PRF, macro
from baogao.schema import ENTITY_LABELS

ROOT = Path(__file__).parents[1]
REPORT = "handan-zx-2023"

# Counted by hand:      strict exact partial type
GOLD = {
    Entity("a", 0, 2, "BODY"),  # found                          1      1     1      1
    Entity("a", 4, 8, "ITEM"),  # right end too short            0      0     ½      1
    Entity("a", 10, 12, "COUNT"),  # as DATE                     0      1     1      0
    Entity("a", 20, 22, "BODY"),  # missed
    Entity("b", 0, 2, "BODY"),  # found, other document          1      1     1      1
}
PREDICTED = {
    Entity("a", 0, 2, "BODY"),
    Entity("a", 4, 7, "ITEM"),
    Entity("a", 10, 12, "DATE"),
    Entity("a", 30, 32, "PLACE"),  # spurious
    Entity("b", 0, 2, "BODY"),
    Entity("b", 20, 22, "BODY"),  # spurious: that span is gold in document a, not b
}


def test_schemes_match_the_hand_count():
    scores = score_schemes(GOLD, PREDICTED)
    assert {name: score.tp for name, score in scores.items()} == {
        "strict": 2,
        "exact": 3,
        "partial": 3.5,
        "type": 3,
    }
    assert all((score.predicted, score.support) == (6, 5) for score in scores.values())
    assert scores["strict"].precision == pytest.approx(2 / 6)
    assert scores["strict"].recall == pytest.approx(2 / 5)
    assert scores["strict"].f1 == pytest.approx(4 / 11)


def test_scores_by_label_count_only_that_label():
    scores = score_by_label(GOLD, PREDICTED)
    assert scores["BODY"]["strict"] == PRF(2, 3, 3)
    assert scores["ITEM"]["strict"] == PRF(0, 1, 1)
    assert scores["ITEM"]["partial"] == PRF(0.5, 1, 1)
    assert scores["COUNT"]["exact"] == PRF(0, 0, 1)
    assert scores["PLACE"]["strict"] == PRF(0, 1, 0)


def test_macro_average_leaves_out_labels_without_support():
    strict = [scores["strict"] for scores in score_by_label(GOLD, PREDICTED).values()]
    # BODY 2/3, ITEM 0, COUNT 0; DATE and PLACE have predictions only.
    assert macro(strict)["f1"] == pytest.approx((2 / 3) / 3)


def test_scores_by_doc_add_up_to_the_whole():
    scores = score_by_doc(GOLD, PREDICTED)
    assert scores == {"a": PRF(1, 4, 4), "b": PRF(1, 2, 1)}


@pytest.mark.parametrize(
    ("score", "expected"),
    [
        (PRF(0, 0, 0), (0.0, 0.0, 0.0)),
        (PRF(0, 0, 3), (0.0, 0.0, 0.0)),
        (PRF(0, 3, 0), (0.0, 0.0, 0.0)),
        (PRF(3, 3, 3), (1.0, 1.0, 1.0)),
    ],
)
def test_a_zero_denominator_scores_zero(score, expected):
    assert (score.precision, score.recall, score.f1) == expected


def test_an_exact_match_is_not_lost_to_an_earlier_overlap():
    gold = {Entity("a", 4, 8, "ITEM")}
    predicted = {Entity("a", 2, 5, "ITEM"), Entity("a", 4, 8, "ITEM")}
    assert align(gold, predicted) == [(Entity("a", 4, 8, "ITEM"), Entity("a", 4, 8, "ITEM"))]


def test_alignment_never_crosses_documents():
    assert align({Entity("a", 0, 2, "BODY")}, {Entity("b", 0, 2, "BODY")}) == []


def test_seen_and_unseen_surfaces_are_scored_apart():
    texts = {"a": "区委听取区政府汇报"}
    gold = {Entity("a", 0, 2, "BODY"), Entity("a", 4, 7, "BODY")}
    predicted = {Entity("a", 0, 2, "BODY"), Entity("a", 5, 7, "BODY")}
    # Seen as BODY: 区委. 区政府 stands in training only with another label, so it is unseen; 政府 too.
    scores = score_by_surface(gold, predicted, texts, {("BODY", "区委"), ("PLACE", "区政府")})
    assert scores == {"seen": PRF(1, 1, 1), "unseen": PRF(0, 1, 1)}


def test_confusion_matrix_holds_every_gold_and_predicted_span_once():
    assert confusion_matrix(GOLD, PREDICTED) == {
        "BODY": {"BODY": 2, NONE: 1},
        "ITEM": {"ITEM": 1},
        "COUNT": {"DATE": 1},
        NONE: {"PLACE": 1, "BODY": 1},
    }


def test_errors_match_the_hand_count():
    gold = {
        Entity("a", 0, 2, "BODY"),  # correct
        Entity("a", 10, 14, "ITEM"),  # wrong label
        Entity("a", 20, 24, "ITEM"),  # too long on the left, too short on the right
        Entity("a", 30, 34, "ITEM"),  # too short on the left, too long on the right, and wrong label
        Entity("a", 40, 46, "ITEM"),  # split in two
        Entity("a", 50, 52, "BODY"),  # these two merged
        Entity("a", 53, 55, "BODY"),
        Entity("a", 60, 64, "BODY"),  # these two tangled with two predictions
        Entity("a", 65, 70, "BODY"),
        Entity("a", 80, 82, "DATE"),  # missed
    }
    predicted = {
        Entity("a", 0, 2, "BODY"),
        Entity("a", 10, 14, "COUNT"),
        Entity("a", 19, 23, "ITEM"),
        Entity("a", 31, 35, "COUNT"),
        Entity("a", 40, 42, "ITEM"),
        Entity("a", 43, 46, "ITEM"),
        Entity("a", 50, 55, "BODY"),
        Entity("a", 60, 66, "BODY"),
        Entity("a", 66, 68, "BODY"),
        Entity("a", 90, 92, "DATE"),  # spurious
    }
    assert entity_errors(gold, predicted) == {
        "correct": 1,
        "wrong_label": 1,
        "boundary": 2,
        "split": 1,
        "merged": 2,
        "tangled": 2,
        "missed": 1,
        "left_long": 1,
        "left_short": 1,
        "right_long": 1,
        "right_short": 1,
        "boundary_wrong_label": 1,
        "spurious": 1,
    }


@pytest.fixture(scope="module")
def report():
    return read_brat(ROOT / "annotations/gold" / f"{REPORT}.ann", ROOT / "corpus/texts" / f"{REPORT}.txt")


def perturb(gold: set[Entity], length: int, seed: int = 7) -> set[Entity]:
    """Drop, relabel, shorten or lengthen some spans, and add a few that overlap no gold span."""
    rng = random.Random(seed)
    spans = sorted(gold)
    predicted = set()
    for i, span in enumerate(spans):
        previous_end = spans[i - 1].end if i else 0
        next_start = spans[i + 1].start if i + 1 < len(spans) else length
        match rng.randrange(8):
            case 0:
                continue
            case 1:
                span = span._replace(label=rng.choice(ENTITY_LABELS))
            case 2 if span.end - span.start > 1:
                span = span._replace(end=span.end - 1, label=rng.choice([span.label, "ITEM"]))
            case 3 if span.start - previous_end > 1:
                span = span._replace(start=span.start - 1)
            case 4 if next_start - span.end > 6:
                predicted.add(Entity(span.doc, span.end + 2, span.end + 4, rng.choice(ENTITY_LABELS)))
        predicted.add(span)
    return predicted


def test_strict_scores_agree_with_seqeval_on_bio_tags(report):
    from seqeval.metrics.v1 import precision_recall_fscore_support
    from seqeval.scheme import IOB2

    gold = entities_of(REPORT, report.spans)
    predicted = perturb(gold, len(report.text))

    def tags(entities: set[Entity]) -> list[str]:
        out = ["O"] * len(report.text)
        for entity in entities:
            out[entity.start] = f"B-{entity.label}"
            out[entity.start + 1 : entity.end] = [f"I-{entity.label}"] * (entity.end - entity.start - 1)
        return out

    arguments = ([tags(gold)], [tags(predicted)])
    strict = {"scheme": IOB2}  # the v1 functions are what seqeval calls mode "strict"
    ours = score_schemes(gold, predicted)["strict"]
    assert 0.3 < ours.f1 < 0.9, "the perturbation must leave both matches and errors"
    micro = precision_recall_fscore_support(*arguments, average="micro", **strict)
    assert (ours.precision, ours.recall, ours.f1) == pytest.approx(micro[:3])

    labels = sorted({entity.label for entity in gold | predicted})
    per_label = precision_recall_fscore_support(*arguments, average=None, zero_division=0, **strict)
    scores = score_by_label(gold, predicted, labels)
    assert [scores[label]["strict"].f1 for label in labels] == pytest.approx(list(per_label[2]))
    assert [scores[label]["strict"].support for label in labels] == list(per_label[3])


def test_schemes_agree_with_nervaluate_where_overlaps_are_one_to_one(report):
    from nervaluate.entities import Entity as Inclusive
    from nervaluate.evaluator import Evaluator

    gold = entities_of(REPORT, report.spans)
    predicted = perturb(gold, len(report.text))
    as_dicts = [
        [vars(Inclusive(e.label, e.start, e.end - 1)) for e in sorted(entities)]
        for entities in (gold, predicted)
    ]
    theirs = Evaluator([as_dicts[0]], [as_dicts[1]], tags=list(ENTITY_LABELS), loader="dict").evaluate()[
        "overall"
    ]
    ours = score_schemes(gold, predicted)
    for scheme, name in zip(SCHEMES, ("strict", "exact", "partial", "ent_type"), strict=True):
        assert ours[scheme].precision == pytest.approx(theirs[name].precision), scheme
        assert ours[scheme].recall == pytest.approx(theirs[name].recall), scheme


def test_every_gold_span_of_a_real_report_has_one_outcome(report):
    gold = entities_of(REPORT, report.spans)
    errors = entity_errors(gold, perturb(gold, len(report.text)))
    assert sum(errors[outcome] for outcome in GOLD_OUTCOMES) == len(gold)
    assert errors["split"] == errors["merged"] == errors["tangled"] == 0
    assert min(errors[name] for name in ("wrong_label", "boundary", "missed", "spurious")) > 0
