"""Dates and periods as the reports write them (``4月26日``, ``五年来``, ``每月20日``) as ISO intervals."""

from __future__ import annotations

import calendar
import re
from datetime import date, timedelta
from typing import Literal, NamedTuple, get_args

from pydantic import BaseModel, ConfigDict

from .numerals import fold, parse_numeral
from .recurrence import read_recurrence

DatePrecision = Literal["day", "ten-day", "month", "quarter", "half-year", "year"]
DateKind = Literal["absolute", "partial", "relative", "recurring", "named", "duration"]


class DateValue(BaseModel):
    """A calendar expression. A text that is not understood gives one with every field None.

    ``start``, ``end``: ISO days, both included; None if the wording and its context do not settle them.
    ``precision``: the finest unit the wording names (``ten-day`` for 初, 中, 底 of a month); None without
        an interval.
    ``kind``: ``absolute`` names its own year, ``partial`` a part of a year that it does not name,
        ``relative`` is seen from the report, ``recurring`` comes back, ``named`` is a feast or the period of
        a plan, ``duration`` is a length of time without an anchor.
    ``rrule``: the rule of a recurring one in the form of RFC 5545 (``FREQ=MONTHLY;BYMONTHDAY=20``).
    """

    model_config = ConfigDict(frozen=True)

    start: str | None = None
    end: str | None = None
    precision: DatePrecision | None = None
    kind: DateKind | None = None
    rrule: str | None = None


class _Interval(NamedTuple):
    start: date
    end: date
    precision: DatePrecision


class _Context(NamedTuple):
    report_year: int | None
    heading_year: int | None
    passage_year: int | None
    previous: _Interval | None


class _Point(NamedTuple):
    """A calendar expression in its parts. ``part`` is a third of a month, a quarter or a half of a year."""

    year: int | None
    month: int | None = None
    day: int | None = None
    part: str | None = None


# Feasts on a fixed day of the solar calendar. Lunar ones (春节) and eves are known as names but not resolved.
_FIXED_DAYS = {
    "元旦": (1, 1),
    "妇女节": (3, 8),
    "植树节": (3, 12),
    "消费者权益日": (3, 15),
    "全民国家安全教育日": (4, 15),
    "世界读书日": (4, 23),
    "劳动节": (5, 1),
    "五一": (5, 1),
    "青年节": (5, 4),
    "儿童节": (6, 1),
    "世界环境日": (6, 5),
    "建党节": (7, 1),
    "七一": (7, 1),
    "建军节": (8, 1),
    "八一": (8, 1),
    "全国生态日": (8, 15),
    "教师节": (9, 10),
    "烈士纪念日": (9, 30),
    "国庆": (10, 1),
    "国庆节": (10, 1),
    "宪法日": (12, 4),
    "国家宪法日": (12, 4),
    "国家公祭日": (12, 13),
}
_UNRESOLVED_NAME = re.compile(
    f"(?:{'|'.join(_FIXED_DAYS)}|春节|元宵节?|清明节?|端午节?|中秋节?|重阳节?|藏历新年|古尔邦节|肉孜节)(?:前夕|前后|期间)?"
    "|新时代的?(?:十|10)年"
)

_OTHER_YEARS = re.compile("今后|未来|[五5]年")
_NOISE = re.compile(r"""[“”‘’"'「」\s]""")
_DIGITS = str.maketrans("〇零一二三四五六七八九", "00123456789")
_YEAR = "(?:[12][0-9]{3}|[一二][零〇一二三四五六七八九]{3})"
_NUMBER = "(?:[0-9]{1,3}|两|[一二三四五六七八九十百]{1,4})"
_DASH = re.compile("[-—–~〜]{1,2}|至|到")
_ISO_DAY = re.compile(rf"({_YEAR})[-./](\d{{1,2}})[-./](\d{{1,2}})", re.ASCII)
_BARE_YEARS = re.compile(rf"({_YEAR})(?:{_DASH.pattern})({_YEAR})")
_POINT = re.compile(
    rf"(?:(?P<year>{_YEAR})年(?:度|份)?|(?P<word>[去今本明前当同]年|[上下]一?年)度?)?"
    rf"(?:(?P<half>[上下])半年|第?(?P<quarter>[一二三四1-4])季度|(?P<year_part>(?:(?<=年)|年)[初中底末])"
    rf"|(?:(?P<month>{_NUMBER})月份?)?(?:(?P<day>{_NUMBER})[日号]|(?P<month_part>[上中下]旬|(?:(?<=月)|月)[初中底末]))?)"
)
_THIRDS = {"上": (1, 10), "初": (1, 10), "中": (11, 20), "下": (21, 31), "底": (21, 31), "末": (21, 31)}

_FIVE_YEAR_PLAN = re.compile("(十?[一二三四五六七八九]|十)五(?:时期|期间)?")
_REPORTED_YEAR = re.compile("(?:这|过去|过去的)[一1]年来?|[一1]年来")
_REPORTED_TERM = re.compile("(?:这|过去|过去的)?[五5]年[来间]?")
_NEXT_YEAR = re.compile("(?:今后|未来)[一1]年|新的?一年")
_NEXT_TERM = re.compile("(?:今后|未来|下一个)[五5]年")
_UNRESOLVED_RELATIVE = re.compile(
    f"(?:近|最近|过去|过去的|今后|未来|这)?(?:{_NUMBER}|几|数|多)?(?:个)?(?:年|月)(?:多|余)?来"
    f"|(?:近|最近|过去|过去的|今后|未来)(?:{_NUMBER}|几|数|多)?(?:日|天|个?月|年|期)|往年|历年来?|日前|来年|次年"
)
_DURATION = re.compile(f"(?:{_NUMBER}|几|数|半)(?:多|余)?个?(?:半?年|季度|半?月|周|星期|日|天|小时)[多余半]?")

_Found = tuple[DateKind, _Interval | None]


def normalise_date(
    text: str,
    *,
    report_year: int | None,
    previous: DateValue | None = None,
    heading: str | None = None,
) -> DateValue:
    """Read the text of a DATE span.

    ``report_year`` is the year reported on, not the year of delivery: a report is delivered in the first
    months of the year after, so that 去年 is the year reported on. ``previous`` is the date before this one
    in the text, for 当日. ``heading`` is the title of the section: if it names one year, that is the year
    of 今年, 全年 and ``4月26日`` there, and the one that 上年度 precedes. Without one, 全年 and ``4月26日``
    are of the year reported on, except under a heading about other years (今后, 五年); and 今年 stays open,
    because it may be the year reported on or that of delivery.
    """
    folded = _NOISE.sub("", fold(text))
    heading = fold(heading or "")
    heading_year = _only_year(heading)
    passage_year = heading_year or (None if _OTHER_YEARS.search(heading) else report_year)
    context = _Context(report_year, heading_year, passage_year, _interval_of(previous) if previous else None)
    if folded.startswith(("每", "逐")):
        return DateValue(kind="recurring", rrule=read_recurrence(folded))
    for read in (_read_calendar, _read_name, _read_relative):
        if found := read(folded, context):
            kind, interval = found
            if interval is None:
                return DateValue(kind=kind)
            return DateValue(
                start=interval.start.isoformat(),
                end=interval.end.isoformat(),
                precision=interval.precision,
                kind=kind,
            )
    return DateValue(kind="duration") if _DURATION.fullmatch(folded) else DateValue()


def _read_calendar(text: str, context: _Context) -> _Found | None:
    """``2022年``, ``4月26日``, ``去年2月11日``, ``2022年1—6月``, ``4月底至6月底``, ``2021-2025``."""
    if match := _ISO_DAY.fullmatch(text):
        return "absolute", _interval(_Point(_year(match[1]), int(match[2]), int(match[3])))
    if match := _BARE_YEARS.fullmatch(text):
        return "absolute", _join(_interval(_Point(_year(match[1]))), _interval(_Point(_year(match[2]))))

    first, *rest = _DASH.split(text)
    if len(rest) > 1 or not all((first, *rest)):
        return None
    if rest and re.search("[0-9一二三四五六七八九十]$", first):
        # 1—6月: the unit after the second number holds for the first
        unit = re.match(rf"(?:{_YEAR}|{_NUMBER})([年月日号])", rest[0])
        if unit is None:
            return None
        first += unit[1]
    match = _POINT.fullmatch(first)
    if match is None:
        return None
    if match["year"]:
        kind, year = "absolute", _year(match["year"])
    elif match["word"]:
        kind, year = "relative", _year_of_word(match["word"], context)
    else:
        kind, year = "partial", context.passage_year
    start = _point(match, year)
    if not rest:
        return kind, _interval(start)

    match = _POINT.fullmatch(rest[0])
    if match is None or match["word"]:
        return None
    end = _point(match, _year(match["year"]) if match["year"] else year)
    if end.month is None and end.day is not None:
        end = end._replace(month=start.month)
    return kind, _join(_interval(start), _interval(end))


def _read_name(text: str, context: _Context) -> _Found | None:
    """``十四五``, ``国家宪法日``; ``春节前夕`` without an interval."""
    if match := _FIVE_YEAR_PLAN.fullmatch(text):
        number = int(parse_numeral(match[1]))
        if number < 8:  # the earlier ones are not in regular succession, and 三五 is also `three or five`
            return None
        start = 1991 + 5 * (number - 8)
        return "named", _years(start, start + 4)
    if text in _FIXED_DAYS:
        month, day = _FIXED_DAYS[text]
        return "named", _interval(_Point(context.passage_year, month, day))
    return ("named", None) if _UNRESOLVED_NAME.fullmatch(text) else None


def _read_relative(text: str, context: _Context) -> _Found | None:
    year = context.report_year
    if text in ("当日", "当天", "同日", "次日", "翌日", "当月", "同月"):
        return "relative", _beside(context.previous, text)
    if text in ("全年", "整年"):
        return "relative", _years(context.passage_year)
    if _REPORTED_YEAR.fullmatch(text):
        return "relative", _years(year)
    if _REPORTED_TERM.fullmatch(text):
        return "relative", _years(year - 4, year) if year else None
    if _NEXT_YEAR.fullmatch(text):
        return "relative", _years(year + 1) if year else None
    if _NEXT_TERM.fullmatch(text):
        return "relative", _years(year + 1, year + 5) if year else None
    return ("relative", None) if _UNRESOLVED_RELATIVE.fullmatch(text) else None


def _year_of_word(word: str, context: _Context) -> int | None:
    """The year of 去年, 今年, 上年, … where it can be known: 明年 and 前年 are not used in a settled way."""
    if word == "去年":
        return context.report_year
    if word[0] in "今本上下" and context.heading_year:
        return context.heading_year + {"上": -1, "下": 1}.get(word[0], 0)
    previous = context.previous
    if word[0] in "当同" and previous and previous.start.year == previous.end.year:
        return previous.start.year
    return None


def _beside(previous: _Interval | None, word: str) -> _Interval | None:
    """The day or the month of the date before, or the day after it."""
    if previous is None:
        return None
    if word.endswith("月"):
        same_month = previous.start.replace(day=1) == previous.end.replace(day=1)
        return _interval(_Point(previous.start.year, previous.start.month)) if same_month else None
    if previous.start != previous.end:
        return None
    day = previous.start + timedelta(days=word in ("次日", "翌日"))
    return _Interval(day, day, "day")


def _year(text: str) -> int:
    return int(text.translate(_DIGITS))


def _only_year(heading: str) -> int | None:
    years = set(re.findall(f"({_YEAR})年", heading))
    return _year(years.pop()) if len(years) == 1 else None


def _point(match: re.Match[str], year: int | None) -> _Point:
    month, day = (int(parse_numeral(match[name]) or 0) if match[name] else None for name in ("month", "day"))
    if match["half"]:
        return _Point(year, part=f"H{'上下'.index(match['half']) + 1}")
    if match["quarter"]:
        return _Point(year, part=f"Q{int(parse_numeral(match['quarter']))}")
    if match["month_part"]:
        return _Point(year, month, part=match["month_part"].strip("月旬"))
    return _Point(year, month, day, part=match["year_part"])


def _interval(point: _Point) -> _Interval | None:
    """The days of a point. None if a part that it needs is missing or no such day exists."""
    year, month, day, part = point
    if year is None or not date.min.year <= year <= date.max.year:
        return None
    if month is not None and not 1 <= month <= 12:
        return None
    if month is None:
        if day is not None:
            return None
        if part is None:
            return _Interval(date(year, 1, 1), date(year, 12, 31), "year")
        if part[0] not in "HQ":  # 年底: how many days or months is open
            return None
        length, precision = (6, "half-year") if part[0] == "H" else (3, "quarter")
        last = int(part[1]) * length
        days = calendar.monthrange(year, last)[1]
        return _Interval(date(year, last - length + 1, 1), date(year, last, days), precision)
    days = calendar.monthrange(year, month)[1]
    if part is not None:
        first, last = _THIRDS[part]
        return _Interval(date(year, month, first), date(year, month, min(last, days)), "ten-day")
    if day is None:
        return _Interval(date(year, month, 1), date(year, month, days), "month")
    return _Interval(date(year, month, day), date(year, month, day), "day") if 1 <= day <= days else None


def _years(first: int | None, last: int | None = None) -> _Interval | None:
    return _join(_interval(_Point(first)), _interval(_Point(last or first)))


def _join(first: _Interval | None, last: _Interval | None) -> _Interval | None:
    """From the start of one interval to the end of another, at the finer of their precisions."""
    if first is None or last is None or first.start > last.end:
        return None
    order = get_args(DatePrecision)
    return _Interval(first.start, last.end, min(first.precision, last.precision, key=order.index))


def _interval_of(value: DateValue) -> _Interval | None:
    if value.start is None or value.end is None:
        return None
    return _Interval(date.fromisoformat(value.start), date.fromisoformat(value.end), value.precision)
