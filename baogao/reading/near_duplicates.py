"""Find texts that are the same but for small changes: MinHash over character n-grams.

A. Z. Broder, "On the resemblance and containment of documents" (1997), as implemented by datasketch
(``pip install baogao[train]``).
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations
from typing import NamedTuple

from datasketch import MinHash

NGRAM = 5
# The estimate's standard error is at most 0.5 / sqrt(permutations), here 0.044.
PERMUTATIONS = 128
# Reports share phrases, not pages: the estimate for different reports of the corpus is below 0.2.
THRESHOLD = 0.5


class NearDuplicate(NamedTuple):
    """The names of two similar texts, in the order given, and their estimated Jaccard similarity (0 to 1)."""

    first: str
    second: str
    similarity: float


def _signature(text: str) -> MinHash:
    solid = "".join(text.split())
    ngrams = {solid[i : i + NGRAM] for i in range(max(1, len(solid) - NGRAM + 1))}
    signature = MinHash(num_perm=PERMUTATIONS)
    signature.update_batch([ngram.encode("utf-8") for ngram in ngrams])
    return signature


def near_duplicates(texts: Mapping[str, str]) -> list[NearDuplicate]:
    """All pairs of texts whose character n-grams, white space left out, resemble each other.

    texts: The texts by name.
    RETURNS: The pairs with a similarity of at least ``THRESHOLD``.
    """
    signatures = {name: _signature(text) for name, text in texts.items()}
    pairs = (
        NearDuplicate(first, second, signatures[first].jaccard(signatures[second]))
        for first, second in combinations(signatures, 2)
    )
    return [pair for pair in pairs if pair.similarity >= THRESHOLD]
