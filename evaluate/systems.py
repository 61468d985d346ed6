"""What the benchmark runs: anything that predicts entities and relations from a text.

Nothing here imports spaCy: the memory of a baseline is measured in a process that has not loaded it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from baogao.formats.annotated import RelationAnnotation, SpanAnnotation


@dataclass(frozen=True)
class Prediction:
    """Entities and relations of one text; offsets in code points."""

    entities: list[SpanAnnotation] = field(default_factory=list)
    relations: list[RelationAnnotation] = field(default_factory=list)


class System(Protocol):
    """Predicts entities, and perhaps relations.

    name (str): Heading in the tables.
    packages (tuple[str, ...]): Distributions whose versions the results record.
    entity_labels (frozenset[str]): The labels it can predict. It is scored on these alone.
    relation_labels (frozenset[str]): The same for relations; empty if it predicts none.
    """

    name: str
    packages: tuple[str, ...]
    entity_labels: frozenset[str]
    relation_labels: frozenset[str]

    def predict(self, text: str) -> Prediction:
        """Predict from a whole report, one paragraph per line."""
        ...


class RelationSystem(System, Protocol):
    """A system with relation labels: its relations can be had for given entities, too."""

    def predict_relations(self, text: str, entities: list[SpanAnnotation]) -> list[RelationAnnotation]:
        """Predict the relations between the given entities of a text."""
        ...
