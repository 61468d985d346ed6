"""Spans hold both marks of a pair or neither: no quotation begins inside of a span and ends outside."""

from __future__ import annotations

from collections.abc import Sequence

import numpy

from ..layers.biluo import FORBIDDEN, OUTSIDE, decode, spans
from ..layers.enclosures import find_enclosures


def keep_marks_whole(
    norms: list[str], pairs: Sequence[str], scores: numpy.ndarray, tags: numpy.ndarray, ends: numpy.ndarray
) -> None:
    """Decode once more where a span holds one mark of a pair only.

    Either both marks come to stand outside of spans, or one span holds them and all between them, whichever has the
    more probable tags. That is exact for one pair; of several in one stretch, each is decided in its turn.

    norms: Of a document's tokens.
    pairs: Pairs of marks, as norms, e.g. ``"“”"``. Marks that have no partner in their paragraph may stand anywhere.
    scores (float, shape (n, 1 + 4 * n_labels)): Log-probabilities of the tags. Changed in place: what the decision
        rules out is forbidden.
    tags (int, shape (n,)): What :func:`baogao.layers.biluo.decode` made of them. Changed in place.
    ends (bool, shape (n,)): Tokens that no span holds, where a stretch to be decoded may end.
    """
    held = {norms[i] for i in numpy.flatnonzero(tags != OUTSIDE).tolist()}
    # The straight quote may be either of a pair of quotes. Most documents have no span with marks, and no more to do.
    concerned = [marks for marks in pairs if not held.isdisjoint({*marks, '"'})]
    if not concerned:
        return
    spanned = _spanned(tags)
    for opening, closing in sorted(found for marks in concerned for found in find_enclosures(norms, marks)):
        if spanned[opening] == spanned[closing]:
            continue
        first, last = opening, closing
        while first > 0 and not ends[first - 1]:
            first -= 1
        while last + 1 < len(norms) and not ends[last + 1]:
            last += 1
        stretch = slice(first, last + 1)
        choices = _choices(scores[stretch], opening - first, closing - first)
        n_choices, length, n_tags = choices.shape
        flat = choices.reshape(-1, n_tags)
        paths = decode(flat, [length] * n_choices)
        totals = flat[numpy.arange(len(flat)), paths].reshape(n_choices, length).sum(axis=1)
        best = totals.argmax()
        scores[stretch] = choices[best]
        tags[stretch] = paths.reshape(n_choices, length)[best]
        spanned = _spanned(tags)


def _spanned(tags: numpy.ndarray) -> numpy.ndarray:
    """The number of the span that holds each token, -1 outside of spans."""
    numbers = numpy.full(len(tags), -1)
    for number, (start, end, _) in enumerate(spans(tags.tolist())):
        numbers[start:end] = number
    return numbers


def _choices(scores: numpy.ndarray, opening: int, closing: int) -> numpy.ndarray:
    """The scores with both marks outside of spans, then with both in one span of each label in turn.

    RETURNS (float, shape (1 + n_labels, *scores.shape)).
    """
    n_labels = scores.shape[1] // 4
    choices = numpy.repeat(scores[None], 1 + n_labels, axis=0)
    marks = [opening, closing]
    choices[0, marks] = FORBIDDEN
    choices[0, marks, OUTSIDE] = scores[marks, OUTSIDE]
    choices[1:, opening : closing + 1] = FORBIDDEN
    for choice, begin in enumerate(range(1, scores.shape[1], 4), 1):
        inside, last = begin + 1, begin + 2
        kept = slice(opening, closing + 1)
        choices[choice, kept, inside] = scores[kept, inside]
        choices[choice, opening, begin] = scores[opening, begin]
        choices[choice, closing, last] = scores[closing, last]
    return choices
