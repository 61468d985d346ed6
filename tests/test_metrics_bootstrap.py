"""Bootstrap intervals and resampling units."""

from __future__ import annotations

import pytest

from baogao.metrics.bootstrap import Paragraphs, bootstrap_intervals, report_of, unit_counts
from baogao.metrics.items import Entity, Link
from baogao.metrics.prf import PRF


def test_units_that_are_all_alike_leave_no_uncertainty():
    intervals = bootstrap_intervals([PRF(3, 4, 6)] * 5, seed=0)
    assert intervals["precision"] == pytest.approx((0.75, 0.75))
    assert intervals["recall"] == pytest.approx((0.5, 0.5))
    assert intervals["f1"] == pytest.approx((0.6, 0.6))


def test_two_units_span_all_that_resampling_can_give():
    # Draws: both times the first (1/4), one of each (1/2), both times the second (1/4): F1 1, ½, 0.
    intervals = bootstrap_intervals([PRF(1, 1, 1), PRF(0, 1, 1)], seed=0)
    assert intervals["f1"] == (0.0, 1.0)
    inner = bootstrap_intervals([PRF(1, 1, 1), PRF(0, 1, 1)], seed=0, confidence=0.3)
    assert inner["f1"] == (0.5, 0.5)


def test_intervals_depend_on_the_seed_alone():
    counts = [PRF(i % 5, 5, 6) for i in range(20)]
    assert bootstrap_intervals(counts, seed=1) == bootstrap_intervals(counts, seed=1)
    assert bootstrap_intervals(counts, seed=1) != bootstrap_intervals(counts, seed=2)


def test_resamples_without_anything_to_count_are_left_out():
    # Without the rule, the resamples that draw only the empty unit would pull the lower end to 0.
    assert bootstrap_intervals([PRF(1, 1, 1), PRF(0, 0, 0)], seed=0)["f1"] == (1.0, 1.0)


def test_nothing_to_resample_gives_zeros():
    assert bootstrap_intervals([], seed=0)["f1"] == (0.0, 0.0)
    assert bootstrap_intervals([PRF(0, 0, 0)], seed=0)["f1"] == (0.0, 0.0)


def test_counts_per_unit_cover_empty_units():
    gold = {Entity("a", 0, 2, "BODY"), Entity("b", 0, 2, "BODY")}
    predicted = {Entity("a", 0, 2, "BODY"), Entity("a", 4, 5, "DATE")}
    assert unit_counts(gold, predicted, report_of, ["a", "b", "c"]) == [
        PRF(1, 2, 1),
        PRF(0, 0, 1),
        PRF(0, 0, 0),
    ]


def test_paragraphs_are_lines():
    paragraphs = Paragraphs({"a": "区委\n\n区政府"})
    assert paragraphs.units == [("a", 0), ("a", 1), ("a", 2)]
    body = Entity("a", 4, 7, "BODY")
    assert paragraphs.unit_of(Entity("a", 0, 2, "BODY")) == ("a", 0)
    assert paragraphs.unit_of(body) == ("a", 2)
    assert paragraphs.unit_of(Link("AGENT", body, body)) == ("a", 2)
