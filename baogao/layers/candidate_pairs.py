"""Candidate pairs of entities as arrays: what the relation classifier reads.

Most of what decides a relation in running text is said by few, local and categorical facts: which labels, in which
order, how far apart, what is written right beside them, which punctuation and which other entities lie between
(the feature set of Zhou et al. 2005, "Exploring Various Knowledge in Relation Extraction", without its word
lists and parses). Each fact becomes one hashed key that the classifier embeds, so nothing here knows a language
or a schema.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy
from spacy.attrs import NORM
from spacy.strings import hash_string
from spacy.tokens import Doc, Span
from thinc.types import Ints2d

from ..doc_strings import document_norms

_ENTITY_FEATURES = (
    "last token",
    "last two tokens",
    "token before",
    "two tokens before",
    "token after",
    "two tokens after",
    "entity before and the text up to it",
    "entity after and the text up to it",
    "place in its clause",
    "how the clause opens",
    "rank among its like in the sentence",
)
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
    *(f"head: {name}" for name in _ENTITY_FEATURES),
    *(f"tail: {name}" for name in _ENTITY_FEATURES),
    "text between",
    "first two tokens between",
    "last two tokens between",
    "marks and entities between",
    "first marks and entities between",
    "last marks and entities between",
    "entities between",
    "marks between",
    "whether another tail is nearer",
    "whether another head is nearer",
    "whether another tail or head is nearer",
)
N_FEATURES = len(FEATURES)

_PATH = 7  # marks and entities between the spans that are told apart
_DISTANCES = (0, 1, 2, 4, 8, 16, 32, 64, 128)
_PLACES = (0, 1, 2, 4, 8, 16)


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
    list_marks: Those of the clause marks that separate the members of a list, so end no clause after all.
    """

    def __init__(self, sentence_marks: str, clause_marks: str, list_marks: str) -> None:
        self.sentence_marks = sentence_marks + "\n"
        self.clause_marks = clause_marks
        self.list_marks = list_marks

    def __call__(self, doc: Doc, ents: Sequence[Span], pairs: Sequence[tuple[int, int]]) -> CandidatePairs:
        """ents: The entities, in text order. pairs: Indices into ``ents``, (head, tail)."""
        spans = numpy.zeros((len(pairs), 4), dtype="int32")
        features = numpy.zeros((len(pairs), N_FEATURES), dtype="uint64")
        if not pairs:
            return CandidatePairs(spans, features)
        text = _Text(doc, ents, self.sentence_marks, self.clause_marks, self.list_marks)
        views = {i: _view(text, i) for i in {i for pair in pairs for i in pair}}
        # What is said of an entity is the same in all its pairs of one type and order, and half of all features.
        of_entity: dict[tuple, list[int]] = {}
        for row, (h, t) in enumerate(pairs):
            head, tail = ents[h], ents[t]
            spans[row] = head.start, head.end, tail.start, tail.end
            types = (text.labels[h], text.labels[t], h < t)
            for i in (h, t):
                if (types, i) not in of_entity:
                    of_entity[types, i] = _hash(_entity_values(types, views[i], text.labels[i]))
            features[row] = [
                *_hash(_layout(text, views, h, t)),
                *of_entity[types, h],
                *of_entity[types, t],
                *_hash(_content(text, h, t)),
            ]
        return CandidatePairs(spans, features)


def _hash(values: Iterable[tuple]) -> list[int]:
    return [hash_string(repr(value)) for value in values]


class _Text:
    """A document's norms, marks and entities, prepared for looking things up by position."""

    def __init__(
        self, doc: Doc, ents: Sequence[Span], sentence_marks: str, clause_marks: str, list_marks: str
    ) -> None:
        self.ents = ents
        self.labels = [ent.label_ for ent in ents]
        hashes = doc.to_array(NORM)
        self.norms = document_norms(doc)
        # Prefix sums: how many marks lie before each token.
        is_sentence, is_clause, is_list = (
            numpy.isin(hashes, [doc.vocab[mark].norm for mark in marks])
            for marks in (sentence_marks, clause_marks, list_marks)
        )
        self.sentences = [0, *numpy.cumsum(is_sentence).tolist()]
        self.clauses = [0, *numpy.cumsum(is_clause).tolist()]
        self.is_mark = (is_sentence | is_clause).tolist()
        ends_clause = (is_sentence | is_clause) & ~is_list
        self.whole_clauses = [0, *numpy.cumsum(ends_clause).tolist()]
        self.ends_clause = ends_clause.tolist()
        self.by_label: dict[str, list[int]] = {}
        for i, label in enumerate(self.labels):
            self.by_label.setdefault(label, []).append(i)
        self.ent_at: dict[int, int] = {}  # token to the entity that holds it; the first where they overlap
        for i, ent in enumerate(ents):
            for token in range(ent.start, ent.end):
                self.ent_at.setdefault(token, i)

    def between(self, start: int, end: int) -> str:
        return "".join(self.norms[max(0, start) : max(0, end)])

    def ends_of(self, start: int, end: int, n: int) -> str:
        """The text of a stretch, without its middle if it is longer than 2n tokens."""
        if end - start <= 2 * n:
            return self.between(start, end)
        return f"{self.between(start, start + n)}…{self.between(end - n, end)}"

    def symbol(self, token: int) -> str:
        """The label of the entity that holds the token, else the token's norm, "" beyond the text."""
        if not 0 <= token < len(self.norms):
            return ""
        ent = self.ent_at.get(token)
        return self.norms[token] if ent is None else self.labels[ent]

    def same_sentence(self, i: int, j: int) -> bool:
        """Whether no sentence mark lies between two entities, i before j."""
        return self.sentences[self.ents[i].end] >= self.sentences[self.ents[j].start]

    def path(self, start: int, end: int) -> list[tuple[str, bool]]:
        """The marks and entities of a stretch, and which are entities."""
        path: list[tuple[str, bool]] = []
        token = start
        while token < end and len(path) < _PATH:
            ent = self.ent_at.get(token)
            if ent is not None:
                path.append((self.labels[ent], True))
                token = max(token + 1, self.ents[ent].end)
                continue
            if self.is_mark[token]:
                path.append((self.norms[token], False))
            token += 1
        return path


class _View(NamedTuple):
    """What is said of an entity alone, whichever pair it is in."""

    neighbours: tuple[str, str]
    rank: int
    n_like: int
    ends: tuple[str, str]
    before: tuple[str, str]
    after: tuple[str, str]
    link_before: tuple[str, str]
    link_after: tuple[str, str]
    place: tuple[int, bool]
    opening: str


def _view(text: _Text, i: int) -> _View:
    ents = text.ents
    start, end = ents[i].start, ents[i].end
    has_left = i > 0 and text.same_sentence(i - 1, i)
    has_right = i + 1 < len(ents) and text.same_sentence(i, i + 1)
    left, right = (text.labels[i - 1] if has_left else ""), (text.labels[i + 1] if has_right else "")
    like = text.by_label[text.labels[i]]
    sentence = text.sentences[start]
    first = bisect_left(like, sentence, key=lambda j: text.sentences[ents[j].start])
    last = bisect_left(like, sentence + 1, key=lambda j: text.sentences[ents[j].start])
    opening = start
    while opening > 0 and not text.ends_clause[opening - 1]:
        opening -= 1
    at_sentence = opening == 0 or text.sentences[opening] > text.sentences[opening - 1]
    return _View(
        neighbours=(left, right),
        rank=min(bisect_left(like, i) - first, 3),
        n_like=min(last - first, 3),
        ends=(text.between(end - 1, end), text.between(max(start, end - 2), end)),
        before=(text.symbol(start - 1), text.symbol(start - 2) + text.symbol(start - 1)),
        after=(text.symbol(end), text.symbol(end) + text.symbol(end + 1)),
        link_before=(left, text.ends_of(ents[i - 1].end, start, 1) if has_left else ""),
        link_after=(right, text.ends_of(end, ents[i + 1].start, 1) if has_right else ""),
        place=(bisect_left(_PLACES, start - opening), at_sentence),
        opening=text.symbol(opening),
    )


def _layout(text: _Text, views: dict[int, _View], h: int, t: int) -> tuple:
    """The values of the first nine features: labels, order, distance, what lies between in number."""
    ents, labels = text.ents, text.labels
    first, second = ents[min(h, t)], ents[max(h, t)]
    types = (labels[h], labels[t], h < t)
    distance = bisect_left(_DISTANCES, second.start - first.end)
    heads = _between(text.by_label[labels[h]], h, t)
    tails = _between(text.by_label[labels[t]], h, t)
    return (
        types,
        (h < t, distance),
        min(text.sentences[second.start] - text.sentences[first.end], 2),
        bisect_left((0, 1, 2, 3, 6), text.clauses[second.start] - text.clauses[first.end]),
        (min(heads, 4), min(tails, 4)),
        (types, distance, min(heads, 2), min(tails, 2)),
        (labels[h], *views[h].neighbours),
        (labels[t], *views[t].neighbours),
        (types, views[h].rank, views[t].rank),
    )


def _content(text: _Text, h: int, t: int) -> tuple:
    """The values of the last features: what is written between the spans, and what lies on their other sides."""
    ents, labels = text.ents, text.labels
    types = (labels[h], labels[t], h < t)
    start, end = ents[min(h, t)].end, ents[max(h, t)].start
    path = text.path(start, end)
    symbols = [symbol for symbol, _ in path]
    other_tail, other_head = _other_side(text, h, t), _other_side(text, t, h)
    heads = _between(text.by_label[labels[h]], h, t)
    tails = _between(text.by_label[labels[t]], h, t)
    clauses = min(text.whole_clauses[max(start, end)] - text.whole_clauses[start], 2)
    return (
        (types, text.ends_of(start, end, 2)),
        (types, text.between(start, min(end, start + 2))),
        (types, text.between(max(start, end - 2), end)),
        (types, *symbols),
        (types, *symbols[:3]),
        (types, *symbols[-3:]),
        (types, *(symbol for symbol, is_entity in path if is_entity)),
        (types, *(symbol for symbol, is_entity in path if not is_entity)),
        (types, other_tail, min(tails, 2)),
        (types, other_head, min(heads, 2)),
        (types, other_tail, other_head, heads > 0, tails > 0, clauses),
    )


def _entity_values(types: tuple, view: _View, label: str) -> tuple:
    """The values of the features of a head or tail: what is written in and beside it."""
    return (
        (label, view.ends[0]),
        (label, view.ends[1]),
        (types, view.before[0]),
        (label, view.before[1]),
        (types, view.after[0]),
        (label, view.after[1]),
        (types, *view.link_before),
        (types, *view.link_after),
        (types, *view.place),
        (types, view.opening),
        (types, view.n_like, view.rank),
    )


def _between(indices: list[int], a: int, b: int) -> int:
    """How many of the sorted indices lie strictly between a and b."""
    low, high = min(a, b), max(a, b)
    return bisect_left(indices, high) - bisect_left(indices, low + 1)


def _other_side(text: _Text, anchor: int, entity: int) -> tuple[int, bool] | None:
    """The nearest entity of the same label on the other side of the anchor, in its sentence: how many clauses
    away (2 for more) and whether it is nearer than the entity itself. None if there is none."""
    like = text.by_label[text.labels[entity]]
    place = bisect_left(like, anchor)
    if entity < anchor:
        place += place < len(like) and like[place] == anchor
    else:
        place -= 1
    if not 0 <= place < len(like):
        return None
    other = like[place]
    first, second = min(anchor, other), max(anchor, other)
    if not text.same_sentence(first, second):
        return None
    start, end = text.ents[first].end, text.ents[second].start
    clauses = min(text.whole_clauses[max(start, end)] - text.whole_clauses[start], 2)
    own = text.ents[max(anchor, entity)].start - text.ents[min(anchor, entity)].end
    return clauses, end - start < own
