"""Numbers written in Arabic digits, Chinese characters or both, read exactly."""

from __future__ import annotations

import re
from decimal import Decimal
from math import prod

import cn2an

# One character to one character, so that offsets into the folded text are offsets into the original.
_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
_TRADITIONAL = str.maketrans(
    "兩萬億餘幾數點約將過達個歲年週時鐘畝內來後這當國憲號間際婦兒節動勞師幣慶於書樹權歷曆爲為環紀裏讀貳費軍釐鎊陸陽頃黨噸",
    "两万亿余几数点约将过达个岁年周时钟亩内来后这当国宪号间际妇儿节动劳师币庆于书树权历历为为环纪里读贰费军厘镑陆阳顷党吨",
)

_POWERS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000, "万": 10**4, "亿": 10**8}

# Pieces of pattern, for folded text.
DIGIT = "[零〇一二两三四五六七八九壹贰叁肆伍陆柒捌玖]"
# 百 and 千 are no multipliers in 百分之, 百分点, 千克, 千米, 千瓦.
_MULTIPLIER = "(?:[十拾佰仟万亿]|百(?!分)|千(?![克米瓦]))"
POWER = "(?:万亿|[十百千拾佰仟]?[万亿]|[十拾佰仟]|百(?!分)|千(?![克米瓦]))"
_ARABIC = r"(?:[0-9]{1,3}(?:,[0-9]{3}){1,5}|[0-9]{1,15})(?:\.[0-9]{1,9})?(?![0-9,.])"
_CHINESE = rf"(?:{DIGIT}|{_MULTIPLIER}|[廿卅]){{1,20}}(?:点{DIGIT}{{1,9}}{POWER}?)?"
# `18.7万`, `1亿2千万`, `三十五万`
NUMERAL = rf"(?:{_ARABIC}{POWER}?(?:(?<=[千万亿])[0-9]{{1,4}}{POWER})*|{_CHINESE})"

_DIGITS_AND_POWER = re.compile(rf"({_ARABIC})({POWER}?)")
_DECIMAL_AND_POWER = re.compile(rf"(.+点{DIGIT}+)({POWER})")
_POWER_ALONE = re.compile(POWER)
_ARABIC_OR_PERCENT = re.compile(r"(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?%?")


def halve_width(text: str) -> str:
    """Full-width letters, digits and signs as their ASCII equivalents, one for one."""
    return text.translate(_FULL_WIDTH)


def fold(text: str) -> str:
    """``halve_width``, with the traditional characters of number and time words simplified, one for one."""
    return halve_width(text).translate(_TRADITIONAL)


def power(multipliers: str) -> int:
    """The factor a run of multiplier characters stands for: ``""`` 1, ``千万`` 10,000,000."""
    return prod(_POWERS[character] for character in multipliers)


def parse_numeral(text: str) -> Decimal | None:
    """The exact value of a folded numeral, or None if it is not one.

    Chinese and mixed numerals are read by cn2an. It leaves four things to us: digits with separators or
    decimals (it computes in float), multipliers without a digit (``百``, ``千万``), multipliers after a
    decimal (``一点五万``), and malformed input, where it raises.
    """
    if match := _DIGITS_AND_POWER.fullmatch(text):
        return Decimal(match[1].replace(",", "")) * power(match[2])
    if _POWER_ALONE.fullmatch(text):
        return Decimal(power(text))
    if match := _DECIMAL_AND_POWER.fullmatch(text):
        decimal = parse_numeral(match[1])
        return None if decimal is None else decimal * power(match[2])
    try:
        return Decimal(str(cn2an.cn2an(text, "smart")))
    except (ValueError, KeyError):  # KeyError on some malformed ones, such as 廿零
        return None


def last_place(value: Decimal) -> Decimal:
    """The unit of the last digit that is not zero: 700 → 100, 187000 → 1000, 45.7 → 0.1, 0 → 1."""
    if not value:
        return Decimal(1)
    return Decimal(1).scaleb(value.normalize().as_tuple().exponent)


def to_chinese(text: str) -> str:
    """The text with its Arabic numbers in Chinese characters: ``1,200次`` → ``一千二百次``, ``90%`` → ``百分之九十``.

    A lone 2 is 两. Numbers that cn2an cannot write, of more than 16 digits, stay.
    """
    return _ARABIC_OR_PERCENT.sub(lambda match: _number_in_chinese(match[0]), text)


def _number_in_chinese(number: str) -> str:
    plain = number.replace(",", "").removesuffix("%")
    try:
        chinese = "两" if number == "2" else cn2an.an2cn(plain)
    except ValueError:
        return number
    if not number.endswith("%"):
        return chinese
    return "百分之" + ("百" if plain == "100" else chinese)
