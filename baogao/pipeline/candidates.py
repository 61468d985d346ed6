"""Which pairs of entities the relation component looks at.

A candidate generator is called with a ``Doc`` and its entities in text order and returns pairs of indices into
them, (head, tail). It may return none. Register your own with ``@spacy.registry.misc`` and name it in the config.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence

import numpy
from spacy.attrs import IS_SPACE
from spacy.tokens import Doc, Span
from spacy.util import registry

from .. import schema

CandidateGenerator = Callable[[Doc, Sequence[Span]], list[tuple[int, int]]]


@registry.misc("baogao.SchemaCandidates.v1")
def create_schema_candidates(max_distance: int = 250) -> CandidateGenerator:
    """Pairs whose labels some relation of the schema joins, in one paragraph, at most so far apart.

    max_distance: Tokens between the two spans; it keeps the number of pairs linear in a paragraph's length.
        The farthest gold relation of the training reports spans 180.
    """
    heads = frozenset[str]().union(*(s.heads for s in schema.RELATIONS.values()))

    def generate(doc: Doc, ents: Sequence[Span]) -> list[tuple[int, int]]:
        paragraphs = paragraph_numbers(doc, ents)
        pairs = []
        for h, head in enumerate(ents):
            if head.label_ not in heads:
                continue
            for step in (-1, 1):
                t = h + step
                while 0 <= t < len(ents) and paragraphs[t] == paragraphs[h]:
                    tail = ents[t]
                    if max(head.start - tail.end, tail.start - head.end) > max_distance:
                        break
                    if schema.labels_between(head.label_, tail.label_):
                        pairs.append((h, t))
                    t += step
        return pairs

    return generate


def paragraph_numbers(doc: Doc, ents: Sequence[Span]) -> list[int]:
    """The paragraph each entity begins in, counted by the line breaks before it."""
    spaces = numpy.flatnonzero(doc.to_array([IS_SPACE]))
    breaks = [int(i) for i in spaces if "\n" in doc[int(i)].text]
    return [bisect_left(breaks, ent.start) for ent in ents]
