"""Run the committed pipelines on the test reports again and compare with the committed scores."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from baogao.formats.annotated import AnnotatedText
from baogao.metrics.items import Entity, Link, items_of
from baogao.metrics.prf import prf_of_sets
from evaluate.data import load_split
from evaluate.published import PUBLISHED_SPLIT
from evaluate.spacy_system import SpacySystem

# Another processor's arithmetic may tip a decision or two of a thousand; another pipeline does more.
TOLERANCE = 0.005


def strict_scores(system: SpacySystem, reports: list[AnnotatedText]) -> dict[str, float]:
    """Strict F1 of the entities, of the relations, and of the relations between gold entities."""
    found: dict[str, tuple[set[Entity | Link], set[Entity | Link]]] = {
        key: (set(), set()) for key in ("entities", "relations", "gold_entity_relations")
    }

    def add(key: str, gold: set, predicted: set) -> None:
        found[key][0].update(gold)
        found[key][1].update(predicted)

    for report in reports:
        prediction = system.predict(report.text)
        given = system.predict_relations(report.text, report.spans)
        gold_entities, gold_links = items_of(report)
        entities, links = items_of(
            AnnotatedText(report.name, report.text, prediction.entities, prediction.relations)
        )
        _, given_links = items_of(AnnotatedText(report.name, report.text, report.spans, given))
        add("entities", gold_entities, entities)
        add("relations", gold_links, links)
        add("gold_entity_relations", gold_links, given_links)
    return {key: prf_of_sets(gold, predicted).f1 for key, (gold, predicted) in found.items()}


def main(root: Annotated[Path, typer.Argument(help="The repository.")] = Path()) -> None:
    """Print each pipeline's scores; exit code 1 if one differs from the results by more than the tolerance."""
    results_path = root / "evaluate" / "results" / f"{PUBLISHED_SPLIT}.json"
    results = json.loads(results_path.read_text(encoding="utf-8"))
    reports = load_split(root / "corpus", root / "annotations" / "gold", PUBLISHED_SPLIT)
    differs = False
    for directory in sorted(path.parent for path in (root / "models").glob("*/meta.json")):
        system = SpacySystem(str(directory))
        committed = next(s for s in results["systems"] if s["name"] == system.name)
        for key, score in strict_scores(system, reports).items():
            scheme = "strict" if key == "entities" else "rel_strict"
            expected = committed[key][scheme]["f1"]
            verdict = "as committed" if abs(score - expected) <= TOLERANCE else "DIFFERS from the results"
            differs |= abs(score - expected) > TOLERANCE
            typer.echo(f"{system.name} {key}: {score:.4f}, committed {expected:.4f}: {verdict}")
    if differs:
        raise typer.Exit(1)


if __name__ == "__main__":
    typer.run(main)
