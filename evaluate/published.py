"""The generated parts of the documentation: what they should say, by the results."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from evaluate.data import BenchmarkError
from evaluate.other_tables import render_external, render_segmentation
from evaluate.provenance import pipeline_digest
from evaluate.study_tables import render_cross_validation, render_learning_curve, summarise_cross_validation
from evaluate.tables import render_card, render_results, render_summary

START, END = "<!-- benchmark:start -->", "<!-- benchmark:end -->"
_GENERATED = re.compile(f"{re.escape(START)}.*?{re.escape(END)}", re.DOTALL)
PUBLISHED_SPLIT = "test"
"""The README and the cards speak of this split alone."""
CROSS_VALIDATION, LEARNING_CURVE = "cross_validation", "learning_curve"
"""Results of training runs, by the names of their files."""


def expected_files(root: Path) -> dict[Path, str]:
    """Every file with generated content, as it should be.

    root (Path): The repository: ``README.md``, ``evaluate/results/*.json`` and ``models/*/``. Systems of the
        results that are not in ``models/`` are not asked for: baselines are not committed.
    RETURNS (dict): Path to content. Raises ``BenchmarkError`` for results or files that are missing, a file
        without its marker lines, and results that were not measured with the pipeline in ``models/``.
    """
    folder = root / "evaluate" / "results"
    all_results = {path: _read_results(path) for path in sorted(folder.glob("*.json"))}
    published = all_results.get(folder / f"{PUBLISHED_SPLIT}.json")
    if published is None:
        raise BenchmarkError(f"{folder / PUBLISHED_SPLIT}.json: missing; run python -m evaluate.benchmark")
    pages = {
        path.with_suffix(".md"): render_page(path.stem, content) for path, content in all_results.items()
    }
    files = {path: page for path, page in pages.items() if page is not None}
    measured = {system["name"]: system["pipeline"] for system in published["systems"]}
    parts = [render_summary(published)]
    if cross_validation := all_results.get(folder / f"{CROSS_VALIDATION}.json"):
        parts.append(summarise_cross_validation(cross_validation["variants"], measured))
    readme = root / "README.md"
    files[readme] = _with_generated(readme, "\n\n".join(filter(None, parts)))
    for meta_path in sorted((root / "models").glob("*/meta.json")):
        directory = meta_path.parent
        meta = json.loads(meta_path.read_text(encoding="utf-8"))
        name = f"{meta['lang']}_{meta['name']}"
        if name not in measured:
            raise BenchmarkError(f"{directory}: {name} is not in the {PUBLISHED_SPLIT} results")
        if measured[name]["sha256"] != pipeline_digest(directory):
            raise BenchmarkError(f"{directory}: the {PUBLISHED_SPLIT} results were measured with other files")
        files[directory / "README.md"] = _with_generated(
            directory / "README.md", render_card(published, name)
        )
    return files


def render_page(name: str, results: dict[str, Any]) -> str | None:
    """The page of a file of results; None for results of a kind that has none."""
    if name == CROSS_VALIDATION:
        return render_cross_validation(results["variants"])
    if name == LEARNING_CURVE:
        return render_learning_curve(results["variants"])
    if "systems" in results:
        return render_results(results)
    if "representable" in results:
        return render_segmentation(results)
    if "data" in results and "results" in results:
        return render_external(results)
    return None


def differences(root: Path) -> list[str]:
    """What is wrong with the generated content, one message for each file; empty if nothing is."""
    messages = []
    for path, content in expected_files(root).items():
        if not path.exists():
            messages.append(f"{path}: missing; run python -m evaluate.report")
        elif path.read_text(encoding="utf-8") != content:
            messages.append(f"{path}: differs from the results; run python -m evaluate.report")
    return messages


def _read_results(path: Path) -> dict[str, Any]:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except json.JSONDecodeError as error:
        raise BenchmarkError(f"{path}: not JSON ({error})") from error


def _with_generated(path: Path, content: str) -> str:
    """The text of a file with new content between its marker lines."""
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise BenchmarkError(f"{path}: {error.strerror}") from error
    if len(_GENERATED.findall(text)) != 1:
        raise BenchmarkError(f"{path}: needs one pair of lines {START} and {END}")
    return _GENERATED.sub(lambda _: f"{START}\n\n{content}\n\n{END}", text)
