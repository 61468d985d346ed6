"""The annotation schema: the one place that knows the labels and which spans a relation may join.

What each label means is said in ``annotations/GUIDELINES.md``.
"""

from __future__ import annotations

from typing import NamedTuple

ENTITY_LABELS: tuple[str, ...] = (
    "BODY",
    "COUNT",
    "ITEM",
    "DATE",
    "SLOGAN",
    "PROGRAM",
    "MEETING",
    "DOCUMENT",
    "PERSON",
    "PLACE",
)


class Signature(NamedTuple):
    """Entity labels that the two arguments of a relation may have."""

    heads: frozenset[str]
    tails: frozenset[str]

    def admits(self, head: str, tail: str) -> bool:
        return head in self.heads and tail in self.tails


RELATIONS: dict[str, Signature] = {
    "QUANTITY_OF": Signature(frozenset({"COUNT"}), frozenset({"ITEM", "DOCUMENT"})),
    "AGENT": Signature(frozenset({"ITEM", "PROGRAM", "MEETING"}), frozenset({"BODY"})),
    "TIME": Signature(frozenset({"ITEM", "PROGRAM", "MEETING", "DOCUMENT"}), frozenset({"DATE"})),
    "ISSUED_BY": Signature(frozenset({"DOCUMENT"}), frozenset({"BODY"})),
    "SUBSET_OF": Signature(frozenset({"COUNT"}), frozenset({"COUNT"})),
}

RELATION_LABELS: tuple[str, ...] = tuple(RELATIONS)


def labels_between(head: str, tail: str) -> tuple[str, ...]:
    """Relation labels that the schema allows from a ``head`` entity to a ``tail`` entity."""
    return tuple(label for label, signature in RELATIONS.items() if signature.admits(head, tail))
