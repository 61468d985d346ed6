"""Scores of ``doc._.relations``: strict precision, recall and F1 over full spans with labels."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from spacy.scorer import PRFScore
from spacy.training import Example
from spacy.util import registry

from ..relations import get_relations


def score_relations(examples: Iterable[Example], *, key: str = "relations", **cfg: Any) -> dict[str, Any]:
    """Micro-averaged strict scores: label, both spans' boundaries and both entity labels must agree.

    Every gold relation counts in recall, whether or not its entities were found. Examples must be tokenized
    alike on both sides. Scores are named as spaCy names those of span groups (``spans_{key}_f`` …), so
    ``spacy evaluate --spans-key relations`` prints them.

    key: Middle part of the names.
    RETURNS: ``spans_{key}_p``, ``_r``, ``_f`` and ``_per_type``; None where there is neither gold nor prediction.
    """
    total, per_type = PRFScore(), {}
    for eg in examples:
        gold = {r.key for r in get_relations(eg.reference)}
        predicted = {r.key for r in get_relations(eg.predicted)}
        for label in {label for label, _, _ in gold | predicted}:
            score = per_type.setdefault(label, PRFScore())
            score.score_set({k for k in predicted if k[0] == label}, {k for k in gold if k[0] == label})
        total.score_set(predicted, gold)
    empty = not per_type
    return {
        f"spans_{key}_p": None if empty else total.precision,
        f"spans_{key}_r": None if empty else total.recall,
        f"spans_{key}_f": None if empty else total.fscore,
        f"spans_{key}_per_type": None if empty else {k: per_type[k].to_dict() for k in sorted(per_type)},
    }


@registry.scorers("baogao.relation_scorer.v1")
def make_relation_scorer() -> Callable[..., dict[str, Any]]:
    return score_relations
