"""Candidate pairs of entities as arrays: what the relation classifier reads."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

import numpy
from spacy.attrs import NORM
from spacy.strings import hash_string
from spacy.tokens import Doc, Span
from thinc.types import Ints2d

FEATURES = (
    "types and order",
    "distance in tokens",
    "sentence marks between",
    "clause marks between",
    "heads and tails between",
    "types, distance and entities between",
    "neighbours of the head",
    "neighbours of the tail",
    "ranks in the sentence",
)
N_FEATURES = len(FEATURES)


@dataclass
class CandidatePairs:
    """The candidate pairs of one ``Doc``.

    spans (int32, shape (n, 4)): head start, head end, tail start, tail end in tokens, ends exclusive.
    features (uint64, shape (n, N_FEATURES)): One categorical key per feature of ``FEATURES``.
    """

    spans: Ints2d
    features: Ints2d

    def __len__(self) -> int:
        return len(self.spans)


class PairFeaturizer:
    """Turns pairs of entities into :class:`CandidatePairs`.

    sentence_marks, clause_marks: Characters that end a sentence or a clause, in any typography that has the
        same norm. Between sentence marks lies the stretch in which a head's or a tail's rank is counted.
    """

    def __init__(self, sentence_marks: str, clause_marks: str) -> None:
        self.sentence_marks = sentence_marks + "\n"
        self.clause_marks = clause_marks

    def __call__(self, doc: Doc, ents: Sequence[Span], pairs: Sequence[tuple[int, int]]) -> CandidatePairs:
        """ents: The entities, in text order. pairs: Indices into ``ents``, (head, tail)."""
        spans = numpy.zeros((len(pairs), 4), dtype="int32")
        features = numpy.zeros((len(pairs), N_FEATURES), dtype="uint64")
        if not pairs:
            return CandidatePairs(spans, features)
        norms = doc.to_array([NORM]).reshape(-1)
        # Prefix sums: how many marks lie before each token.
        sentences, clauses = (
            numpy.concatenate(
                [[0], numpy.cumsum(numpy.isin(norms, [doc.vocab[mark].norm for mark in marks]))]
            )
            for marks in (self.sentence_marks, self.clause_marks)
        )
        by_label: dict[str, list[int]] = {}
        for i, ent in enumerate(ents):
            by_label.setdefault(ent.label_, []).append(i)
        neighbours = [_neighbours(ents, i, sentences) for i in range(len(ents))]
        ranks = _sentence_ranks(ents, sentences)
        for row, (h, t) in enumerate(pairs):
            head, tail = ents[h], ents[t]
            first, second = (head, tail) if h < t else (tail, head)
            types = (head.label_, tail.label_, h < t)
            distance = _bucket(second.start - first.end, (0, 1, 2, 4, 8, 16, 32, 64, 128))
            heads = _between(by_label[head.label_], h, t)
            tails = _between(by_label[tail.label_], h, t)
            spans[row] = head.start, head.end, tail.start, tail.end
            values = (
                types,
                (h < t, distance),
                min(int(sentences[second.start] - sentences[first.end]), 2),
                _bucket(int(clauses[second.start] - clauses[first.end]), (0, 1, 2, 3, 6)),
                (min(heads, 4), min(tails, 4)),
                (types, distance, min(heads, 2), min(tails, 2)),
                (head.label_, *neighbours[h]),
                (tail.label_, *neighbours[t]),
                (types, ranks[h], ranks[t]),
            )
            features[row] = [hash_string(repr(value)) for value in values]
        return CandidatePairs(spans, features)


def _bucket(value: int, bounds: tuple[int, ...]) -> int:
    """Index of the first bound that is not below the value."""
    return bisect_left(bounds, value)


def _between(indices: list[int], a: int, b: int) -> int:
    """How many of the sorted indices lie strictly between a and b."""
    low, high = min(a, b), max(a, b)
    return bisect_left(indices, high) - bisect_left(indices, low + 1)


def _neighbours(ents: Sequence[Span], i: int, sentences: numpy.ndarray) -> tuple[str, str]:
    """Labels of the entities before and after, or "" where a sentence mark or the text's end comes first."""
    before = after = ""
    if i > 0 and sentences[ents[i - 1].end] == sentences[ents[i].start]:
        before = ents[i - 1].label_
    if i + 1 < len(ents) and sentences[ents[i].end] == sentences[ents[i + 1].start]:
        after = ents[i + 1].label_
    return before, after


def _sentence_ranks(ents: Sequence[Span], sentences: numpy.ndarray) -> list[int]:
    """Each entity's place among those of its label in its sentence: 0, 1, 2 or 3 for later ones."""
    seen: dict[tuple[str, int], int] = {}
    ranks = []
    for ent in ents:
        key = (ent.label_, int(sentences[ent.start]))
        ranks.append(min(seen.get(key, 0), 3))
        seen[key] = seen.get(key, 0) + 1
    return ranks
