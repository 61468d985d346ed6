"""Robustness transforms carry spans and relations along exactly."""

from __future__ import annotations

import pytest

from baogao.formats.annotated import AnnotatedText, RelationAnnotation, SpanAnnotation
from evaluate.rewriting import Edit, rewrite
from evaluate.robustness import (
    MAX_PARAGRAPH,
    TRANSFORMS,
    chinese_numerals,
    corner_quotes,
    cut_paragraphs,
    full_width_punctuation,
    joined_paragraphs,
    radicals,
    spaced_numbers,
    straight_quotes,
    traditional_characters,
)


def annotate(
    text: str, *spans: tuple[str, str], relations: tuple[tuple[str, int, int], ...] = ()
) -> AnnotatedText:
    """Spans as (covered text, label), searched for from left to right; relations by span number."""
    found, position = [], 0
    for covered, label in spans:
        start = text.index(covered, position)
        position = start + len(covered)
        found.append(SpanAnnotation(start, position, label))
    links = [RelationAnnotation(name, found[head], found[tail]) for name, head, tail in relations]
    return AnnotatedText("report", text, found, links)


def covered(annotated: AnnotatedText) -> list[str]:
    return [annotated.covered(span) for span in annotated.spans]


@pytest.fixture
def report() -> AnnotatedText:
    return annotate(
        "一、2022年工作\n区政协深入学习“两个确立”,开展视察2次、调研12场(占90%以上);办复率达98.5%。",
        ("2022年", "DATE"),
        ("区政协", "BODY"),
        ("两个确立", "SLOGAN"),
        ("视察", "ITEM"),
        ("2次", "COUNT"),
        ("调研", "ITEM"),
        ("12场", "COUNT"),
        ("90%以上", "COUNT"),
        ("办复率", "ITEM"),
        ("98.5%", "COUNT"),
        relations=(("QUANTITY_OF", 4, 3), ("QUANTITY_OF", 6, 5), ("AGENT", 3, 1)),
    )


def test_radicals(report):
    result = radicals(report)
    assert result.text.startswith("⼀、2022年⼯作\n区政协深⼊学习")
    assert covered(result)[:4] == ["2022年", "区政协", "两个确⽴", "视察"]


def test_full_width_punctuation(report):
    result = full_width_punctuation(report)
    assert result.text.endswith("“两个确立”，开展视察2次、调研12场（占90％以上）；办复率达98.5％。")
    assert covered(result)[-3:] == ["90％以上", "办复率", "98.5％"]


def test_full_width_punctuation_leaves_separators_in_numbers_alone():
    assert full_width_punctuation(annotate("1,200件,9:30")).text == "1,200件，9:30"


def test_straight_quotes(report):
    assert '"两个确立"' in straight_quotes(report).text


def test_corner_quotes(report):
    assert "「两个确立」" in corner_quotes(report).text


def test_traditional_characters(report):
    assert covered(traditional_characters(report))[1:4] == ["區政協", "兩個確立", "視察"]


def test_spaced_numbers_keeps_spaces_out_of_the_edges_of_spans(report):
    result = spaced_numbers(report)
    assert result.text == (
        "一、 2022 年工作\n区政协深入学习“两个确立”,开展视察 2 次、调研 12 场(占 90% 以上);办复率达 98.5% 。"
    )
    assert covered(result)[4:] == ["2 次", "调研", "12 场", "90% 以上", "办复率", "98.5%"]


def test_spaced_numbers_adds_no_second_space_and_none_at_the_edge_of_a_paragraph():
    assert spaced_numbers(annotate("12次\n共 12 次\n第12")).text == "12 次\n共 12 次\n第 12"


def test_chinese_numerals_change_counts_only(report):
    result = chinese_numerals(report)
    assert covered(result) == [
        "2022年",
        "区政协",
        "两个确立",
        "视察",
        "两次",
        "调研",
        "十二场",
        "百分之九十以上",
        "办复率",
        "百分之九十八点五",
    ]


def test_chinese_numerals_read_thousands_separators():
    assert chinese_numerals(annotate("共1,200件", ("1,200件", "COUNT"))).text == "共一千二百件"


def test_joined_paragraphs(report):
    result = joined_paragraphs(report)
    assert "\n" not in result.text
    assert covered(result) == covered(report)


def test_cut_paragraphs_drops_what_a_break_goes_through():
    text = "甲" * (MAX_PARAGRAPH - 4) + "视察2次、调研12场"
    # The break falls between 、 and 调, so no span is cut, but the relation across the break is.
    across = annotate(
        "区" + text[2:],
        ("视察", "ITEM"),
        ("2次", "COUNT"),
        ("调研", "ITEM"),
        ("12场", "COUNT"),
        relations=(("QUANTITY_OF", 1, 0), ("QUANTITY_OF", 3, 2), ("QUANTITY_OF", 3, 0)),
    )
    result = cut_paragraphs(across)
    assert [len(line) for line in result.text.split("\n")] == [MAX_PARAGRAPH, 5]
    assert covered(result) == ["视察", "2次", "调研", "12场"]
    assert [(r.label, result.covered(r.head), result.covered(r.tail)) for r in result.relations] == [
        ("QUANTITY_OF", "2次", "视察"),
        ("QUANTITY_OF", "12场", "调研"),
    ]

    # The break falls inside 2次: that span goes, with its relation.
    through = annotate(
        "甲" + text,
        ("视察", "ITEM"),
        ("2次", "COUNT"),
        ("调研", "ITEM"),
        relations=(("QUANTITY_OF", 1, 0),),
    )
    result = cut_paragraphs(through)
    assert covered(result) == ["视察", "调研"]
    assert result.relations == []


def test_short_paragraphs_are_not_cut(report):
    assert cut_paragraphs(report) == report


@pytest.mark.parametrize("name", [name for name in TRANSFORMS if not name.startswith("paragraphs cut")])
def test_transforms_keep_every_span_and_relation(name, report):
    result = TRANSFORMS[name](report)
    assert result.text != report.text
    assert [span.label for span in result.spans] == [span.label for span in report.spans]
    order = report.spans.index
    links = [(r.label, order(r.head), order(r.tail)) for r in report.relations]
    assert (
        sorted((r.label, result.spans.index(r.head), result.spans.index(r.tail)) for r in result.relations)
        == links
    )


def test_rewrite_handles_replacements_and_insertions_at_one_place():
    text = annotate("abcdef", ("cd", "X"))
    assert covered(rewrite(text, [Edit(2, 2, "-"), Edit(2, 3, "CC"), Edit(4, 4, "-")])) == ["CCd"]


def test_rewrite_refuses_a_boundary_inside_an_edit_and_overlapping_edits():
    text = annotate("abcdef", ("cd", "X"))
    with pytest.raises(ValueError, match="inside an edit"):
        rewrite(text, [Edit(1, 3, "-")])
    with pytest.raises(ValueError, match="overlap"):
        rewrite(text, [Edit(0, 3, "-"), Edit(2, 4, "-")])
    with pytest.raises(ValueError, match="overlap"):
        rewrite(text, [Edit(3, 3, "-"), Edit(3, 3, "+")])
