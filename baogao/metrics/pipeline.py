"""A spaCy pipeline on gold reports: what it predicts, and its scores."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from spacy.language import Language

from baogao.formats.annotated import AnnotatedText
from baogao.formats.spacy_doc import from_doc, to_doc
from baogao.metrics.entities import score_by_label, score_schemes
from baogao.metrics.items import Entity, Link, items_of
from baogao.metrics.prf import PRF
from baogao.metrics.relations import recall_ceiling, score_relations, score_relations_by_label


def pipes_that_assign(nlp: Language, attribute: str) -> list[str]:
    """Names of the components that say they set an attribute, such as ``doc.ents``."""
    return [name for name in nlp.pipe_names if attribute in nlp.get_pipe_meta(name).assigns]


def predict(nlp: Language, text: str, name: str = "") -> AnnotatedText:
    """The entities and relations of a pipeline in a text."""
    return from_doc(nlp(text), name)


def predict_relations(nlp: Language, gold: AnnotatedText) -> AnnotatedText:
    """Run every component but those that set ``doc.ents`` on a ``Doc`` that has the gold entities.

    RETURNS (AnnotatedText): The given entities and the predicted relations. Raises ``AnnotationError`` for an
        entity that the pipeline's tokens cannot represent.
    """
    doc = to_doc(nlp, AnnotatedText(gold.name, gold.text, gold.spans))
    skipped = pipes_that_assign(nlp, "doc.ents")
    for name, component in nlp.pipeline:
        if name not in skipped:
            doc = component(doc)
    return from_doc(doc, gold.name)


def score_pipeline(nlp: Language, reports: Iterable[AnnotatedText]) -> dict[str, Any]:
    """Scores on all labels that the gold or the pipeline has, as JSON; keys as in the benchmark's results.

    reports (Iterable[AnnotatedText]): The gold.
    RETURNS (dict): ``reports``: their names. ``entities``: the four schemes, and ``by_label``. Of a pipeline
        that sets ``doc._.relations``, ``relations``: end to end, ``rel`` and ``rel_strict``,
        ``recall_ceiling`` and ``by_label``; ``gold_entity_relations``: the same between gold entities.
        Raises ``AnnotationError`` for a gold entity that the pipeline's tokens cannot represent.
    """
    has_relations = bool(pipes_that_assign(nlp, "doc._.relations"))
    names: list[str] = []
    gold_entities: set[Entity] = set()
    gold_links: set[Link] = set()
    entities: set[Entity] = set()
    links: set[Link] = set()
    links_of_gold: set[Link] = set()
    for report in reports:
        names.append(report.name)
        report_entities, report_links = items_of(report)
        predicted_entities, predicted_links = items_of(predict(nlp, report.text, report.name))
        gold_entities |= report_entities
        gold_links |= report_links
        entities |= predicted_entities
        links |= predicted_links
        if has_relations:
            links_of_gold |= items_of(predict_relations(nlp, report))[1]
    scores: dict[str, Any] = {"reports": names, "entities": _score_entities(gold_entities, entities)}
    if has_relations:
        ceiling = recall_ceiling(gold_links, entities)
        scores["relations"] = {**_score_links(gold_links, links), "recall_ceiling": ceiling}
        scores["gold_entity_relations"] = _score_links(gold_links, links_of_gold)
    return scores


def _score_entities(gold: set[Entity], predicted: set[Entity]) -> dict[str, Any]:
    by_label = score_by_label(gold, predicted)
    return {
        **_to_dicts(score_schemes(gold, predicted)),
        "by_label": {label: _to_dicts(scores) for label, scores in by_label.items()},
    }


def _score_links(gold: set[Link], predicted: set[Link]) -> dict[str, Any]:
    by_label = score_relations_by_label(gold, predicted)
    return {
        **_to_dicts(score_relations(gold, predicted)),
        "by_label": {label: _to_dicts(scores) for label, scores in by_label.items()},
    }


def _to_dicts(scores: Mapping[str, PRF]) -> dict[str, dict[str, float]]:
    return {name: score.to_dict() for name, score in scores.items()}
