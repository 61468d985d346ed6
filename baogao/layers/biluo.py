"""BILUO tags: their numbering, and the best valid sequence of them (Viterbi)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy

OUTSIDE = 0
_PREFIXES = "BILU"
# Not infinity: a text whose every path is forbidden somewhere must still decode.
FORBIDDEN = -1e9


def tag_names(labels: Sequence[str]) -> list[str]:
    """``O``, then ``B-``, ``I-``, ``L-`` and ``U-`` of each label: tag i's name at index i."""
    return ["O", *(f"{prefix}-{label}" for label in labels for prefix in _PREFIXES)]


def decode(scores: numpy.ndarray, lengths: Sequence[int]) -> numpy.ndarray:
    """The tag sequence with the highest sum of scores among those that spell whole spans.

    scores (float, shape (n, 1 + 4 * n_labels)): Log-probabilities of each position's tags, sequences one after
        the other.
    lengths: The sequences' lengths, which sum to n.
    RETURNS (int, shape (n,)): Tag numbers.

    All sequences move on together, longest first, so a step costs a few array operations however many there are.
    """
    lengths = numpy.asarray(lengths, dtype="int64")
    starts = numpy.cumsum(lengths) - lengths
    order = numpy.argsort(-lengths, kind="stable")
    starts, lengths = starts[order], lengths[order]
    n, n_tags = scores.shape
    tags = numpy.zeros(n, dtype="int64")
    if n == 0:
        return tags
    begin, inside, last, unit = (numpy.arange(1 + i, n_tags, 4) for i in range(4))
    closed = numpy.concatenate([[OUTSIDE], last, unit])  # tags after which no span is open
    fresh = numpy.concatenate([[OUTSIDE], begin, unit])  # tags that may follow those
    # How many sequences reach position t; as they are sorted, these are the first ones.
    active = numpy.searchsorted(-lengths, -numpy.arange(lengths[0]), side="left")
    pointers = numpy.zeros((n, n_tags), dtype="int16")
    best = numpy.full((active[0], n_tags), FORBIDDEN)
    best[:, fresh] = scores[starts[: active[0]]][:, fresh]
    final = numpy.zeros(len(lengths), dtype="int64")
    for t in range(1, lengths[0] + 1):
        k = active[t] if t < lengths[0] else 0
        ended = slice(k, len(best))
        final[ended] = closed[best[ended][:, closed].argmax(axis=1)]
        best = best[:k]
        if k == 0:
            break
        rows = starts[:k] + t
        from_closed = closed[best[:, closed].argmax(axis=1)]
        from_open = numpy.where(best[:, begin] >= best[:, inside], begin, inside)
        step = numpy.empty((k, n_tags), dtype="int64")
        step[:, fresh] = from_closed[:, None]
        step[:, inside] = step[:, last] = from_open
        pointers[rows] = step
        best = numpy.take_along_axis(best, step, axis=1) + scores[rows]
    current = numpy.zeros(len(lengths), dtype="int64")
    for t in range(lengths[0] - 1, -1, -1):
        k = active[t]
        ends_here = lengths[:k] == t + 1
        current[:k][ends_here] = final[:k][ends_here]
        rows = starts[:k] + t
        tags[rows] = current[:k]
        current[:k] = pointers[rows, current[:k]]
    return tags


def spans(tags: Sequence[int]) -> Iterator[tuple[int, int, int]]:
    """Start, end (exclusive) and label number of the spans that a valid tag sequence spells."""
    start = 0
    for i, tag in enumerate(tags):
        if tag == OUTSIDE:
            continue
        label, kind = divmod(int(tag) - 1, 4)
        if _PREFIXES[kind] in "BU":
            start = i
        if _PREFIXES[kind] in "LU":
            yield start, i + 1, label
