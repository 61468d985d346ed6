"""Run every system on the gold reports of a split, score it, and write tables and plots."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from baogao.cli.inputs import read_reports
from baogao.formats.annotated import AnnotationError
from baogao.formats.files import write_text
from baogao.reading import ReadingError
from evaluate.baselines import BASELINES
from evaluate.data import BenchmarkError, load_split, surfaces_of
from evaluate.ledger import read_rows
from evaluate.normalisation import score_normalisers
from evaluate.plots import write_plots
from evaluate.provenance import environment
from evaluate.scoring import Gold, score_ledger_code, score_shared, score_system
from evaluate.tables import render_results

console = Console(stderr=True)


def measure_in_subprocess(
    system: str, split: str, corpus: Path, annotations: Path, runs: int
) -> dict[str, Any]:
    """``evaluate.measure`` in a process of its own. Raises ``BenchmarkError`` if it fails."""
    with tempfile.TemporaryDirectory() as directory:
        out = Path(directory) / "measurement.json"
        options = {
            "--out": out,
            "--split": split,
            "--corpus": corpus,
            "--annotations": annotations,
            "--runs": runs,
        }
        arguments = [str(part) for option in options.items() for part in option]
        command = [sys.executable, "-m", "evaluate.measure", system, *arguments]
        environ = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
        result = subprocess.run(command, stderr=subprocess.PIPE, text=True, env=environ)
        if result.returncode:
            lines = result.stderr.strip().splitlines() or [f"exit code {result.returncode}"]
            raise BenchmarkError(f"{system}: {lines[-1]}")
        return json.loads(out.read_text(encoding="utf-8"))


def main(
    pipeline: Annotated[
        list[str] | None,
        typer.Option(
            help="A spaCy pipeline: installed package or directory, or TITLE=that, with a title of its own in the "
            "tables. Repeatable."
        ),
    ] = None,
    baseline: Annotated[
        list[str] | None, typer.Option(help="A baseline; all of them by default. Repeatable.")
    ] = None,
    split: Annotated[str, typer.Option(help="The reports to run on: test or dev.")] = "test",
    corpus: Annotated[Path, typer.Option(help="Holds reports.csv and texts/.")] = Path("corpus"),
    annotations: Annotated[Path, typer.Option(help="Holds the gold .ann files.")] = Path("annotations/gold"),
    ledger_rows: Annotated[Path, typer.Option(help="Ledger rows that a reader wrote down.")] = Path(
        "annotations/ledger/rows.csv"
    ),
    normalisation: Annotated[Path, typer.Option(help="Holds counts.csv, dates.csv and bodies.csv.")] = Path(
        "annotations/normalisation"
    ),
    out: Annotated[Path, typer.Option(help="Folder of the results.")] = Path("evaluate/results"),
    runs: Annotated[int, typer.Option(min=1, help="Timed runs; the median counts.")] = 21,
    seed: Annotated[int, typer.Option(help="Seed of the bootstrap.")] = 0,
) -> None:
    """Write SPLIT.json, SPLIT.md and the plots of SPLIT into the folder of the results."""
    baselines = list(BASELINES) if baseline is None else baseline
    if unknown := set(baselines) - BASELINES.keys():
        raise typer.BadParameter(
            f"no baseline {', '.join(sorted(unknown))}; there are {', '.join(BASELINES)}"
        )
    try:
        reports = load_split(corpus, annotations, split)
        training = load_split(corpus, annotations, "train")
        gold = Gold(
            reports,
            surfaces_of(training),
            seed,
            known=read_reports(corpus / "reports.csv"),
            rows=read_rows(ledger_rows),
        )
        normalisers = score_normalisers(
            normalisation, corpus / "reports.csv", {report.name for report in reports}
        )
    except (AnnotationError, BenchmarkError, ReadingError) as error:
        console.print(str(error), style="red", highlight=False, markup=False)
        raise typer.Exit(1) from error

    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise typer.BadParameter(f"{out}: {error.strerror}") from error
    measurements, failed = [], False
    for system in [*(pipeline or ()), *baselines]:
        console.print(f"measuring {system} …", highlight=False)
        try:
            measurement = measure_in_subprocess(system, split, corpus, annotations, runs)
            if measurement["name"] in {other["name"] for other in measurements}:
                raise BenchmarkError(f"{system}: another system is already called {measurement['name']}")
            measurements.append(measurement)
        except BenchmarkError as error:
            failed = True
            console.print(str(error), style="red", highlight=False, markup=False)
    if measurements:
        results = {
            "split": split,
            "seed": seed,
            "environment": environment(),
            "reports": {report.name: len(report.text) for report in reports},
            "systems": [score_system(measurement, gold) for measurement in measurements],
            "shared": score_shared(measurements, gold),
            "ledger_code": score_ledger_code(gold),
            "normalisation": normalisers,
        }
        write_text(out / f"{split}.json", json.dumps(results, ensure_ascii=False, indent=1) + "\n")
        write_text(out / f"{split}.md", render_results(results))
        write_plots(results, out)
        console.print(f"wrote {out / split}.json, .md and plots", highlight=False)
    if failed:
        raise typer.Exit(1)


if __name__ == "__main__":
    typer.run(main)
