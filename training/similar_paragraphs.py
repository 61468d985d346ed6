"""The paragraphs of a large text that are most like a small one.

Moore & Lewis (2010), "Intelligent Selection of Language Model Training Data": a paragraph's score is its cross-entropy
under a model of the general text minus that under a model of the text wanted, here of character bigrams.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy

BUCKETS = 1 << 22  # of bigrams, by hash
INTERPOLATION = 0.5  # weight of the small text's own bigrams in its model


def most_similar(paragraphs: Sequence[str], wanted: str, n_characters: int) -> list[int]:
    """Numbers of the paragraphs most like ``wanted``, the best first, until they have ``n_characters``.

    Paragraphs of less than two characters are left out.
    """
    bigrams = [_bigrams(paragraph) for paragraph in paragraphs]
    lengths = numpy.array([len(b) for b in bigrams])
    general = numpy.bincount(numpy.concatenate(bigrams), minlength=BUCKETS) + 0.1
    general /= general.sum()
    own = numpy.bincount(_bigrams(wanted), minlength=BUCKETS).astype(float)
    own /= own.sum()
    # The text's own part may be zero; the general part keeps the logarithm finite.
    gain = numpy.log(INTERPOLATION * own + (1 - INTERPOLATION) * general) - numpy.log(general)
    scores = numpy.array([gain[b].mean() if len(b) else -numpy.inf for b in bigrams])
    chosen, n = [], 0
    for i in numpy.argsort(-scores, kind="stable"):
        if n >= n_characters or not lengths[i]:
            break
        chosen.append(int(i))
        n += len(paragraphs[i])
    return chosen


def _bigrams(text: str) -> numpy.ndarray:
    """Bucket of each pair of neighbouring characters."""
    codes = numpy.frombuffer(text.encode("utf-32-le"), dtype="uint32").astype("uint64")
    return ((codes[:-1] * numpy.uint64(2654435761) + codes[1:] * numpy.uint64(40503)) % BUCKETS).astype(
        "int64"
    )
