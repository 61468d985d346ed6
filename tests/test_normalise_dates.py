from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from baogao.normalise.dates import DateValue, normalise_date
from baogao.normalise.gold import load_date_gold, score_dates
from baogao.normalise.report_year import report_year_from_text

GOLD = Path(__file__).parents[1] / "annotations" / "normalisation" / "dates.csv"
TEXTS = Path(__file__).parents[1] / "corpus" / "texts"


def days(start, end, precision, kind):
    return DateValue(start=start, end=end, precision=precision, kind=kind)


@pytest.mark.parametrize(
    "text, start, end, precision",
    [
        ("2022年", "2022-01-01", "2022-12-31", "year"),
        ("2021年度", "2021-01-01", "2021-12-31", "year"),
        ("二〇二二年", "2022-01-01", "2022-12-31", "year"),
        ("２０２２年", "2022-01-01", "2022-12-31", "year"),
        ("2020年7月", "2020-07-01", "2020-07-31", "month"),
        ("2024年2月", "2024-02-01", "2024-02-29", "month"),
        ("1993年1月1日", "1993-01-01", "1993-01-01", "day"),
        ("2024-01-31", "2024-01-31", "2024-01-31", "day"),
        ("2022年1—6月", "2022-01-01", "2022-06-30", "month"),
        ("2022年1月至2023年2月", "2022-01-01", "2023-02-28", "month"),
        ("2021-2025", "2021-01-01", "2025-12-31", "year"),
        ("2018—2022年", "2018-01-01", "2022-12-31", "year"),
        ("2023年10月底", "2023-10-21", "2023-10-31", "ten-day"),
        ("2022年11月上旬", "2022-11-01", "2022-11-10", "ten-day"),
        ("2022年上半年", "2022-01-01", "2022-06-30", "half-year"),
        ("2022年第三季度", "2022-07-01", "2022-09-30", "quarter"),
    ],
)
def test_dates_with_their_year_need_no_context(text, start, end, precision):
    assert normalise_date(text, report_year=None) == days(start, end, precision, "absolute")


@pytest.mark.parametrize(
    "text, start, end, precision",
    [
        ("4月26日", "2022-04-26", "2022-04-26", "day"),
        ("二月二十八日", "2022-02-28", "2022-02-28", "day"),
        ("4月", "2022-04-01", "2022-04-30", "month"),
        ("4月底至6月底", "2022-04-21", "2022-06-30", "ten-day"),
        ("3月5日至8日", "2022-03-05", "2022-03-08", "day"),
        ("上半年", "2022-01-01", "2022-06-30", "half-year"),
    ],
)
def test_dates_without_a_year_are_of_the_year_reported_on(text, start, end, precision):
    assert normalise_date(text, report_year=2022) == days(start, end, precision, "partial")
    assert normalise_date(text, report_year=None) == DateValue(kind="partial")


@pytest.mark.parametrize(
    "text, first, last",
    [
        ("全年", 2022, 2022),
        ("一年来", 2022, 2022),
        ("这一年", 2022, 2022),
        ("過去一年", 2022, 2022),
        ("去年", 2022, 2022),
        ("五年", 2018, 2022),
        ("五年来", 2018, 2022),
        ("过去5年", 2018, 2022),
        ("新的一年", 2023, 2023),
        ("今后一年", 2023, 2023),
        ("今后五年", 2023, 2027),
        ("未来五年", 2023, 2027),
    ],
)
def test_relative_periods_are_seen_from_the_year_reported_on(text, first, last):
    expected = days(f"{first}-01-01", f"{last}-12-31", "year", "relative")
    assert normalise_date(text, report_year=2022) == expected
    assert normalise_date(text, report_year=None) == DateValue(kind="relative")


def test_last_year_is_spoken_at_delivery_and_so_the_year_reported_on():
    expected = days("2022-02-11", "2022-02-11", "day", "relative")
    assert normalise_date("去年2月11日", report_year=2022) == expected


@pytest.mark.parametrize(
    "text, heading, year",
    [
        ("今年", "2023年的工作安排", 2023),
        ("今年", "2022年的主要工作", 2022),
        ("全年", "2023年工作任务", 2023),
        ("上年度", "2024年提案工作安排", 2023),
    ],
)
def test_the_heading_tells_the_year_that_a_passage_is_about(text, heading, year):
    value = normalise_date(text, report_year=2022, heading=heading)
    assert value == days(f"{year}-01-01", f"{year}-12-31", "year", "relative")


@pytest.mark.parametrize(
    "text, heading",
    [
        ("今年", None),
        ("今年", "过去一年的主要工作"),
        ("上年度", None),
        ("下年度", "过去一年的主要工作"),
        ("全年", "三、今后工作建议"),
        ("全年", "过去五年工作回顾"),
    ],
)
def test_without_a_year_in_the_heading_ambiguous_years_stay_open(text, heading):
    assert normalise_date(text, report_year=2022, heading=heading) == DateValue(kind="relative")


def test_a_day_in_a_plan_is_of_the_planned_year():
    assert normalise_date("4月26日", report_year=2022, heading="2023年工作任务").start == "2023-04-26"


@pytest.mark.parametrize(
    "text", ["近年来", "近几年来", "近日", "往年", "30年来", "70年来", "两年多来", "明年"]
)
def test_vague_periods_and_those_counted_from_another_event_stay_open(text):
    assert normalise_date(text, report_year=2022) == DateValue(kind="relative")


@pytest.mark.parametrize(
    "text, start, end",
    [
        ("当日", "2022-02-28", "2022-02-28"),
        ("次日", "2022-03-01", "2022-03-01"),
        ("当月", "2022-02-01", "2022-02-28"),
        ("当年", "2022-01-01", "2022-12-31"),
        ("同年6月", "2022-06-01", "2022-06-30"),
    ],
)
def test_anaphoric_dates_refer_to_the_date_before(text, start, end):
    previous = normalise_date("2月28日", report_year=2022)
    value = normalise_date(text, report_year=2022, previous=previous)
    assert (value.start, value.end, value.kind) == (start, end, "relative")
    assert normalise_date(text, report_year=2022) == DateValue(kind="relative")


def test_the_same_day_as_a_month_stays_open():
    previous = normalise_date("2月", report_year=2022)
    assert normalise_date("当日", report_year=2022, previous=previous) == DateValue(kind="relative")


@pytest.mark.parametrize(
    "text, rrule",
    [
        ("每年", "FREQ=YEARLY"),
        ("每半年", "FREQ=MONTHLY;INTERVAL=6"),
        ("每季度", "FREQ=MONTHLY;INTERVAL=3"),
        ("每月", "FREQ=MONTHLY"),
        ("每两个月", "FREQ=MONTHLY;INTERVAL=2"),
        ("每月20日", "FREQ=MONTHLY;BYMONTHDAY=20"),
        ("每年12月4日", "FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=4"),
        ("每周", "FREQ=WEEKLY"),
        ("每周五", "FREQ=WEEKLY;BYDAY=FR"),
        ("每天", "FREQ=DAILY"),
        ("每月32日", None),
        ("每月下旬", None),
        ("逐年", None),
    ],
)
def test_recurring_dates_have_a_rule_and_no_interval(text, rrule):
    assert normalise_date(text, report_year=2022) == DateValue(kind="recurring", rrule=rrule)


@pytest.mark.parametrize(
    "text, start, end, precision",
    [
        ("十四五", "2021-01-01", "2025-12-31", "year"),
        ("“十五五”时期", "2026-01-01", "2030-12-31", "year"),
        ("国家宪法日", "2022-12-04", "2022-12-04", "day"),
    ],
)
def test_names_with_fixed_dates(text, start, end, precision):
    assert normalise_date(text, report_year=2022) == days(start, end, precision, "named")


@pytest.mark.parametrize("text", ["春节前夕", "国庆节期间", "新时代10年"])
def test_names_without_fixed_dates_stay_open(text):
    assert normalise_date(text, report_year=2022) == DateValue(kind="named")


@pytest.mark.parametrize("text", ["三年", "两个月", "半年", "一年"])
def test_a_length_of_time_has_no_place_in_the_calendar(text):
    assert normalise_date(text, report_year=2022) == DateValue(kind="duration")


@pytest.mark.parametrize("text", ["2022年2月30日", "2022年13月", "2022年底", "2023年至2022年"])
def test_impossible_and_vague_dates_have_no_interval(text):
    assert normalise_date(text, report_year=2022) == DateValue(kind="absolute")


@pytest.mark.parametrize("text", ["", " ", "会议", "4月至", "至6月", "初", "2022", "五五", "abc"])
def test_what_is_not_a_date_stays_empty(text):
    assert normalise_date(text, report_year=2022) == DateValue()


@settings(deadline=None)
@given(
    st.text(max_size=30)
    | st.text("0123456789２〇一二五十两去今过来全上下半初底旬年月日号度季每周至—-.", max_size=12),
    st.none() | st.integers(),
    st.none() | st.text(max_size=20),
)
def test_no_string_raises_and_intervals_are_in_order(text, report_year, heading):
    value = normalise_date(text, report_year=report_year, heading=heading)
    assert (value.start is None) == (value.end is None) == (value.precision is None)
    assert value.start is None or value.start <= value.end
    assert normalise_date("次日", report_year=report_year, previous=value).kind == "relative"


def test_the_gold_is_read_right():
    score = score_dates(load_date_gold(GOLD))
    assert score.n >= 120
    assert score.accuracy >= 0.95, score.errors


def test_the_gold_lies_where_it_says():
    for row in load_date_gold(GOLD):
        text = (TEXTS / f"{row.report}.txt").read_text(encoding="utf-8")
        assert text[row.start : row.end] == row.text


@pytest.mark.parametrize(
    "title, paragraphs, year",
    [
        ("随州市政协2022年工作回眸", [], 2022),
        ("工作报告", ["各位代表:", "一、2022年工作回顾"], 2022),
        ("工作报告", ["２０２３年 工作回顾"], 2023),
        ("工作报告", ["过去一年的主要工作", "2022年是党和国家发展进程中具有特殊意义的一年,也是…"], 2022),
        ("工作综述", ["人民政协网4月4日电(记者 王有强)2023年是全面贯彻党的二十大精神的开局之年。"], 2023),
        ("工作报告", ["——2024年1月31日在政协邯郸市第十三届委员会第四次会议上"], 2023),
        ("工作报告", ["——2022年12月28日在区第一届人民代表大会第二次会议上"], None),
        ("2024年工作报告", [], None),
        ("工作报告", ["2023年的工作安排"], None),
        ("", [], None),
    ],
)
def test_the_year_reported_on_is_found_where_the_opening_names_it(title, paragraphs, year):
    assert report_year_from_text(title, paragraphs) == year
