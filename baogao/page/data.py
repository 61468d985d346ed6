"""What the page knows about a report, as plain JSON. All offsets count code points of the text."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from spacy.tokens import Doc

from ..ledger.extension import get_ledger
from ..normalise.slogans import resolve_slogan
from ..relations import get_relations


def page_data(doc: Doc) -> dict[str, Any]:
    """The text, entities, relations, ledger records and slogans of a ``Doc``.

    ``relations`` point to ``entities`` by position; ``slogans`` gathers the mentions of each formula.
    Raises ``ValueError`` when a relation joins spans that are not entities of the ``Doc``.
    """
    return {
        "text": doc.text,
        "entities": [{"start": ent.start_char, "end": ent.end_char, "label": ent.label_} for ent in doc.ents],
        "relations": _relations(doc),
        "records": [record.model_dump(mode="json") for record in get_ledger(doc)],
        "slogans": _slogans(doc),
    }


def _relations(doc: Doc) -> list[dict[str, Any]]:
    positions = {(ent.start, ent.end, ent.label_): i for i, ent in enumerate(doc.ents)}
    relations = []
    for relation in get_relations(doc):
        label, head, tail = relation.key
        if head not in positions or tail not in positions:
            raise ValueError(f"{relation!r} joins spans that are not both entities of the document")
        relations.append(
            {"label": label, "head": positions[head], "tail": positions[tail], "score": relation.score}
        )
    return relations


def _slogans(doc: Doc) -> list[dict[str, Any]]:
    """Formulas under their usual wording, the most frequent first."""
    mentions: dict[str, list[int]] = defaultdict(list)
    for i, ent in enumerate(doc.ents):
        if ent.label_ == "SLOGAN":
            mentions[resolve_slogan(ent.text).canonical].append(i)
    ranked = sorted(mentions.items(), key=lambda entry: -len(entry[1]))
    return [{"name": name, "mentions": indices} for name, indices in ranked]
