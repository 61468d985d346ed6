"""``doc._.relations``: relations on a spaCy ``Doc`` that survive every way a ``Doc`` is stored.

They are kept as plain lists in ``doc.user_data``, so ``Doc.to_bytes`` and ``DocBin(store_user_data=True)``
carry them. A :class:`Relation` is a ``dict`` of plain values, so ``doc.to_json(underscore=["relations"])``
carries them too (a value that holds a ``Span`` would raise spaCy's E107) and ``Doc.from_json`` reads them back.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from spacy.tokens import Doc, Span

USER_DATA_KEY = "baogao.relations"


class Relation(dict):
    """A directed, labelled link between two entities of a ``Doc``.

    As a mapping it is plain JSON: ``{"label": str, "head": {"start": int, "end": int, "label": str},
    "tail": {...}, "score": float}``, offsets in tokens (end exclusive).

    label (str): The relation's label.
    head (Span): Where the relation starts, with its entity label.
    tail (Span): Where the relation ends, with its entity label.
    score (float): The model's probability; 1.0 for gold.
    """

    def __init__(self, label: str, head: Span, tail: Span, score: float = 1.0) -> None:
        super().__init__(label=label, head=_span_to_json(head), tail=_span_to_json(tail), score=float(score))
        self._doc = head.doc

    @property
    def label(self) -> str:
        return self["label"]

    @property
    def head(self) -> Span:
        return _span_from_json(self._doc, self["head"])

    @property
    def tail(self) -> Span:
        return _span_from_json(self._doc, self["tail"])

    @property
    def score(self) -> float:
        return self["score"]

    @property
    def key(self) -> tuple[str, tuple[int, int, str], tuple[int, int, str]]:
        """What makes two relations the same: label, and both full spans with their labels."""
        head, tail = self["head"], self["tail"]
        return (
            self["label"],
            (head["start"], head["end"], head["label"]),
            (tail["start"], tail["end"], tail["label"]),
        )

    def __repr__(self) -> str:
        return f"Relation({self.label}: {self.head.text!r} > {self.tail.text!r}, {self.score:.2f})"


def _span_to_json(span: Span) -> dict[str, Any]:
    return {"start": span.start, "end": span.end, "label": span.label_}


def _span_from_json(doc: Doc, data: Mapping[str, Any]) -> Span:
    return Span(doc, data["start"], data["end"], label=data["label"])


def get_relations(doc: Doc) -> tuple[Relation, ...]:
    """Relations of a ``Doc``, in the order they were set."""
    return tuple(
        Relation(label, Span(doc, *head[:2], label=head[2]), Span(doc, *tail[:2], label=tail[2]), score)
        for label, head, tail, score in doc.user_data.get(USER_DATA_KEY, ())
    )


def set_relations(doc: Doc, relations: Iterable[Mapping[str, Any]]) -> None:
    """Set the relations of a ``Doc``, from ``Relation`` objects or the same in JSON."""
    doc.user_data[USER_DATA_KEY] = [
        [
            r["label"],
            *([r[end]["start"], r[end]["end"], r[end]["label"]] for end in ("head", "tail")),
            r["score"],
        ]
        for r in relations
    ]


Doc.set_extension("relations", getter=get_relations, setter=set_relations, force=True)
