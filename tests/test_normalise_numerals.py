"""Numbers in Chinese characters, to and from."""

from __future__ import annotations

from decimal import Decimal

import pytest

from baogao.normalise.numerals import parse_numeral, to_chinese


@pytest.mark.parametrize(
    "text, expected",
    [
        ("12次", "十二次"),
        ("2", "两"),
        ("1,200件", "一千二百件"),
        ("1.5万", "一点五万"),
        ("90%", "百分之九十"),
        ("100%", "百分之百"),
        ("3-5次", "三-五次"),
        ("20000000000000000000人", "20000000000000000000人"),  # longer than cn2an writes
        ("多次", "多次"),
    ],
)
def test_arabic_numbers_are_written_in_chinese(text, expected):
    assert to_chinese(text) == expected


@pytest.mark.parametrize("number", [0, 1, 10, 11, 19, 20, 101, 110, 1001, 10010, 123456])
def test_what_is_written_reads_back_as_the_same_number(number):
    assert parse_numeral(to_chinese(str(number))) == Decimal(number)
