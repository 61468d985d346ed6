"""Runs with and without pretrained weights, summarised, written and printed: the form that the result pages read."""

from __future__ import annotations

import json
import statistics
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from baogao.atomic import write_bytes
from evaluate.provenance import environment

RESULTS = Path("evaluate/results")
PACKAGES = ("baogao", "spacy", "thinc", "numpy")


def summarise(runs: Sequence[Mapping[str, float]]) -> dict[str, Any]:
    """Mean and standard deviation (None for a single run) of the runs' test score ``f``."""
    scores = [run["f"] for run in runs]
    spread = statistics.stdev(scores) if len(scores) > 1 else None
    return {"runs": list(runs), "f_mean": statistics.mean(scores), "f_sd": spread}


def write_results(
    path: Path, data: str, results: Mapping[str, Mapping[str, Any]], console: Console, **more: Any
) -> None:
    """Write the variants' summaries with the environment as JSON, and print them as a table.

    data: What was scored, as the page's title. more: Further entries of the file.
    """
    packages = {name: version(name) for name in PACKAGES}
    record = {"data": data, "results": results, **more, "environment": environment() | {"packages": packages}}
    write_bytes(path, json.dumps(record, ensure_ascii=False, indent=2).encode() + b"\n")
    table = Table("", "F1", "sd", "runs", title=data)
    for variant, result in results.items():
        spread = "" if result["f_sd"] is None else f"{100 * result['f_sd']:.2f}"
        table.add_row(variant, f"{100 * result['f_mean']:.2f}", spread, str(len(result["runs"])))
    console.print(table)
