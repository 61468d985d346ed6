"""Full names for the institutions that a report mentions in short.

Within one report ``常委会``, ``区人大常委会`` and ``区十九届人大常委会`` are one body, and which one follows
from the report's place and organ. The rules:

* A body named without level or place is the report's own (``常委会``, ``党组``, ``政府``).
* A level word means the division of that level that the report's place lies in: ``市委`` in a report of
  重庆市巴南区 is that of 重庆, in a report of 杭州市临平区 that of 杭州, in a report of 邯郸市 its own.
* Terms are left out (``七届区政协`` is ``区政协``): a body is the institution, whoever sits in it.
* An enumeration (``省市政协``, ``一府一委两院``, ``纪委监委``) resolves to its ``members``, all or none.
* Everything else stays unresolved (``name is None``): classes (``市县政协``, ``专委会``), levels that the
  place does not have or that are not known, companies, schools and other names that already say all.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Literal, NamedTuple

from .places import Place, candidates, lineage, qualified_name, resolve_place, resolve_place_by_text

Organ = Literal["rd", "zx"]

_DATA = Path(__file__).parent / "data"
_LONGEST = 60  # characters; nothing longer is the name of a body
_HEAD = 3000  # characters in which a report says whose it is
_TERM = re.compile(r"(?:新一届|第?[一二三四五六七八九十百零〇\d]+届)")
_DELIMITERS = re.compile(r"[\s\"“”‘’'「」『』]")
_LEVEL_WORDS = re.compile(r"(?:自治区|[省市区县州旗盟])(?:、?(?:自治区|[省市区县州旗盟]))*")
_LEVEL_WORD = re.compile(r"自治区|[省市区县州旗盟]")
_OWN_LEVEL = re.compile(r"[我本](?=[省市区县州旗盟])")

# Full names by kind; {} takes the name of the place.
_FULL = {
    "party_committee": "中共{}委员会",
    "discipline": "中共{}纪律检查委员会",
    "congress": "{}人民代表大会",
    "congress_committee": "{}人民代表大会常务委员会",
    "conference": "中国人民政治协商会议{}委员会",
    "conference_committee": "中国人民政治协商会议{}委员会常务委员会",
    "government": "{}人民政府",
    "supervision": "{}监察委员会",
    "court": "{}人民法院",
    "procuratorate": "{}人民检察院",
    "youth_league": "中国共产主义青年团{}委员会",
}
# How the kinds are written after a level or a place, or alone.
_SPELLINGS: dict[str, tuple[str, ...]] = {
    "人大": ("congress",),
    "人民代表大会": ("congress",),
    "人大常委会": ("congress_committee",),
    "人大常务委员会": ("congress_committee",),
    "人民代表大会常务委员会": ("congress_committee",),
    "政协": ("conference",),
    "政协委员会": ("conference",),
    "政协常委会": ("conference_committee",),
    "政协常务委员会": ("conference_committee",),
    "政协委员会常务委员会": ("conference_committee",),
    "政府": ("government",),
    "人民政府": ("government",),
    "法院": ("court",),
    "人民法院": ("court",),
    "检察院": ("procuratorate",),
    "人民检察院": ("procuratorate",),
    "监委": ("supervision",),
    "监察委": ("supervision",),
    "监察委员会": ("supervision",),
    "纪委": ("discipline",),
    "纪律检查委员会": ("discipline",),
    "一府一委两院": ("government", "supervision", "court", "procuratorate"),
    "一府两院": ("government", "court", "procuratorate"),
    "两院": ("court", "procuratorate"),
}
# These need a level or a place before them: 区委, 自治区党委, 中共邯郸市委员会.
_PARTY_SPELLINGS = {"委": ("party_committee",), "党委": ("party_committee",), "委员会": ("party_committee",)}
# After 政协 + place: 政协邯郸市委员会常务委员会.
_CONFERENCE_SPELLINGS = {
    "委员会": ("conference",),
    "委员会常委会": ("conference_committee",),
    "委员会常务委员会": ("conference_committee",),
}
# Offices within a body, as they are written and in full.
_OFFICES = {
    "党组": "党组",
    "机关": "机关",
    "机关党组": "机关党组",
    "机关党委": "机关党委",
    "机关党总支": "机关党总支",
    "办公室": "办公室",
    "办公厅": "办公厅",
    "研究室": "研究室",
    "党组理论学习中心组": "党组理论学习中心组",
    "党组理论中心组": "党组理论学习中心组",
    "党组(中心组)": "党组理论学习中心组",
    "理论学习中心组": "党组理论学习中心组",
}
_PARTY_OFFICES = {
    "常委会": "常务委员会",
    "常务委员会": "常务委员会",
    "组织部": "组织部",
    "宣传部": "宣传部",
    "统战部": "统一战线工作部",
    "统一战线工作部": "统一战线工作部",
    "政法委": "政法委员会",
    "社会工作部": "社会工作部",
    "办公室": "办公室",
    "办公厅": "办公厅",
    "研究室": "研究室",
    "政策研究室": "政策研究室",
    "党史研究室": "党史研究室",
    "党校": "党校",
}
_MEETINGS = {"rd": {"主任会议": "主任会议"}, "zx": {"主席会议": "主席会议"}}
# The body that such an office belongs to: a congress has none, its standing committee has.
_SEAT = {
    "congress": "congress_committee",
    "congress_committee": "congress_committee",
    "conference": "conference",
}
_COMMITTEE: dict[Organ, str] = {"rd": "congress_committee", "zx": "conference_committee"}
_PLENARY: dict[Organ, str] = {"rd": "congress", "zx": "conference"}
_STEERING_GROUP = re.compile(r"[\u4e00-\u9fff]{2,15}领导小组")
# Not 区级…, 市场…, 区域…, 区块…: there the level word is part of a longer word.
_ASSOCIATION = re.compile(r"(?![级场域块])[\u4e00-\u9fff]{2,15}(?:研究会|协会|学会|联谊会)")
_YOUTH_LEAGUE = re.compile(r"(?:共青)?团(.+)委")

_ORGAN_WORDS = re.compile(
    r"(?P<rd>人民代表大会|人大|各位代表)|(?P<zx>政协|人民政治协商会议|委员会常务委员会|各位委员)"
)
_INSTITUTION = re.compile(r"人民代表大会|人大|政协|委员会")
_OPENING = re.compile("我(?:谨?代表|受)[^,\uff0c。\n]+")


class ReportContext(NamedTuple):
    """What is known of a report as a whole.

    place (Optional[str]): Name of the place it is about, in full as far as known (``浙江省杭州市临平区``).
        What it lies in may follow in brackets (``城区(山西省)``).
    organ (Optional[str]): ``rd`` for a people's congress, ``zx`` for a political consultative conference.
    opening (str): Title and opening formula, read where the other two are missing.
    """

    place: str | None = None
    organ: Organ | None = None
    opening: str = ""


class ResolvedBody(NamedTuple):
    """An institution behind a mention. All fields are None or empty where it could not be told.

    name (Optional[str]): Full name, those of the members joined by ``、`` for an enumeration.
    id (Optional[str]): ``<code>:<kind>[/<office>]``, one for all mentions of a body, also across reports;
        None where the code of the place is not known.
    level (Optional[str]): ``national``, ``province``, ``prefecture`` or ``county``.
    place_code (Optional[str]): GB/T 2260 code of the place it belongs to.
    kind (Optional[str]): What it is, e.g. ``congress_committee``; ``enumeration`` for several.
    members (Tuple[ResolvedBody, ...]): The bodies of an enumeration.
    """

    name: str | None = None
    id: str | None = None
    level: str | None = None
    place_code: str | None = None
    kind: str | None = None
    members: tuple[ResolvedBody, ...] = ()


UNRESOLVED = ResolvedBody()


class _Unit(NamedTuple):
    """A place as the owner of institutions."""

    name: str
    code: str | None
    level: str | None


def context_from_text(text: str) -> ReportContext:
    """Read place, organ and opening from the title and the first paragraphs of a report.

    What they do not say stays None. A name that several places bear is made certain by a fuller mention
    (``政协兰州市城关区委员会``) or by the one city among theirs that the text names; else it is given as is.
    """
    text = text.lstrip()
    head = _TERM.sub("", text[:_HEAD])
    organ = _ORGAN_WORDS.search(head)
    opening = _OPENING.search(text[:_HEAD])
    title = text.split("\n", 1)[0][:_LONGEST]
    return ReportContext(
        place=_place_from_head(head, text),
        organ=organ.lastgroup if organ else None,
        opening="\n".join([title, opening[0]] if opening else [title]),
    )


def _place_from_head(head: str, text: str) -> str | None:
    mentions = list(_places_of_institutions(head))
    if not mentions:
        return None
    name = next((m for m in mentions if m.endswith(mentions[0]) and len(candidates(m)) == 1), mentions[0])
    place = resolve_place_by_text(name, text)
    return "".join(p.name for p in lineage(place)) if place else name


def _places_of_institutions(head: str) -> Iterator[str]:
    """Names of places directly before the name of an institution, in text order."""
    for match in _INSTITUTION.finditer(head):
        for length in range(15, 1, -1):
            name = head[max(0, match.start() - length) : match.start()]
            if len(name) > 1 and _LEVEL_WORD.fullmatch(name[-1]) and candidates(name):
                yield name
                break


class BodyResolver:
    """Resolves the mentions of institutions in one report.

    context (ReportContext): What is known of the report. Without it only names that say all resolve.
    """

    def __init__(self, context: ReportContext) -> None:
        if context.opening and not (context.place and context.organ):
            read = context_from_text(context.opening)
            context = context._replace(place=context.place or read.place, organ=context.organ or read.organ)
        self.context = context
        self._own, self._levels = _units(context.place)

    @property
    def reporting_body(self) -> ResolvedBody:
        """The standing committee that reports: what ``我们`` and ``常委会`` stand for."""
        if self._own is None or self.context.organ is None:
            return UNRESOLVED
        return _body(self._own, _COMMITTEE[self.context.organ])

    def resolve(self, mention: str) -> ResolvedBody:
        """The institution that a mention stands for in this report; never raises, never guesses."""
        if len(mention) > _LONGEST:
            return UNRESOLVED
        text = _DELIMITERS.sub("", unicodedata.normalize("NFKC", mention))
        if text == "我们":
            return self.reporting_body
        text = _OWN_LEVEL.sub("", _TERM.sub("", text))
        national = _national().get(text)
        if national is not None:
            return national
        readings = (self._resolve_in(units, rest, head) for units, rest, head in self._split(text))
        return next((body for body in readings if body is not UNRESOLVED), UNRESOLVED)

    def _split(self, text: str) -> Iterator[tuple[tuple[_Unit, ...], str, str]]:
        """Ways to read a mention as (places, what follows them, head as in ``_resolve_in``)."""
        league = _YOUTH_LEAGUE.fullmatch(text)
        if league:
            yield self._owners(league[1]), "", "团"
        head = next((h for h in ("中共", "政协", "中国人民政治协商会议") if text.startswith(h)), "")
        rest = text.removeprefix(head)
        for end in range(len(rest) - 1, 0, -1):
            owners = self._owners(rest[:end])
            if owners:
                by_level = _LEVEL_WORDS.fullmatch(rest[:end])
                yield owners, rest[end:], head or ("level" if by_level else "place")
        if self._own is not None:
            yield (self._own,), text, "own"

    def _owners(self, text: str) -> tuple[_Unit, ...]:
        """The places that a text names or tells by their levels; empty if any is not known."""
        if _LEVEL_WORDS.fullmatch(text):
            levels = _LEVEL_WORD.findall(text)
            return tuple(self._levels[x] for x in levels) if all(x in self._levels for x in levels) else ()
        if self._own is not None and text == self._own.name:
            return (self._own,)
        place = resolve_place(text, self._own.code if self._own else None)
        return (_unit(place),) if place else ()

    def _resolve_in(self, units: tuple[_Unit, ...], rest: str, head: str) -> ResolvedBody:
        """Resolve what follows the places.

        ``head`` is what the mention begins with (中共, 政协, 团), else how its places are told: by ``level``
        words, by the name of a ``place``, or not at all (``own``).
        """
        if not units:
            return UNRESOLVED
        if head == "团":
            return _join([_body(unit, "youth_league") for unit in units])
        spellings = self._spellings(head)
        kinds = _read_kinds(rest, spellings)
        if kinds:
            return _join([_body(unit, kind) for unit in units for kind in kinds])
        for spelling in sorted(spellings, key=len, reverse=True):
            if rest.startswith(spelling) and len(spellings[spelling]) == 1:
                named = head != "own"
                office = self._office(spellings[spelling][0], rest.removeprefix(spelling), named)
                if office is not None:
                    return _join([_body(unit, *office) for unit in units])
        if head == "own":
            return self._resolve_own_office(units[0], rest)
        if head == "level" and _ASSOCIATION.fullmatch(rest):
            return _join([_department(unit, rest) for unit in units])
        if head in ("level", "place") and rest in _departments():
            return _join([_department(unit, _departments()[rest]) for unit in units])
        return UNRESOLVED

    def _spellings(self, head: str) -> dict[str, tuple[str, ...]]:
        if head in ("政协", "中国人民政治协商会议"):
            return _CONFERENCE_SPELLINGS
        if head == "own":
            own = (_COMMITTEE[self.context.organ],) if self.context.organ else ()
            return _SPELLINGS | {"常委会": own, "常务委员会": own}
        if head == "中共":
            return _PARTY_SPELLINGS | {x: _SPELLINGS[x] for x in ("纪委", "纪律检查委员会")}
        # Titles leave the name of the conference out: 定海区委员会常务委员会工作报告.
        untitled = {"委员会常务委员会": ("conference_committee",)} if self.context.organ == "zx" else {}
        return _SPELLINGS | _PARTY_SPELLINGS | untitled | {"纪委监委": ("discipline", "supervision")}

    def _office(self, kind: str, text: str, named: bool) -> tuple[str, str] | None:
        """The body that an office belongs to and the office's full name."""
        if kind == "party_committee":
            return (kind, _PARTY_OFFICES[text]) if text in _PARTY_OFFICES else None
        if kind not in _SEAT:
            return None
        organ: Organ = "zx" if kind == "conference" else "rd"
        offices = _OFFICES | _MEETINGS[organ]
        if text in offices:
            return _SEAT[kind], offices[text]
        if text in _committees(organ):
            return _PLENARY[organ], _committees(organ)[text]
        return (_SEAT[kind], text) if named and _STEERING_GROUP.fullmatch(text) else None

    def _resolve_own_office(self, own: _Unit, text: str) -> ResolvedBody:
        """An office or department without level or place: the report's own."""
        if self.context.organ is not None:
            office = self._office(_SEAT[_PLENARY[self.context.organ]], text, named=False)
            if office is not None:
                return _body(own, *office)
        if text in ("组织部", "宣传部", "统战部"):
            return _body(own, "party_committee", _PARTY_OFFICES[text])
        # Others (工商联, 妇联) stand next to 民主党派 and are as often meant as classes.
        if text.endswith("局") and text in _departments():
            return _department(own, _departments()[text])
        return UNRESOLVED


def _units(place_name: str | None) -> tuple[_Unit | None, dict[str, _Unit]]:
    """The place of a report and the places its level words stand for."""
    if not place_name:
        return None, {}
    name, _, inside = unicodedata.normalize("NFKC", place_name).strip().partition("(")
    region = resolve_place(inside.rstrip(")")) if inside else None
    place = resolve_place(name, region.code if region else None)
    levels = {_level_word(p): _unit(p) for p in lineage(place or region)} if place or region else {}
    if place:
        return _unit(place), levels
    # A name that several places bear: its own bodies can be named, their codes and its city cannot.
    bearers = {bearer.level for bearer in candidates(name)}
    own = _Unit(name, None, bearers.pop() if len(bearers) == 1 else None)
    return own, levels | ({name[-1]: own} if _LEVEL_WORD.fullmatch(name[-1:]) else {})


def _level_word(place: Place) -> str:
    return "自治区" if place.kind == "自治区" else place.name[-1]


def _unit(place: Place) -> _Unit:
    return _Unit(qualified_name(place), place.code, place.level)


def _body(unit: _Unit, kind: str, office: str = "") -> ResolvedBody:
    suffix = f"/{office}" if office else ""
    body_id = f"{unit.code}:{kind}{suffix}" if unit.code else None
    return ResolvedBody(_FULL[kind].format(unit.name) + office, body_id, unit.level, unit.code, kind)


def _department(unit: _Unit, name: str) -> ResolvedBody:
    return ResolvedBody(
        unit.name + name, f"{unit.code}:{name}" if unit.code else None, unit.level, unit.code, "department"
    )


def _join(members: list[ResolvedBody]) -> ResolvedBody:
    if len(members) == 1:
        return members[0]
    ids = [member.id for member in members]
    return ResolvedBody(
        name="、".join(member.name or "" for member in members),
        id="+".join(x for x in ids if x) if all(ids) else None,
        kind="enumeration",
        members=tuple(members),
    )


def _read_kinds(text: str, spellings: dict[str, tuple[str, ...]]) -> tuple[str, ...]:
    """Kinds that a text enumerates, with or without ``、`` (``党委、政府``); empty if it says more."""
    if text in spellings:
        return spellings[text]
    for spelling in sorted(spellings, key=len, reverse=True):
        if text.startswith(spelling):
            rest = _read_kinds(text.removeprefix(spelling).removeprefix("、"), spellings)
            if rest:
                return spellings[spelling] + rest
    return ()


def _rows(name: str) -> list[dict[str, str]]:
    with (_DATA / name).open(encoding="utf8", newline="") as file:
        return list(csv.DictReader(file))


@lru_cache(maxsize=1)
def _national() -> dict[str, ResolvedBody]:
    """Bodies of the whole country, the same in every report."""
    return {
        row["mention"]: ResolvedBody(row["name"], row["id"], "national", None, row["kind"])
        for row in _rows("bodies_national.csv")
    }


@lru_cache(maxsize=1)
def _departments() -> dict[str, str]:
    rows = _rows("departments.csv")
    return {row["short"]: row["full"] for row in rows} | {row["full"]: row["full"] for row in rows}


@lru_cache(maxsize=2)
def _committees(organ: Organ) -> dict[str, str]:
    """Special committees of a congress or a conference, by short and by full name."""
    rows = [row for row in _rows("committees.csv") if row["organ"] == organ]
    return {row["short"]: row["full"] for row in rows} | {row["full"]: row["full"] for row in rows}
