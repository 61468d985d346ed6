"""BILUO tags: their numbering, the best valid sequence of them (Viterbi), and what all valid sequences say."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy

OUTSIDE = 0
_PREFIXES = "BILU"
# Not infinity: a text whose every path is forbidden somewhere must still decode.
FORBIDDEN = -1e9
# Of a tag's score below the best one's, in marginals: about 1e-30, so that what is forbidden has next to nothing, but
# no sequence is without any probability.
_LOWEST = -69.0


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
    best = numpy.full((active[0], n_tags), -numpy.inf)  # no span is open before the first position
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


def marginals(scores: numpy.ndarray, lengths: Sequence[int]) -> tuple[numpy.ndarray, numpy.ndarray]:
    """Probabilities of tags when whole sequences of them are drawn that spell spans, by forward-backward.

    The distribution is that of a conditional random field (Lafferty et al. 2001) whose transitions are all or
    nothing: a valid sequence's probability is proportional to the exponential of its sum of scores.

    scores, lengths: As in :func:`decode`; any constant may have been added to a position's scores. What lies more than
        ``_LOWEST`` below the best score of its position counts as if it lay there.
    RETURNS: Probabilities (float64, shape of the scores), and the logarithm of each sequence's sum (float64, shape
        (len(lengths),)).
    """
    lengths = numpy.asarray(lengths, dtype="int64")
    starts = numpy.cumsum(lengths) - lengths
    order = numpy.argsort(-lengths, kind="stable")
    sorted_starts, sorted_lengths = starts[order], lengths[order]
    n, n_tags = scores.shape
    n_labels = n_tags // 4
    if n == 0:
        return numpy.zeros((0, n_tags)), numpy.zeros(len(lengths))
    # In probabilities, scaled at each position (Rabiner 1989, "A Tutorial on Hidden Markov Models"): logarithms at each
    # position would take half as long again and more.
    highest = scores.max(axis=1).astype("float64")
    weights = numpy.exp(numpy.maximum(scores - highest[:, None], _LOWEST))
    outside = weights[:, OUTSIDE]
    begin, inside, last, unit = (numpy.ascontiguousarray(weights[:, 1 + i :: 4]) for i in range(4))
    staying = outside + unit.sum(axis=1)  # from in no span to in no span
    # A state between two positions is in no span, or in one of some label. before: the share of all that leads to the
    # state in front of a position; after: of all that can follow the state behind it.
    before_closed, after_closed = numpy.zeros(n), numpy.zeros(n)
    before_open, after_open = numpy.zeros((n, n_labels)), numpy.zeros((n, n_labels))
    active = numpy.searchsorted(-sorted_lengths, -numpy.arange(sorted_lengths[0]), side="left")
    closed, opened = numpy.ones(active[0]), numpy.zeros((active[0], n_labels))
    total, scale = numpy.zeros(len(lengths)), numpy.zeros(active[0])
    for t, k in enumerate(active):
        rows = sorted_starts[:k] + t
        closed, opened = closed[:k], opened[:k]
        before_closed[rows], before_open[rows] = closed, opened
        opened, closed = (
            closed[:, None] * begin[rows] + opened * inside[rows],
            closed * staying[rows] + (opened * last[rows]).sum(axis=1),
        )
        shares = closed + opened.sum(axis=1)
        closed, opened = closed / shares, opened / shares[:, None]
        scale = scale[:k] + numpy.log(shares) + highest[rows]
        total[:k] = scale + numpy.log(closed)
    closed, opened = numpy.ones(active[0]), numpy.zeros((active[0], n_labels))
    for t in range(len(active) - 1, -1, -1):
        k = active[t]
        rows = sorted_starts[:k] + t
        after_closed[rows], after_open[rows] = closed[:k], opened[:k]
        column = closed[:k, None]
        from_closed = closed[:k] * staying[rows] + (opened[:k] * begin[rows]).sum(axis=1)
        from_open = opened[:k] * inside[rows] + column * last[rows]
        shares = from_closed + from_open.sum(axis=1)
        closed[:k], opened[:k] = from_closed / shares, from_open / shares[:, None]
    totals = numpy.zeros(len(lengths))
    totals[order] = total
    probabilities = numpy.empty((n, n_tags))
    probabilities[:, OUTSIDE] = before_closed * outside * after_closed
    probabilities[:, 1::4] = before_closed[:, None] * begin * after_open
    probabilities[:, 2::4] = before_open * inside * after_open
    probabilities[:, 3::4] = before_open * last * after_closed[:, None]
    probabilities[:, 4::4] = (before_closed * after_closed)[:, None] * unit
    probabilities /= probabilities.sum(axis=1, keepdims=True)
    return probabilities, totals


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
