"""Names that a document holds more than once: what was found at one mention helps at the others.

A report names the same bodies, places and programmes again and again. Where a mention stands in words that tell
little, the model hesitates; that the very same text is a name elsewhere in the report is evidence it does not see
(Finkel et al. 2005, "Incorporating Non-local Information into Information Extraction Systems by Gibbs Sampling", have
such evidence in the model; here it only lowers the probability that is asked for).
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate

import numpy

from ..layers.biluo import tag_names

Entity = tuple[int, int, str, float]  # start, end, label, probability

_BETWEEN = "\x1f"  # tokens, in the string that is searched


def add_repeated_names(
    norms: Sequence[str],
    entities: Sequence[Entity],
    probabilities: numpy.ndarray,
    labels: Sequence[str],
    thresholds: Mapping[str, float],
) -> list[Entity]:
    """The entities, and further mentions of those of two tokens or more, in the order of the text.

    norms: Of the document's tokens; mentions are the same text if their norms are.
    probabilities (float, shape (len(norms), 1 + 4 * len(labels))): Of the tokens' tags.
    thresholds: Labels whose names are looked for, to the probability that another mention must have at least.
    """
    names = {(tuple(norms[start:end]), label) for start, end, label, _ in entities if end - start > 1}
    numbers = {name: number for number, name in enumerate(tag_names(labels))}
    candidates: list[Entity] = []
    text = _BETWEEN.join(["", *norms, ""])
    starts = [0, *accumulate(len(norm) + 1 for norm in norms)]  # of the mark before each token
    for name, label in names:
        if label not in thresholds:
            continue
        tags = [numbers[f"{prefix}-{label}"] for prefix in f"B{'I' * (len(name) - 2)}L"]
        for start in _mentions(name, text, starts):
            rows = numpy.arange(start, start + len(name))
            if (probability := float(probabilities[rows, tags].min())) >= thresholds[label]:
                candidates.append((start, start + len(name), label, probability))
    taken = numpy.zeros(len(norms), dtype=bool)
    for start, end, *_ in entities:
        taken[start:end] = True
    found = list(entities)
    for candidate in sorted(candidates, key=lambda entity: (-entity[3], entity)):
        start, end, *_ = candidate
        if not taken[start:end].any():
            taken[start:end] = True
            found.append(candidate)
    return sorted(found)


def _mentions(name: Sequence[str], text: str, starts: Sequence[int]) -> Iterator[int]:
    """Numbers of the tokens where the name begins."""
    wanted = _BETWEEN.join(["", *name, ""])
    at = text.find(wanted)
    while at >= 0:
        yield bisect_left(starts, at)
        at = text.find(wanted, at + 1)
