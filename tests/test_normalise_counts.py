from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from baogao.normalise.counts import Count, normalise_count
from baogao.normalise.gold import load_count_gold, score_counts

GOLD = Path(__file__).parents[1] / "annotations" / "normalisation" / "counts.csv"
TEXTS = Path(__file__).parents[1] / "corpus" / "texts"


def exact(value, unit, kind="count"):
    return Count(value=value, lower=value, upper=value, unit=unit, kind=kind)


def open_(value, lower, upper, unit, kind="count"):
    return Count(value=value, lower=lower, upper=upper, unit=unit, approximate=True, kind=kind)


@pytest.mark.parametrize(
    "text, expected",
    [
        ("7次", exact(7, "次")),
        ("两次", exact(2, "次")),
        ("21件次", exact(21, "件次")),
        ("566人(次)", exact(566, "人(次)")),
        ("“6”项", exact(6, "项")),
        ("九个方面", exact(9, "个方面")),
        ("2.75万座", exact(27500, "座")),
        ("1.55亿元", exact(155_000_000, "元", "money")),
        ("一点五万人", exact(15_000, "人")),
        ("1亿2千万元", exact(120_000_000, "元", "money")),
        ("99.60%", exact(99.6, "%", "percent")),
        ("百分之三十", exact(30, "%", "percent")),
        ("八成", exact(80, "%", "percent")),
        ("5个百分点", exact(5, "个百分点", "percent")),
        ("45.7岁", exact(45.7, "岁", "measure")),
        ("7万方", exact(70000, "方", "measure")),
        ("100千克", exact(100, "千克", "measure")),
        ("7天", exact(7, "天", "duration")),
        ("三个月", exact(3, "个月", "duration")),
        ("半年", exact(0.5, "年", "duration")),
        ("两年半", exact(2.5, "年", "duration")),
        ("一个半月", exact(1.5, "个月", "duration")),
        ("一倍", exact(1, "倍", "multiple")),
        ("三分之一", exact(1 / 3, None, "ratio")),
        ("一半", exact(0.5, None, "ratio")),
    ],
)
def test_exact_wording_gives_the_value_as_both_bounds(text, expected):
    assert normalise_count(text) == expected


@pytest.mark.parametrize(
    "text, expected",
    [
        # 余, 多 and 几: below the next unit of the last digit
        ("18.7万余人", open_(187_000, 187_000, 188_000, "人")),
        ("643万余元", open_(6_430_000, 6_430_000, 6_440_000, "元", "money")),
        ("1100多万人次", open_(11_000_000, 11_000_000, 12_000_000, "人次")),
        ("1万多场次", open_(10_000, 10_000, 20_000, "场次")),
        ("一万余条", open_(10_000, 10_000, 20_000, "条")),
        ("二十余篇", open_(20, 20, 30, "篇")),
        ("百余条", open_(100, 100, 200, "条")),
        ("十几个", open_(10, 10, 20, "个")),
        ("20余场(次)", open_(20, 20, 30, "场(次)")),
        ("两年多", open_(2, 2, 3, "年", "duration")),
        ("一个多月", open_(1, 1, 2, "个月", "duration")),
        # limits on one side
        ("近30人次", open_(30, None, 30, "人次")),
        ("近千亿元", open_(100_000_000_000, None, 100_000_000_000, "元", "money")),
        ("近半数", open_(0.5, None, 0.5, None, "ratio")),
        ("不超过1000元", open_(1000, None, 1000, "元", "money")),
        ("90%以上", open_(90, 90, None, "%", "percent")),
        ("超25亿人次", open_(2_500_000_000, 2_500_000_000, None, "人次")),
        ("不少于3次", open_(3, 3, None, "次")),
        ("上千", open_(1000, 1000, None, None)),
        ("过半", open_(0.5, 0.5, None, None, "ratio")),
        # no limit stated
        ("约28亿元", open_(2_800_000_000, None, None, "元", "money")),
        ("25亿元左右", open_(2_500_000_000, None, None, "元", "money")),
        ("十来个", open_(10, None, None, "个")),
        # 近 and 余 contradict each other: neither is trusted
        ("近200余人", open_(200, None, None, "人")),
        # no single figure
        ("数十场", open_(None, 20, 100, "场")),
        ("几百人", open_(None, 200, 1000, "人")),
        ("一两次", open_(None, 1, 2, "次")),
        ("两三次", open_(None, 2, 3, "次")),
        ("十七八人", open_(None, 17, 18, "人")),
        ("1-2个", open_(None, 1, 2, "个")),
        ("1—6", open_(None, 1, 6, None)),
        ("10%—20%", open_(None, 10, 20, "%", "percent")),
        ("3—5万元", open_(None, 30_000, 50_000, "元", "money")),
        ("5000—2万元", open_(None, 5000, 20_000, "元", "money")),
    ],
)
def test_hedged_wording_gives_only_the_bounds_it_states(text, expected):
    assert normalise_count(text) == expected


@pytest.mark.parametrize(
    "text, plain",
    [
        ("９０％以上", "90%以上"),
        ("１，２３４件", "1234件"),
        ("12,345.6万元", "123456000元"),
        ("20余场（次）", "20余场(次)"),
        ("兩萬餘人", "两万余人"),
        ("30 人次", "30人次"),
        ("贰佰元", "200元"),
    ],
)
def test_width_separators_and_traditional_characters_do_not_matter(text, plain):
    assert normalise_count(text) == normalise_count(plain) != Count()


def test_the_unit_is_kept_as_written():
    assert normalise_count("兩百個").unit == "個"


def test_whole_values_are_ints():
    assert isinstance(normalise_count("2.75万座").value, int)
    assert isinstance(normalise_count("100.0%").value, int)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "人",
        "第3次",
        "abc",
        "1,2345件",
        "6+1",
        "5至3个",
        "零分之五",
        "1.2.3",
        "3次5件",
        "两年3",
        "廿零",
        "多",
        "9" * 5000 + "万人",
    ],
)
def test_what_is_not_a_quantity_stays_empty(text):
    assert normalise_count(text) == Count()


@settings(deadline=None)
@given(
    st.text(max_size=30)
    | st.text(
        "0123456789０９.,点半零一两三十百千万亿几数余多近约超以上人次元年月%％—至分之()“”個", max_size=14
    )
)
def test_no_string_raises_and_bounds_are_in_order(text):
    count = normalise_count(text)
    if count.lower is not None and count.upper is not None:
        assert count.lower <= count.upper
    if count.kind is None:
        assert count == Count()


def test_the_gold_is_read_right():
    score = score_counts(load_count_gold(GOLD))
    assert score.n >= 200
    assert score.accuracy >= 0.97, score.errors


def test_the_gold_lies_where_it_says():
    for row in load_count_gold(GOLD):
        text = (TEXTS / f"{row.report}.txt").read_text(encoding="utf-8")
        assert text[row.start : row.end] == row.text


def test_a_wrong_row_lowers_the_score(tmp_path):
    path = tmp_path / "counts.csv"
    path.write_text(
        "report,start,end,text,value,lower,upper,unit,approximate,kind,context\n"
        "a,0,2,7次,7,7,7,次,no,count,[7次]\n"
        "a,5,7,8次,8,8,8,项,no,count,[8次]\n",
        encoding="utf-8",
    )
    score = score_counts(load_count_gold(path))
    assert (score.n, score.n_correct, score.accuracy) == (2, 1, 0.5)
    assert [(row.text, value.unit) for row, value in score.errors] == [("8次", "次")]


@pytest.mark.parametrize(
    "content, message",
    [
        ("report,start,end,text\n", "no column"),
        (
            "report,start,end,text,value,lower,upper,unit,approximate,kind,context\na,x,2,7次,7,7,7,次,no,count,c\n",
            ":2: ",
        ),
    ],
)
def test_a_broken_gold_file_is_named_with_its_line(tmp_path, content, message):
    path = tmp_path / "counts.csv"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(ValueError, match=f"counts.csv.*{message}|counts.csv{message}"):
        load_count_gold(path)


@pytest.mark.parametrize(
    "text, lower, upper, unit",
    [
        ("百分之八十以上", 80, None, "%"),
        ("百分之三十以内", None, 30, "%"),
        ("半数以上", 0.5, None, None),
        ("20以上", 20, None, None),
        ("2000以内", None, 2000, None),
    ],
)
def test_a_hedge_after_a_number_without_a_unit_is_no_unit(text, lower, upper, unit):
    count = normalise_count(text)
    assert (count.lower, count.upper, count.unit, count.approximate) == (lower, upper, unit, True)


@pytest.mark.parametrize(
    "text, kind",
    [("3萬公頃", "measure"), ("500噸", "measure"), ("2英鎊", "money"), ("30.5亿元人民币", "money")],
)
def test_kinds_of_traditional_units_and_of_money(text, kind):
    assert normalise_count(text).kind == kind
