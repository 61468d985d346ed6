"""Entities by regular expressions and word lists, label by label; earlier finders win where spans overlap."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

import jieba.posseg

from baogao.formats.annotated import SpanAnnotation
from evaluate.baselines.rules import lexicon, patterns
from evaluate.baselines.rules.items import find_items


def find_entities(text: str) -> list[SpanAnnotation]:
    """All entities of a text, flat and in text order."""
    taken = bytearray(len(text))
    found: list[SpanAnnotation] = []

    def claim(spans: Iterable[SpanAnnotation]) -> None:
        for span in spans:
            if span.start < span.end and not any(taken[span.start : span.end]):
                taken[span.start : span.end] = b"\1" * (span.end - span.start)
                found.append(span)

    claim(SpanAnnotation(*match.span(1), "DOCUMENT") for match in patterns.TITLE.finditer(text))
    # Longer names first: a meeting or programme keeps the bodies and dates inside it.
    finders: tuple[Callable[[str], Iterator[SpanAnnotation]], ...] = (
        _quoted,
        _matches("PROGRAM", patterns.PROGRAM),
        _matches("SLOGAN", patterns.DOCTRINE),
        _matches("DOCUMENT", patterns.LAW),
        _matches("MEETING", patterns.MEETING),
        _matches("DATE", patterns.DATE),
        _counts,
        _bodies,
        _names,
    )
    for finder in finders:
        claim(finder(text))
    claim(find_items(text, found))
    return sorted(found)


def _matches(label: str, pattern: re.Pattern[str]) -> Callable[[str], Iterator[SpanAnnotation]]:
    def finder(text: str) -> Iterator[SpanAnnotation]:
        return (SpanAnnotation(*match.span(), label) for match in pattern.finditer(text))

    return finder


def _quoted(text: str) -> Iterator[SpanAnnotation]:
    """Quoted words are a PROGRAM or a SLOGAN by the noun that follows (guidelines, section 5)."""
    for match in patterns.QUOTED.finditer(text):
        words = match[1]
        # A list of quoted names shares the noun at its end.
        after = text[patterns.QUOTE_CHAIN.match(text, match.end()).end() :][:4]
        if words in lexicon.BODIES:
            label = "BODY"
        elif words in lexicon.SLOGANS:
            label = "SLOGAN"
        elif after.startswith(tuple(lexicon.PROGRAM_NOUNS)) or patterns.PROGRAM_NAME.fullmatch(words):
            label = "PROGRAM"
        elif patterns.NUMERAL_FORMULA.fullmatch(words) or (
            after.startswith(tuple(lexicon.SLOGAN_NOUNS)) and len(words) >= 4
        ):
            label = "SLOGAN"
        else:
            continue
        yield SpanAnnotation(*match.span(1), label)


def _counts(text: str) -> Iterator[SpanAnnotation]:
    for match in patterns.COUNT.finditer(text):
        if not patterns.STRUCTURAL.fullmatch(match.group()):
            yield SpanAnnotation(*match.span(), "COUNT")


def _bodies(text: str) -> Iterator[SpanAnnotation]:
    place = _report_place(text)
    of_place = (
        re.compile(rf"{re.escape(place)}{patterns.LEVEL}?{patterns.BODY_NAME}")
        if place
        else patterns.FULL_BODY
    )
    for pattern in (
        patterns.FULL_BODY,
        of_place,
        patterns.LEVEL_BODY,
        re.compile(patterns.any_of(lexicon.BODIES)),
    ):
        for match in pattern.finditer(text):
            if not patterns.PEOPLE_OR_SESSION.match(text, match.end()):
                yield SpanAnnotation(*match.span(), "BODY")
    for match in patterns.BARE_OBJECT.finditer(text):
        yield SpanAnnotation(*match.span(1), "BODY")


def _names(text: str) -> Iterator[SpanAnnotation]:
    """Persons and places by jieba's dictionary, and the place the report's title names."""
    if place := _report_place(text):
        for match in re.finditer(re.escape(place), text):
            yield _extended_place(text, *match.span())
    position = 0
    for word, tag in jieba.posseg.cut(text):
        start, position = position, position + len(word)
        if word == "习近平" or (
            tag == "nr" and 2 <= len(word) <= 3 and _is_named_person(text, start, position)
        ):
            yield SpanAnnotation(start, position, "PERSON")
        elif tag == "ns" and len(word) >= 2 and not patterns.NO_PLACE.match(text, start):
            yield _extended_place(text, start, position)


def _report_place(text: str) -> str | None:
    """The place in the report's first line, without its administrative level."""
    title = patterns.REPORT_PLACE.match(text)
    return title[1] if title else None


def _is_named_person(text: str, start: int, end: int) -> bool:
    """jieba finds surnames everywhere; believe it only beside a title."""
    return bool(re.match(r"(?:同志|同学|等委员|主席|书记|主任)", text[end:])) or text[:start].endswith(
        ("主席", "书记", "主任", "记者", "副委员长")
    )


def _extended_place(text: str, start: int, end: int) -> SpanAnnotation:
    tail = patterns.PLACE_TAIL.match(text, end)
    return SpanAnnotation(start, tail.end() if tail else end, "PLACE")
