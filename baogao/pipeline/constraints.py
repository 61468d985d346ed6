"""What the entity tagger's decoder may not, or must, do: rules of the annotation that hold without exception.

A set of constraints is called with a ``Doc``, the labels and the log-probabilities of its tokens' tags, and changes
the latter in place. Register your own with ``@spacy.registry.misc`` and name it in the config.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence

import numpy
from spacy.tokens import Doc
from spacy.util import registry

from ..layers.biluo import FORBIDDEN, tag_names
from ..layers.enclosures import document_norms, find_enclosures

Constraints = Callable[[Doc, Sequence[str], numpy.ndarray], None]


@registry.misc("baogao.DecodingConstraints.v1")
def create_constraints(
    titles: dict[str, str] | None = None,
    separators: str = "",
    crossing: Sequence[str] = (),
    agreement: str = "",
) -> Constraints:
    """Constraints on spans by the marks in and around them. Marks are given in any typography of the same norm.

    titles: Pairs of marks to labels, e.g. ``{"《》": "DOCUMENT"}``: what such marks enclose is one span of that
        label, unless a longer span holds the marks as well.
    separators: Characters that no span holds, e.g. ``",。;:!?"``.
    crossing: Labels whose spans may hold them all the same, and begin or end with none.
    agreement: Pairs of marks, e.g. ``"“”"``: texts that they enclose more than once in a document are tagged alike,
        by the mean of the probabilities.
    """
    titles = dict(titles or {})

    def constrain(doc: Doc, labels: Sequence[str], scores: numpy.ndarray) -> None:
        norms = document_norms(doc)
        names = tag_names(labels)
        if agreement:
            _agree(norms, agreement, scores)
        if separators:
            marks = {doc.vocab[mark].norm_ for mark in separators}
            at = numpy.array([norm in marks for norm in norms], dtype=bool)
            spared = {f"I-{label}" for label in crossing}
            closed = [i for i, name in enumerate(names) if name != "O" and name not in spared]
            scores[numpy.ix_(at, closed)] = FORBIDDEN
        for marks, label in titles.items():
            if label in labels:
                for opening, closing in find_enclosures(norms, marks):
                    _fill_title(names, label, scores[opening + 1 : closing])

    return constrain


def _fill_title(names: list[str], label: str, inside: numpy.ndarray) -> None:
    """Leave two readings of what is enclosed: a span of the label, or the inside of a longer span."""
    if not len(inside):
        return
    within = {name for name in names if name.startswith("I-")}
    allowed = [within for _ in inside]
    if len(inside) == 1:
        allowed[0] = within | {f"U-{label}"}
    else:
        allowed[0], allowed[-1] = within | {f"B-{label}"}, within | {f"L-{label}"}
    for row, tags in zip(inside, allowed, strict=True):
        row[[i for i, name in enumerate(names) if name not in tags]] = FORBIDDEN


def _agree(norms: list[str], marks: str, scores: numpy.ndarray) -> None:
    places: dict[str, list[int]] = defaultdict(list)
    for opening, closing in find_enclosures(norms, marks):
        if closing > opening + 1:
            places["".join(norms[opening + 1 : closing])].append(opening + 1)
    for text, starts in _repeated(places):
        rows = numpy.add.outer(starts, numpy.arange(len(text)))  # (mentions, length)
        scores[rows] = numpy.log(numpy.exp(scores[rows]).mean(axis=0))


def _repeated(places: dict[str, list[int]]) -> Iterable[tuple[str, list[int]]]:
    return ((text, starts) for text, starts in places.items() if len(starts) > 1)
