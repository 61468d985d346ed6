"""From predictions to scores, as plain JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from baogao.formats.annotated import AnnotatedText, RelationAnnotation, SpanAnnotation
from baogao.ledger.record import Record
from baogao.ledger.report import Report
from baogao.metrics.bootstrap import Paragraphs, bootstrap_intervals, report_of, unit_counts
from baogao.metrics.entities import (
    confusion_matrix,
    score_by_doc,
    score_by_label,
    score_by_surface,
    score_schemes,
)
from baogao.metrics.errors import RELATION_ERRORS, entity_errors, find_entity_errors, find_relation_errors
from baogao.metrics.items import Entity, Link, items_of
from baogao.metrics.prf import PRF, macro, prf_of_sets
from baogao.metrics.relations import (
    recall_ceiling,
    score_relations,
    score_relations_by_distance,
    score_relations_by_label,
)
from evaluate.ledger import ledgers_of, score_ledgers
from evaluate.robustness import TRANSFORMS

Json = dict[str, Any]
NESTING = ("boundary_inside_gold", "boundary_around_gold", "boundary_crossing")
"""How a prediction lies that overlaps one gold span and has other boundaries: these add up to ``boundary``."""


@dataclass(frozen=True)
class Gold:
    """A split's gold, and what scoring it needs to know.

    reports (list[AnnotatedText]): The reports of the split.
    training_surfaces (Collection): (label, text) of every span of the training split.
    seed (int): For the bootstrap.
    known (Mapping): Place, organ and year of reports, for their ledgers.
    rows (Mapping): Report name to the records that a reader wrote down; not every report needs them.
    """

    reports: list[AnnotatedText]
    training_surfaces: Collection[tuple[str, str]]
    seed: int
    known: Mapping[str, Report] = field(default_factory=dict)
    rows: Mapping[str, list[Record]] = field(default_factory=dict)

    @cached_property
    def ledgers(self) -> dict[str, list[Record]]:
        """The ledgers that the gold entities and relations make."""
        return ledgers_of(self.reports, self.known)

    @property
    def rows_of_split(self) -> dict[str, list[Record]]:
        return {report.name: self.rows[report.name] for report in self.reports if report.name in self.rows}


def score_system(measurement: Json, gold: Gold) -> Json:
    """Scores of one measurement of ``evaluate.measure``, and what it says of speed, memory and versions.

    Entities and relations are scored on the labels that the system can predict.
    """
    labels = measurement["entity_labels"]
    relation_labels = measurement["relation_labels"]
    gold_entities, gold_links = _gold_items(gold.reports, labels, relation_labels)
    entities, links = _predicted_items(gold.reports, measurement["predictions"])
    result = {
        key: measurement[key]
        for key in (
            "name",
            "pipeline",
            "packages",
            "entity_labels",
            "relation_labels",
            "speed",
            "peak_memory",
        )
    }
    result["entities"] = _score_entities(gold_entities, entities, labels, gold)
    if relation_labels:
        result["relations"] = _score_relations(gold_links, links, relation_labels, gold)
        result["relations"]["recall_ceiling"] = recall_ceiling(gold_links, entities)
        result["relations"]["errors"] = relation_errors(gold_links, links, gold_entities, entities)
    if "gold_entity_relations" in measurement:
        given, links_of_gold = _predicted_items(gold.reports, measurement["gold_entity_relations"])
        result["gold_entity_relations"] = {
            **_score_relations(gold_links, links_of_gold, relation_labels, gold),
            "errors": relation_errors(gold_links, links_of_gold, gold_entities, given),
        }
    if "QUANTITY_OF" in relation_labels:
        result["ledger"] = _score_ledger(measurement, gold)
    result["robustness"] = {
        name: _score_transformed(name, predictions, gold, labels, relation_labels)
        for name, predictions in measurement["robustness"].items()
    }
    return result


def score_ledger_code(gold: Gold) -> Json | None:
    """The ledgers of the gold entities and relations against what a reader wrote down: what is wrong there is
    the fault of no system. None where the split has no such rows."""
    rows = gold.rows_of_split
    return score_ledgers(rows, gold.ledgers) if rows else None


def score_shared(measurements: list[Json], gold: Gold) -> Json:
    """Strict entity scores on the labels that every system can predict: the one figure that compares them
    all.

    RETURNS (dict): ``labels``, and ``strict``: a score for each system's name.
    """
    labels = sorted(set.intersection(*(set(m["entity_labels"]) for m in measurements)))
    gold_entities, _ = _gold_items(gold.reports, labels, ())
    scores = {}
    for measurement in measurements:
        entities, _ = _predicted_items(gold.reports, measurement["predictions"])
        shared = {entity for entity in entities if entity.label in labels}
        scores[measurement["name"]] = _with_intervals(gold_entities, shared, gold)
    return {"labels": labels, "strict": scores}


def nesting(gold: set[Entity], predicted: set[Entity]) -> dict[str, int]:
    """Count :data:`NESTING` over the ``boundary`` errors. Where the outermost of several spans is annotated, a
    prediction inside it has mostly found one of the inner ones."""
    counts = dict.fromkeys(NESTING, 0)
    for kind, golds, predictions in find_entity_errors(gold, predicted):
        if kind == "boundary":
            g, p = golds[0], predictions[0]
            if g.start <= p.start and p.end <= g.end:
                counts["boundary_inside_gold"] += 1
            elif p.start <= g.start and g.end <= p.end:
                counts["boundary_around_gold"] += 1
            else:
                counts["boundary_crossing"] += 1
    return counts


def relation_errors(
    gold: set[Link], predicted: set[Link], gold_entities: set[Entity], entities: set[Entity]
) -> dict[str, int]:
    """Number of errors of each kind of :data:`baogao.metrics.errors.RELATION_ERRORS`."""
    errors = find_relation_errors(gold, predicted, gold_entities, entities)
    return dict.fromkeys(RELATION_ERRORS, 0) | Counter(error.kind for error in errors)


def _gold_items(
    reports: list[AnnotatedText], labels: Collection[str], relation_labels: Collection[str]
) -> tuple[set[Entity], set[Link]]:
    entities: set[Entity] = set()
    links: set[Link] = set()
    for report in reports:
        report_entities, report_links = items_of(report)
        entities |= {entity for entity in report_entities if entity.label in labels}
        links |= {link for link in report_links if link.label in relation_labels}
    return entities, links


def _predicted_items(reports: list[AnnotatedText], predictions: list[Json]) -> tuple[set[Entity], set[Link]]:
    entities: set[Entity] = set()
    links: set[Link] = set()
    for report, prediction in zip(reports, predictions, strict=True):
        entities |= {Entity(report.name, *span) for span in prediction["entities"]}
        links |= {
            Link(label, Entity(report.name, *head), Entity(report.name, *tail))
            for label, head, tail in prediction["relations"]
        }
    return entities, links


def _score_entities(gold_entities: set[Entity], entities: set[Entity], labels: list[str], gold: Gold) -> Json:
    texts = {report.name: report.text for report in gold.reports}
    schemes = score_schemes(gold_entities, entities)
    by_label = score_by_label(gold_entities, entities, labels)
    surfaces = score_by_surface(gold_entities, entities, texts, gold.training_surfaces)
    return {
        **_to_dicts(schemes),
        "strict": _with_intervals(gold_entities, entities, gold),
        "macro": macro(scores["strict"] for scores in by_label.values()),
        "by_label": {
            label: {
                **_to_dicts(scores),
                "strict": _with_intervals(_of_label(gold_entities, label), _of_label(entities, label), gold),
            }
            for label, scores in by_label.items()
        },
        "by_report": _to_dicts(score_by_doc(gold_entities, entities)),
        "by_surface": _to_dicts(surfaces),
        "confusion": confusion_matrix(gold_entities, entities),
        "errors": entity_errors(gold_entities, entities) | nesting(gold_entities, entities),
    }


def _score_relations(gold_links: set[Link], links: set[Link], labels: list[str], gold: Gold) -> Json:
    by_label = score_relations_by_label(gold_links, links, labels)
    return {
        **_to_dicts(score_relations(gold_links, links)),
        "rel_strict": _with_intervals(gold_links, links, gold),
        "macro": macro(scores["rel_strict"] for scores in by_label.values()),
        "by_label": {label: _to_dicts(scores) for label, scores in by_label.items()},
        "by_distance": _to_dicts(score_relations_by_distance(gold_links, links)),
    }


def _score_ledger(measurement: Json, gold: Gold) -> Json:
    """Ledgers from text alone and from gold entities, against those of the gold annotations; the former
    against the rows that a reader wrote down, too."""
    ledgers = ledgers_of(_annotated(gold.reports, measurement["predictions"]), gold.known)
    scores = {"end_to_end": score_ledgers(gold.ledgers, ledgers)}
    if "gold_entity_relations" in measurement:
        given_entities = _annotated(gold.reports, measurement["gold_entity_relations"])
        scores["gold_entities"] = score_ledgers(gold.ledgers, ledgers_of(given_entities, gold.known))
    if gold.rows_of_split:
        scores["read_rows"] = score_ledgers(gold.rows_of_split, ledgers)
    return scores


def _annotated(reports: list[AnnotatedText], predictions: list[Json]) -> list[AnnotatedText]:
    return [
        AnnotatedText(
            report.name,
            report.text,
            [SpanAnnotation(*span) for span in prediction["entities"]],
            [
                RelationAnnotation(label, SpanAnnotation(*head), SpanAnnotation(*tail))
                for label, head, tail in prediction["relations"]
            ],
        )
        for report, prediction in zip(reports, predictions, strict=True)
    ]


def _score_transformed(
    name: str, predictions: list[Json], gold: Gold, labels: list[str], relation_labels: list[str]
) -> Json:
    transformed = [TRANSFORMS[name](report) for report in gold.reports]
    gold_entities, gold_links = _gold_items(transformed, labels, relation_labels)
    entities, links = _predicted_items(transformed, predictions)
    result = {
        "entities": prf_of_sets(gold_entities, entities).to_dict(),
        "dropped_spans": sum(len(r.spans) for r in gold.reports) - sum(len(r.spans) for r in transformed),
    }
    if relation_labels:
        result["relations"] = prf_of_sets(gold_links, links).to_dict()
    return result


def _with_intervals(gold_items: set, items: set, gold: Gold) -> Json:
    """Strict score with 95% bootstrap intervals over reports and over paragraphs."""
    paragraphs = Paragraphs({report.name: report.text for report in gold.reports})
    units: dict[str, tuple[Any, Iterable[Any]]] = {
        "reports": (report_of, [report.name for report in gold.reports]),
        "paragraphs": (paragraphs.unit_of, paragraphs.units),
    }
    return {
        **prf_of_sets(gold_items, items).to_dict(),
        "intervals": {
            name: bootstrap_intervals(unit_counts(gold_items, items, unit_of, all_units), gold.seed)
            for name, (unit_of, all_units) in units.items()
        },
    }


def _of_label(entities: set[Entity], label: str) -> set[Entity]:
    return {entity for entity in entities if entity.label == label}


def _to_dicts(scores: dict[str, PRF]) -> Json:
    return {name: score.to_dict() for name, score in scores.items()}
