"""Plots of the results."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

from matplotlib.figure import Figure

from baogao.atomic import write_bytes
from evaluate.counts import FIGURES
from evaluate.pooled import pool
from evaluate.study_tables import points

Json = dict[str, Any]


def write_plots(results: Json, folder: Path) -> None:
    """Write ``SPLIT-f1.png`` and ``SPLIT-speed.png``."""
    split = results["split"]
    _save(plot_f1_by_label(results), folder / f"{split}-f1.png")
    _save(plot_speed(results), folder / f"{split}-speed.png")


def plot_f1_by_label(results: Json) -> Figure:
    """Strict F1 for each label and system, with 95% intervals over paragraphs."""
    systems = results["systems"]
    labels = sorted({label for system in systems for label in system["entity_labels"]})
    figure = Figure(figsize=(11, 4.5), layout="constrained")
    axes = figure.subplots()
    width = 0.8 / len(systems)
    for i, system in enumerate(systems):
        scores = {label: system["entities"]["by_label"][label]["strict"] for label in system["entity_labels"]}
        f1 = [scores[label]["f1"] for label in scores]
        intervals = [scores[label]["intervals"]["paragraphs"]["f1"] for label in scores]
        positions = [labels.index(label) + (i - (len(systems) - 1) / 2) * width for label in scores]
        axes.bar(positions, f1, width, yerr=_error_bars(f1, intervals), capsize=2, label=system["name"])
    axes.set_xticks(range(len(labels)), labels)
    axes.set_ylim(0, 1.05)
    axes.set_ylabel("strict F1")
    axes.set_title(f"Entities by label, {results['split']} reports (95% intervals over paragraphs)")
    figure.legend(loc="outside right upper")
    return figure


def plot_speed(results: Json) -> Figure:
    """Speed against strict entity F1 on the labels that all systems share."""
    shared = results["shared"]
    figure = Figure(figsize=(6.5, 4.5), layout="constrained")
    axes = figure.subplots()
    for system in results["systems"]:
        x, y = system["speed"]["median"], shared["strict"][system["name"]]["f1"]
        axes.scatter(x, y)
        axes.annotate(system["name"], (x, y), textcoords="offset points", xytext=(6, 6))
    axes.set_xscale("log")
    axes.margins(x=0.25)
    axes.set_ylim(0, 1.05)
    axes.set_xlabel("characters per second")
    axes.set_ylabel(f"strict F1 on {', '.join(shared['labels'])}")
    axes.set_title(f"Speed and accuracy, {results['split']} reports")
    return figure


def write_learning_curve(variants: Json, path: Path) -> None:
    """Strict F1 on the dev reports against the length of the training text, with 95% intervals over paragraphs."""
    figure = Figure(figsize=(9, 4), layout="constrained")
    panels = figure.subplots(1, len(FIGURES), sharex=True, sharey=True)
    for axes, (key, title) in zip(panels, FIGURES.items(), strict=True):
        for number, (name, variant) in enumerate(variants.items()):
            scores = [
                (sum(run["training_characters"] for run in runs) / len(runs), pool(runs, key))
                for runs in points(variant).values()
            ]
            x = [characters for characters, score in scores if score]
            f1 = [score.total.f1 for _, score in scores if score]
            intervals = [score.over_paragraphs for _, score in scores if score]
            if x:
                axes.errorbar(
                    x,
                    f1,
                    yerr=_error_bars(f1, intervals),
                    capsize=3,
                    marker="o",
                    color=f"C{number}",  # a variant's is the same in each panel, also where it is left out
                    label=name,
                )
        axes.set_title(title)
    panels[0].set_xscale("log")
    panels[0].set_ylim(top=1)
    panels[0].set_ylabel("strict F1, dev reports")
    panels[len(panels) // 2].set_xlabel("characters of annotated training text in the run")
    handles, labels = panels[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=4)
    _save(figure, path)


def _error_bars(
    values: Sequence[float], intervals: Sequence[tuple[float, float]]
) -> tuple[list[float], list[float]]:
    """Lengths below and above. A percentile interval need not hold the point estimate, but matplotlib wants them to
    be 0 or more."""
    below = [max(0.0, value - low) for value, (low, _) in zip(values, intervals, strict=True)]
    above = [max(0.0, high - value) for value, (_, high) in zip(values, intervals, strict=True)]
    return below, above


def _save(figure: Figure, path: Path) -> None:
    """Write a PNG whole or not at all; without metadata, so that equal plots are equal files."""
    image = BytesIO()
    figure.savefig(image, format="png", dpi=120, metadata={"Software": None})
    write_bytes(path, image.getvalue())
