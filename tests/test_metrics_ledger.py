"""Ledger scores against hand counts."""

from __future__ import annotations

from baogao.ledger.record import CountValue, Period, Record
from baogao.metrics.ledger import score_rows, score_totals, sum_scores

YEAR = Period(text="2022年", start="2022-01-01", end="2022-12-31")


def row(item: str, value: int, unit: str = "次", period: Period | None = YEAR, **fields) -> Record:
    count = CountValue(text=f"{value}{unit}", value=value, lower=value, upper=value, unit=unit, kind="count")
    extent = {"start": 0, "end": 1, "sentence": "", "sentence_start": 0}
    return Record(
        **{"id": "r1", "kind": "activity", **extent, **fields}, item=item, count=count, period=period
    )


def counts(score) -> tuple[float, int, int]:
    return (score.tp, score.predicted, score.support)


def test_row_is_right_only_if_figure_item_and_period_are():
    gold = {"a": [row("视察", 7), row("调研", 8), row("提案", 9, "件"), row("座谈", 3)]}
    predicted = {
        "a": [
            row("视察", 7),
            row("调研", 8, period=None),
            row("提案", 9, "条"),
            row("座谈会", 3),
            row("会议", 1),
        ]
    }
    assert counts(score_rows(gold, predicted)["a"]) == (1, 5, 4)


def test_row_may_stand_anywhere_but_counts_as_often_as_it_stands():
    gold = {"a": [row("提案", 437), row("提案", 437, start=90, end=94)]}
    once = {"a": [row("提案", 437, start=30, end=34, sentence="another")]}
    assert counts(score_rows(gold, once)["a"]) == (1, 1, 2)
    assert counts(score_rows(once, gold)["a"]) == (1, 2, 1)


def test_records_without_a_figure_are_no_rows():
    mention = Record(id="r1", kind="slogan", item="四个意识", start=0, end=4, sentence="", sentence_start=0)
    assert counts(score_rows({"a": [mention]}, {"a": [mention, mention]})["a"]) == (0, 0, 0)


def test_reports_are_scored_one_by_one_and_added_up():
    gold = {"a": [row("视察", 7)], "b": [row("视察", 7), row("调研", 8)]}
    predicted = {"a": [row("视察", 6)], "b": [row("视察", 7)], "c": [row("调研", 1)]}
    scores = score_rows(gold, predicted)
    assert {report: counts(score) for report, score in scores.items()} == {"a": (0, 1, 1), "b": (1, 1, 2)}
    assert counts(sum_scores(scores.values())) == (1, 2, 3)


def test_totals_are_right_if_all_sums_are_whatever_their_periods():
    gold = {
        "a": [row("视察", 7), row("视察", 8)],
        "b": [row("视察", 7)],
        "c": [row("提案", 437), row("提案", 374, id="r2", share_of="r1")],
    }
    predicted = {
        "a": [row("视察", 15, period=None)],
        "b": [row("视察", 7), row("调研", 1)],  # one too many
        "c": [row("提案", 437), row("提案", 374)],  # a part added to its total
    }
    score = score_totals(gold, predicted)
    assert (score.right, score.reports, score.share) == (1, 3, 1 / 3)
    assert score_totals({}, {}).share == 0.0
