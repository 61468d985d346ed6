"""Recurring dates (``每月20日``, ``每季度``) as the recurrence rules of RFC 5545, section 3.3.10."""

from __future__ import annotations

import re
from calendar import monthrange

from .numerals import parse_numeral

_NUMBER = "(?:[0-9]{1,2}|两|[一二三四五六七八九十]{1,3})"
_EVERY = re.compile(
    rf"每(?P<interval>{_NUMBER})?个?(?P<unit>半年|年度?|季度?|月|周|星期|天|日)"
    rf"(?:(?P<month>{_NUMBER})月份?)?(?:(?P<day>{_NUMBER})[日号])?(?P<weekday>(?<=[周期])[一二三四五六日天])?"
)
# first character of the unit → frequency and how many of its steps make one unit
_FREQUENCY = {
    "半": ("MONTHLY", 6),
    "年": ("YEARLY", 1),
    "季": ("MONTHLY", 3),
    "月": ("MONTHLY", 1),
    "周": ("WEEKLY", 1),
    "星": ("WEEKLY", 1),
    "天": ("DAILY", 1),
    "日": ("DAILY", 1),
}
_WEEKDAYS = dict(zip("一二三四五六日天", ("MO", "TU", "WE", "TH", "FR", "SA", "SU", "SU"), strict=True))


def read_recurrence(text: str) -> str | None:
    """The rule of a folded expression with 每, None if it is not understood or names an impossible day."""
    match = _EVERY.fullmatch(text)
    if match is None:
        return None
    frequency, steps = _FREQUENCY[match["unit"][0]]
    times, month, day = (_integer(match[part]) for part in ("interval", "month", "day"))
    if times == 0 or (month is not None and not 1 <= month <= 12) or (day is not None and not 1 <= day <= 31):
        return None
    if month is not None and day is not None and day > monthrange(2000, month)[1]:  # a leap year
        return None
    if month is not None and frequency != "YEARLY":
        return None
    if day is not None and month is None and match["unit"] != "月":
        return None
    rule = [f"FREQ={frequency}"]
    if (interval := steps * (times or 1)) > 1:
        rule.append(f"INTERVAL={interval}")
    if month is not None:
        rule.append(f"BYMONTH={month}")
    if day is not None:
        rule.append(f"BYMONTHDAY={day}")
    if match["weekday"]:
        rule.append(f"BYDAY={_WEEKDAYS[match['weekday']]}")
    return ";".join(rule)


def _integer(numeral: str | None) -> int | None:
    return None if numeral is None else int(parse_numeral(numeral) or 0)
