"""Counts as the reports write them (``18.7万余人``, ``近30人次``, ``90%以上``) as numbers with bounds."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Literal, NamedTuple

from pydantic import BaseModel, ConfigDict

from .numerals import DIGIT, NUMERAL, POWER, fold, halve_width, last_place, parse_numeral, power
from .units import kind_of_unit

CountKind = Literal["count", "percent", "ratio", "money", "duration", "measure", "multiple"]


class Count(BaseModel):
    """A quantity. A text that is not understood gives one with every field None and ``approximate`` False.

    ``value``: the figure named, with 万 and 亿 multiplied out; money in the currency's base unit (元),
        percent as percent (``90%`` is 90), shares as fractions (``半数`` is 0.5). None where no single figure
        is named (``数十场``, ``1-2个``). An int wherever it is whole.
    ``lower``, ``upper``: limits between which the true figure lies, None where the wording sets none. Speech
        excludes the limits of 余, 多, 近 and 超 themselves: ``700余`` is more than 700 and less than 800.
    ``unit``: the measure word as written, in half width, without multiplier (``人次``, ``元``, ``场(次)``).
    ``approximate``: the wording leaves the exact figure open.
    """

    model_config = ConfigDict(frozen=True)

    value: int | float | None = None
    lower: int | float | None = None
    upper: int | float | None = None
    unit: str | None = None
    approximate: bool = False
    kind: CountKind | None = None


class _Number(NamedTuple):
    """The number as worded, before hedges. ``kind`` is set where the number itself decides it."""

    value: Decimal | None
    lower: Decimal
    upper: Decimal
    kind: CountKind | None = None

    def times(self, factor: int | Decimal) -> _Number:
        value = None if self.value is None else self.value * factor
        return _Number(value, self.lower * factor, self.upper * factor, self.kind)


_ABOUT = "大约|大概|约为|约|左右|上下|之间"
_AT_LEAST = (
    "超过|超出|超|逾|突破|不少于|不低于|不小于|不下于|不下|至少|最少|多于|高于|大于"
    "|过(?=[百千万亿半])|上(?=[百千万亿])|及以上|以上"
)
_AT_MOST = "将近|接近|近|不足|不到|不超过|不多于|不高于|不大于|至多|最多|少于|低于|小于|及以下|以下|以内|之内"


def _hedge(position: str) -> str:
    words = {"about": _ABOUT, "least": _AT_LEAST, "most": _AT_MOST}
    return f"(?:{'|'.join(f'(?P<{hedge}_{position}>{pattern})' for hedge, pattern in words.items())})?"


# No number word may hide in a unit, but 多 and 半 in their places: 一个多月, 一个半月, 两年半.
_HAN = rf"(?:(?!{DIGIT}|{POWER}|[廿卅几数余多半])[\u4e00-\u9fff])"
_UNIT = rf"(?:(?:个[多半])?{_HAN}{{1,8}}?半?(?:\({_HAN}{{1,4}}\))?|[A-Za-z]{{1,4}}[23]?|[%‰])"
_COUNT = re.compile(
    _hedge("before")
    + "(?:"
    + rf"(?P<low>{NUMERAL})(?P<low_unit>{_UNIT})??(?:[-—–~〜]{{1,2}}|至|到)(?P<high>{NUMERAL})"
    + rf"|(?P<denominator>{NUMERAL}|百)分之(?P<numerator>{NUMERAL})"
    + "|(?P<tens>[二三四五六七八九]?十)?(?P<pair>一二|一两|二三|两三|三四|三五|四五|五六|六七|七八|八九)"
    + rf"(?P<pair_power>{POWER}?)"
    + rf"|(?:几|数)(?P<several>{POWER}?)"
    + "|(?P<half>一半|半数|半)"
    + rf"|(?P<plain>{NUMERAL})"
    + ")"
    + rf"(?P<more>[余多几来])?(?P<power>{POWER}?)"
    + rf"(?P<unit>{_UNIT}??)(?P<more_after>[余多])?"
    + _hedge("after")
)
_NOISE = re.compile(r"""[“”‘’"'「」]|(?<![0-9])\s+|\s+(?![0-9])""")
_MORE_INSIDE = re.compile("个[多余](?=.)")
_HALF_INSIDE = re.compile("(?<=^个)半(?=.)|(?<=.)半$")


def normalise_count(text: str) -> Count:
    """Read the text of a COUNT span."""
    raw = halve_width(text)
    for noise in reversed(list(_NOISE.finditer(raw))):
        raw = raw[: noise.start()] + raw[noise.end() :]
    match = _COUNT.fullmatch(fold(raw))
    number = _number(match) if match else None
    if match is None or number is None:
        return Count()

    unit = raw[match.start("unit") : match.end("unit")]
    more = match["more"] in ("余", "多", "几") or match["more_after"] is not None
    if _MORE_INSIDE.match(unit):  # 一个多月
        unit, more = unit[0] + unit[2:], True
    if more:
        number = number._replace(upper=number.upper + last_place(number.upper))
    elif (shorter := _HALF_INSIDE.sub("", unit)) != unit:  # 两年半, 一个半月
        unit = shorter
        number = _Number(*(None if part is None else part + Decimal("0.5") for part in number[:3]))
    number = number.times(power(match["power"]))
    if unit == "成":
        number, unit = number.times(10), "%"
    elif unit == "‰":
        number, unit = number.times(Decimal("0.1")), "%"
    if number.kind == "percent":
        unit = "%"

    lower, upper = _bounds(match, number)
    return Count(
        value=_plain(number.value),
        lower=_plain(lower),
        upper=_plain(upper),
        unit=unit or None,
        approximate=not (number.value == lower == upper),
        kind=number.kind or kind_of_unit(fold(unit)),
    )


def _number(match: re.Match[str]) -> _Number | None:
    if match["low"]:
        return _range(match)
    if match["denominator"]:
        numerator = parse_numeral(match["numerator"])
        if match["unit"] or numerator is None:
            return None
        if match["denominator"] == "百":
            return _Number(numerator, numerator, numerator, "percent")
        denominator = parse_numeral(match["denominator"])
        if not denominator:
            return None
        share = numerator / denominator
        return _Number(share, share, share, "ratio")
    if match["pair"]:
        tens = parse_numeral(match["tens"]) if match["tens"] else Decimal(0)
        low, high = (parse_numeral(digit) for digit in match["pair"])
        return _Number(None, tens + low, tens + high).times(power(match["pair_power"]))
    if match["several"] is not None:
        return _Number(None, Decimal(2), Decimal(10)).times(power(match["several"]))
    if match["half"]:
        half = Decimal("0.5")
        return _Number(half, half, half, None if match["half"] == "半" and match["unit"] else "ratio")
    value = parse_numeral(match["plain"])
    return None if value is None else _Number(value, value, value)


def _range(match: re.Match[str]) -> _Number | None:
    """``1-2个``, ``10%—20%``, ``3—5万元`` (a multiplier after the second number holds for both)."""
    low, high = parse_numeral(match["low"]), parse_numeral(match["high"])
    if low is None or high is None or match["low_unit"] not in (None, match["unit"]):
        return None
    multiplier = re.search(rf"{POWER}?$", match["high"])[0]
    if match["low_unit"] is None and match["low"].isdigit() and low < high / power(multiplier):
        low *= power(multiplier)
    return _Number(None, low, high) if low < high else None


def _bounds(match: re.Match[str], number: _Number) -> tuple[Decimal | None, Decimal | None]:
    lower, upper = number.lower, number.upper
    about, at_least, at_most = (
        match[f"{hedge}_before"] or match[f"{hedge}_after"] for hedge in ("about", "least", "most")
    )
    if (about or match["more"] == "来") and lower == upper:
        return None, None
    if at_most and (at_least or number.value not in (None, upper)):  # 近200余: contradicts itself
        return None, None
    return None if at_most else lower, None if at_least else upper


def _plain(number: Decimal | None) -> int | float | None:
    if number is None:
        return None
    return int(number) if number == number.to_integral_value() else float(number)
