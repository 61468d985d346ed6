"""What the entity tagger's decoder must and may not do: what an annotation's guidelines say of marks.

A set of constraints is called with a ``Doc``, the labels and the log-probabilities of its tokens' tags (n_tokens,
1 + 4 * n_labels), in the order of ``baogao.layers.biluo.tag_names``, and changes the latter in place; ``FORBIDDEN``
rules a tag out. Register your own with ``@spacy.registry.misc`` and name it in the config.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import partial

import numpy
from spacy.tokens import Doc
from spacy.util import registry

from ..doc_strings import document_norms
from ..layers.biluo import FORBIDDEN, tag_names
from ..layers.enclosures import find_enclosures

_GROUPED_DIGITS = re.compile("(?<![0-9,])[1-9][0-9]{0,2}(?:,[0-9]{3})+(?![0-9,])")

Constraints = Callable[[Doc, Sequence[str], numpy.ndarray], None]


@registry.misc("baogao.DecodingConstraints.v1")
def create_constraints(
    titles: dict[str, str] | None = None,
    separators: str = "",
    crossing: Sequence[str] = (),
    agreement: str = "",
) -> Constraints:
    """Constraints on spans by the marks in and around them.

    titles: Pairs of marks to labels, e.g. ``{"《》": "DOCUMENT"}``. A span of that label begins and ends where the text
        between such marks does, unless a span reaches in from outside, which then holds a mark as well.
    separators: Characters, in any typography of the same norm, that no span holds, e.g. ``",。;:!?"``. A comma that
        groups the digits of a number (``1,234``) is none: it stands inside a span.
    crossing: Labels whose spans may hold them all the same, but begin or end with none, titles excepted.
    agreement: A pair of marks, e.g. ``"“”"``: texts that it encloses more than once in a document are tagged alike,
        by the mean of the probabilities.

    Pairs of marks are given as norms. Raises ValueError for what is no pair.
    """
    for marks in [*(titles or {}), *([agreement] if agreement else [])]:
        find_enclosures([], marks)  # refuses what is no pair
    return partial(
        _constrain,
        titles=dict(titles or {}),
        separators=separators,
        crossing=frozenset(crossing),
        agreement=agreement,
    )


def _constrain(
    doc: Doc,
    labels: Sequence[str],
    scores: numpy.ndarray,
    *,
    titles: Mapping[str, str],
    separators: str,
    crossing: Collection[str],
    agreement: str,
) -> None:
    norms = document_norms(doc)
    names = tag_names(labels)
    if agreement:
        _agree(norms, agreement, scores)
    allowed = [
        tags
        for marks, label in titles.items()
        if label in labels
        for opening, closing in find_enclosures(norms, marks)
        for tags in _title_tags(names, label, norms, opening, closing)
    ]
    wanted = [(row, tag, scores[row, tag]) for row, tags in allowed for tag in tags]
    if separators:
        marks_here = {doc.vocab[mark].norm_ for mark in separators}
        grouping = _grouping_marks(norms)
        at = numpy.array(
            [norm in marks_here and i not in grouping for i, norm in enumerate(norms)], dtype=bool
        )
        spared = {f"I-{label}" for label in crossing}
        closed = [i for i, name in enumerate(names) if name != "O" and name not in spared]
        scores[numpy.ix_(at, closed)] = FORBIDDEN
    inside = [name.startswith("I-") for name in names]
    if separators:
        for row in grouping:
            scores[row] = numpy.where(inside, scores[row], FORBIDDEN)
    for row, _ in allowed:
        scores[row] = numpy.where(inside, scores[row], FORBIDDEN)
    for row, tag, score in wanted:  # a title may end with a question mark
        scores[row, tag] = score


def _title_tags(
    names: list[str], label: str, norms: list[str], opening: int, closing: int
) -> list[tuple[int, list[int]]]:
    """The tokens between the marks, but for spaces beside them, and the tags of the title each may have: none but
    the inside of a span where it neither begins nor ends."""
    first, last = opening + 1, closing - 1
    while first <= last and norms[first].isspace():
        first += 1
    while first <= last and norms[last].isspace():
        last -= 1
    if first > last:
        return []
    tags: list[tuple[int, list[int]]] = [(row, []) for row in range(first, last + 1)]
    if first == last:
        return [(first, [names.index(f"U-{label}")])]
    tags[0][1].append(names.index(f"B-{label}"))
    tags[-1][1].append(names.index(f"L-{label}"))
    return tags


def _grouping_marks(norms: list[str]) -> set[int]:
    """The commas of numbers like ``1,234,567``."""
    if "," not in norms:
        return set()
    text = "".join(norm if len(norm) == 1 else "\n" for norm in norms)
    return {
        number.start() + i
        for number in _GROUPED_DIGITS.finditer(text)
        for i, character in enumerate(number[0])
        if character == ","
    }


def _agree(norms: list[str], marks: str, scores: numpy.ndarray) -> None:
    places: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for opening, closing in find_enclosures(norms, marks):
        if closing > opening + 1:
            places[tuple(norms[opening + 1 : closing])].append(opening + 1)
    for text, starts in places.items():
        if len(starts) > 1:
            rows = numpy.add.outer(starts, numpy.arange(len(text)))  # (mentions, length)
            scores[rows] = numpy.log(numpy.exp(scores[rows]).mean(axis=0) + 1e-12)
