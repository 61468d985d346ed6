"""Run the committed pipelines on the test reports again and compare with the committed scores."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import spacy
import typer
from spacy.language import Language

from baogao.formats.annotated import AnnotatedText
from baogao.metrics.pipeline import score_pipeline
from evaluate.data import load_split
from evaluate.published import PUBLISHED_SPLIT

# Another processor's arithmetic may tip a decision or two of a thousand; another pipeline does more.
TOLERANCE = 0.005


def strict_scores(nlp: Language, reports: list[AnnotatedText]) -> dict[str, float]:
    """Strict F1 of the entities, of the relations, and of the relations between gold entities."""
    scores = score_pipeline(nlp, reports)
    schemes = (("entities", "strict"), ("relations", "rel_strict"), ("gold_entity_relations", "rel_strict"))
    return {key: scores[key][scheme]["f1"] for key, scheme in schemes}


def main(root: Annotated[Path, typer.Argument(help="The repository.")] = Path()) -> None:
    """Print each pipeline's scores; exit code 1 if one differs from the results by more than the tolerance."""
    results_path = root / "evaluate" / "results" / f"{PUBLISHED_SPLIT}.json"
    if not results_path.is_file():
        raise typer.BadParameter(f"{results_path}: no results to compare with")
    directories = sorted(path.parent for path in (root / "models").glob("*/meta.json"))
    if not directories:
        raise typer.BadParameter(f"{root / 'models'}: holds no pipeline")
    results = json.loads(results_path.read_text(encoding="utf-8"))
    systems = {system["name"]: system for system in results["systems"]}
    reports = load_split(root / "corpus", root / "annotations" / "gold", PUBLISHED_SPLIT)
    differs = False
    for directory in directories:
        nlp = spacy.load(directory)
        name = "_".join((nlp.meta["lang"], nlp.meta["name"]))
        if name not in systems:
            raise typer.BadParameter(f"{results_path}: has no scores of {name}")
        committed = systems[name]
        for key, score in strict_scores(nlp, reports).items():
            scheme = "strict" if key == "entities" else "rel_strict"
            expected = committed[key][scheme]["f1"]
            verdict = "as committed" if abs(score - expected) <= TOLERANCE else "DIFFERS from the results"
            differs |= abs(score - expected) > TOLERANCE
            typer.echo(f"{name} {key}: {score:.4f}, committed {expected:.4f}: {verdict}")
    if differs:
        raise typer.Exit(1)


if __name__ == "__main__":
    typer.run(main)
