"""Rewrite a text and carry its spans and relations along exactly."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from itertools import accumulate, pairwise
from typing import NamedTuple

from baogao.formats.annotated import AnnotatedText, RelationAnnotation, SpanAnnotation


class Edit(NamedTuple):
    """Replace ``text[start:end]`` by ``replacement``; ``start == end`` inserts."""

    start: int
    end: int
    replacement: str


def rewrite(annotated: AnnotatedText, edits: Iterable[Edit]) -> AnnotatedText:
    """Apply edits to a text.

    An insertion at the edge of a span stays outside it. Raises ``ValueError`` if edits overlap, if two insert
    at one place, or if a span begins or ends inside an edit whose length changes: no exact offset exists for
    it then.
    """
    ordered = sorted(edits)
    for before, after in pairwise(ordered):
        if after.start < before.end or after[:2] == before[:2]:
            raise ValueError(f"{annotated.name}: edits overlap at {after.start}")
    offsets = _OffsetMap(ordered)
    pieces, position = [], 0
    for start, end, replacement in ordered:
        pieces += [annotated.text[position:start], replacement]
        position = end
    pieces.append(annotated.text[position:])

    moved = {
        span: SpanAnnotation(offsets.start(span.start), offsets.end(span.end), span.label)
        for span in annotated.spans
    }
    return AnnotatedText(
        annotated.name,
        "".join(pieces),
        list(moved.values()),
        [RelationAnnotation(r.label, moved[r.head], moved[r.tail]) for r in annotated.relations],
    )


class _OffsetMap:
    """Old offsets to new ones, by binary search over the edits."""

    def __init__(self, edits: list[Edit]) -> None:
        self._edits = edits
        self._ends = [edit.end for edit in edits]
        self._shifts = [0, *accumulate(len(e.replacement) - (e.end - e.start) for e in edits)]

    def start(self, offset: int) -> int:
        """New offset of a span's start: after whatever is inserted there."""
        i = bisect_left(self._ends, offset)
        while i < len(self._edits) and self._edits[i].end == offset:
            i += 1
        return self._map(offset, i)

    def end(self, offset: int) -> int:
        """New offset of a span's end: before whatever is inserted there."""
        i = bisect_left(self._ends, offset)
        while i < len(self._edits) and self._edits[i].start < self._edits[i].end == offset:
            i += 1
        return self._map(offset, i)

    def _map(self, offset: int, n_before: int) -> int:
        """``n_before`` edits lie wholly before the offset."""
        if n_before < len(self._edits):
            start, end, replacement = self._edits[n_before]
            if start < offset < end and len(replacement) != end - start:
                raise ValueError(f"offset {offset} lies inside an edit of changing length ({start}–{end})")
        return offset + self._shifts[n_before]
