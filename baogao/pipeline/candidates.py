"""Which pairs of entities the relation component looks at.

A candidate generator is called with a ``Doc`` and its entities in text order and returns pairs of indices into
them, (head, tail). It may return none. Register your own with ``@spacy.registry.misc`` and name it in the config.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy
from spacy.attrs import IS_SPACE, NORM
from spacy.tokens import Doc, Span
from spacy.util import registry

from .. import schema

CandidateGenerator = Callable[[Doc, Sequence[Span]], list[tuple[int, int]]]


@registry.misc("baogao.SchemaCandidates.v1")
def create_schema_candidates(max_distance: int = 250, sentence_marks: str = "") -> CandidateGenerator:
    """Pairs whose labels some relation of the schema joins, in one paragraph, at most so far apart.

    max_distance: Tokens between the two spans; it keeps the number of pairs linear in a paragraph's length.
        The farthest gold relation of the training reports spans 180.
    sentence_marks: Characters, in any typography, that no pair may have between its spans, e.g. ``"。!?"``. The
        guidelines want both ends of a relation in one sentence.
    """
    heads = frozenset[str]().union(*(s.heads for s in schema.RELATIONS.values()))

    def generate(doc: Doc, ents: Sequence[Span]) -> list[tuple[int, int]]:
        stretches = stretch_numbers(doc, ents, sentence_marks)
        pairs = []
        for h, head in enumerate(ents):
            if head.label_ not in heads:
                continue
            for step in (-1, 1):
                t = h + step
                while 0 <= t < len(ents) and stretches[t] == stretches[h]:
                    tail = ents[t]
                    if max(head.start - tail.end, tail.start - head.end) > max_distance:
                        break
                    if schema.labels_between(head.label_, tail.label_):
                        pairs.append((h, t))
                    t += step
        return pairs

    return generate


def stretch_numbers(doc: Doc, ents: Sequence[Span], marks: str) -> list[int]:
    """The stretch of text each entity begins in, counted by the line breaks and marks before it.

    Marks inside an entity (a title with a question mark) separate nothing.
    """
    norms, spaces = doc.to_array([NORM, IS_SPACE]).reshape(-1, 2).T
    is_break = numpy.isin(norms, numpy.array([doc.vocab[mark].norm for mark in marks], dtype="uint64"))
    for i in numpy.flatnonzero(spaces):
        is_break[i] = "\n" in doc[int(i)].text
    for ent in ents:
        is_break[ent.start : ent.end] = False
    breaks = numpy.flatnonzero(is_break)
    return numpy.searchsorted(breaks, [ent.start for ent in ents]).tolist()
