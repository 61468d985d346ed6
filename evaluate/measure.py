"""Run one system on one split: predictions, speed and memory.

A step of ``evaluate.benchmark``, which starts it once for each system, so that nobody's memory is counted as
another's.
"""

from __future__ import annotations

import json
import resource
import statistics
import sys
import time
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Any, cast

import typer

from baogao.formats.annotated import AnnotatedText
from baogao.formats.files import write_text
from evaluate.baselines import BASELINES
from evaluate.data import load_split
from evaluate.robustness import TRANSFORMS
from evaluate.systems import Prediction, RelationSystem, System


def measure(make_system: Callable[[], System], reports: list[AnnotatedText], runs: int) -> dict[str, Any]:
    """Predict all reports, as they are and transformed, and time the former.

    runs (int): How often the reports are timed, after one run that warms up caches and gives the predictions.
    RETURNS (dict): JSON. ``predictions`` and each entry of ``robustness`` hold one prediction for each
        report; speed is in characters per second, memory in MiB.
    """
    system = make_system()
    predictions = [system.predict(report.text) for report in reports]
    characters = sum(len(report.text) for report in reports)
    speeds = []
    for _ in range(runs):
        start = time.perf_counter()
        for report in reports:
            system.predict(report.text)
        speeds.append(characters / (time.perf_counter() - start))
    # Read before the transforms, which load dictionaries of their own.
    memory = peak_memory()
    result = {
        "name": system.name,
        "entity_labels": sorted(system.entity_labels),
        "relation_labels": sorted(system.relation_labels),
        "packages": {name: version(name) for name in system.packages},
        "pipeline": getattr(system, "provenance", None),
        "speed": {"median": statistics.median(speeds), "runs": speeds, "characters": characters},
        "peak_memory": memory,
        "predictions": [_to_json(prediction) for prediction in predictions],
        "robustness": {
            name: [_to_json(system.predict(transform(report).text)) for report in reports]
            for name, transform in TRANSFORMS.items()
        },
    }
    if system.relation_labels:
        relation_system = cast(RelationSystem, system)
        result["gold_entity_relations"] = [
            _to_json(Prediction(report.spans, relation_system.predict_relations(report.text, report.spans)))
            for report in reports
        ]
    return result


def peak_memory() -> float:
    """Largest resident set of this process so far, in MiB.

    On Linux the kernel's own mark: ``ru_maxrss`` of a process begins with that of the one that started it.
    """
    try:
        status = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
        return next(int(line.split()[1]) for line in status if line.startswith("VmHWM:")) / 1024
    except (OSError, StopIteration):
        pass
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1024**2 if sys.platform == "darwin" else 1024)  # bytes on macOS, KiB elsewhere


def _to_json(prediction: Prediction) -> dict[str, Any]:
    return {"entities": prediction.entities, "relations": prediction.relations}


app = typer.Typer(pretty_exceptions_enable=False)  # the last line of the traceback is the message


@app.command()
def main(
    system: Annotated[
        str, typer.Argument(help="Name of a baseline, or a spaCy pipeline: [TITLE=]NAME_OR_PATH.")
    ],
    out: Annotated[Path, typer.Option(help="Where the JSON goes.")],
    split: Annotated[str, typer.Option(help="The reports to run on.")] = "test",
    corpus: Annotated[Path, typer.Option(help="Holds reports.csv and texts/.")] = Path("corpus"),
    annotations: Annotated[Path, typer.Option(help="Holds the gold .ann files.")] = Path("annotations/gold"),
    runs: Annotated[int, typer.Option(min=1, help="Timed runs.")] = 21,
) -> None:
    """Measure one system."""

    def make_pipeline() -> System:
        from evaluate.spacy_system import SpacySystem

        title, _, pipeline = system.rpartition("=")
        return SpacySystem(pipeline, title or None)

    result = measure(BASELINES.get(system, make_pipeline), load_split(corpus, annotations, split), runs)
    write_text(out, json.dumps(result, ensure_ascii=False))


if __name__ == "__main__":
    app()
