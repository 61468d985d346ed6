"""The counted noun beside each COUNT, by part of speech."""

from __future__ import annotations

import re
from collections.abc import Iterator

import jieba.posseg

from baogao.formats.annotated import SpanAnnotation
from evaluate.baselines.rules import lexicon

_NOMINAL_TAGS = frozenset(
    ["n", "nz", "nt", "ns", "nr", "nrfg", "ng", "vn", "a", "an", "b", "j", "l", "i", "eng", "s"]
)
_PHRASE_END = re.compile(r"[,。;:!?、…\n“”《》()\s]")
_LINKING = re.compile(r"(?:共计?|累计|总计|合计|达到?|为|有|占|增长|提高|各|分别|全年|先后|已|计)+$")
_WINDOW = 30

Token = tuple[str, str, int]  # word, tag, offset in the text


def find_items(text: str, entities: list[SpanAnnotation]) -> Iterator[SpanAnnotation]:
    """One ITEM for each COUNT, where a phrase beside it looks like what it measures."""
    counts = [span for span in entities if span.label == "COUNT"]
    starts = {span.start for span in entities}
    ends = {span.end for span in entities}
    for count in counts:
        item = None
        if count.end not in starts:
            item = _after(text, count.end)
        if item is None and count.start not in ends:
            item = _before(text, count.start)
        if item is not None:
            yield SpanAnnotation(*item, "ITEM")


def _tokens(text: str, start: int, end: int) -> list[Token]:
    tokens = []
    for word, tag in jieba.posseg.cut(text[start:end]):
        tokens.append((word, tag, start))
        start += len(word)
    return tokens


def _is_nominal(token: Token) -> bool:
    word, tag, _ = token
    return word not in lexicon.LIGHT_VERBS and (tag in _NOMINAL_TAGS or word in lexicon.DUAL_WORDS)


def _after(text: str, start: int) -> tuple[int, int] | None:
    """``6位[市政协副主席]``: the first nominal phrase, after the last 的 if a clause stands before it."""
    stop = _PHRASE_END.search(text, start, start + _WINDOW)
    tokens = _tokens(text, start, stop.start() if stop else min(len(text), start + _WINDOW))
    for i, (word, _, _) in reversed(list(enumerate(tokens))):
        if word == "的":
            tokens = tokens[i + 1 :]
            break
    while tokens and tokens[0][0] in lexicon.DETERMINERS:
        tokens = tokens[1:]
    phrase: list[Token] = []
    for token in tokens:
        if not _is_nominal(token):
            break
        phrase.append(token)
    return _bounds(phrase)


def _before(text: str, end: int) -> tuple[int, int] | None:
    """``召开[常委会会议]7次``: the nominal phrase that ends at the count, or else the verb there."""
    end = len(text[:end].rstrip(" "))
    start = max(0, end - _WINDOW)
    for stop in _PHRASE_END.finditer(text, start, end):
        start = stop.end()
    if linking := _LINKING.search(text, start, end):
        end = linking.start()
    tokens = _tokens(text, start, end)
    phrase: list[Token] = []
    for token in reversed(tokens):
        if not _is_nominal(token) or token[0] in lexicon.DETERMINERS:
            break
        phrase.insert(0, token)
    if not phrase and tokens and tokens[-1][1] == "v" and tokens[-1][0] not in lexicon.LIGHT_VERBS:
        phrase = tokens[-1:]
    return _bounds(phrase)


def _bounds(phrase: list[Token]) -> tuple[int, int] | None:
    if not phrase:
        return None
    start, end = phrase[0][2], phrase[-1][2] + len(phrase[-1][0])
    return (start, end) if end - start >= 2 else None
