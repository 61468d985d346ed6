"""Results of training runs as Markdown."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

from evaluate.counts import FIGURES
from evaluate.markdown import MISSING, percent, percent_range, table
from evaluate.pooled import Pooled, difference, pool

Json = dict[str, Any]


def render_cross_validation(variants: Json) -> str:
    """The whole page. The first variant is what the others are compared with."""
    pooled = {
        name: {figure: pool(list(variant["runs"].values()), figure) for figure in FIGURES}
        for name, variant in variants.items()
    }
    with_relations = [name for name in pooled if pooled[name]["relations"]]
    sections = [
        "# Cross-validation on the train and dev reports",
        "Written by `python -m evaluate.cross_validate`; do not edit. Every report is scored by pipelines that "
        "have not seen it, nor any report of its place, and no checkpoint is chosen by it; the settings of a config "
        "were chosen on the dev reports, though. What each figure means is said in "
        "[the benchmark's README](../README.md).",
        _settings(variants),
        "## Overview",
        _overview(variants, pooled),
        "Strict F1, the counts of all reports and seeds pooled, with 95% bootstrap intervals over reports. sd: "
        "standard deviation between seeds, and between reports.",
    ]
    if len(variants) > 1:
        sections += [f"## Against {next(iter(variants))}", _differences(variants)]
        sections.append(
            "Points of strict F1 gained or lost on the same reports and seeds, with paired 95% bootstrap intervals "
            "over reports."
        )
    sections += ["## Entities by label", _by_key(pooled, "entities", lambda scores: scores.by_label)]
    if with_relations:
        sections += ["## Relations by label", _by_key(pooled, "relations", lambda scores: scores.by_label)]
        sections += [
            "## Relations between gold entities by label",
            _by_key(pooled, "gold_entity_relations", lambda scores: scores.by_label),
        ]
    sections += ["## Entities by report", _by_key(pooled, "entities", lambda scores: scores.by_report)]
    if with_relations:
        sections += ["## Relations by report", _by_key(pooled, "relations", lambda scores: scores.by_report)]
    return "\n\n".join(sections) + "\n"


def summarise_cross_validation(variants: Json, names: Collection[str]) -> str:
    """A sentence for each variant that has the name of one of the benchmark's systems, for the project's README."""
    sentences = []
    for name in variants.keys() & names:
        runs = list(variants[name]["runs"].values())
        scores = {figure: pool(runs, figure) for figure in FIGURES}
        figures = ", ".join(
            f"{FIGURES[figure]} {percent(score.total.f1)} ({percent_range(score.over_reports)})"
            for figure, score in scores.items()
            if score
        )
        reports = {report for run in runs for report in run["reports"]}
        seeds = len({run["seed"] for run in runs})
        revisions = ", ".join(sorted({run["revision"] for run in runs}))
        sentences.append(
            f"{name} in [cross-validation](evaluate/results/cross_validation.md) over {len(reports)} train and dev "
            f"reports, {seeds} seed{'s' if seeds > 1 else ''}: strict F1 of {figures}, with intervals over reports; "
            f"of pipelines trained for it at revision {revisions}, with the data and settings of then "
            "([which](evaluate/README.md#cross-validation))."
        )
    return "\n\n".join(sorted(sentences))


def render_learning_curve(variants: Json) -> str:
    """The whole page."""
    sections = [
        "# Learning curve",
        "Written by `python -m evaluate.learning_curve`; do not edit. Strict F1 on the dev reports of pipelines that "
        "were trained on some of the training reports (in each seed others, the smaller sets within the greater), "
        "the counts of all seeds pooled, with 95% bootstrap intervals over paragraphs. No checkpoint is chosen on the "
        "dev reports here, but the settings of a config were.",
        _settings(variants),
        "![Learning curve](learning_curve.png)",
    ]
    for name, variant in variants.items():
        header = ["trained on", "characters", "seeds"]
        for title in FIGURES.values():
            header += [title, "95%"]
        rows = []
        for title, runs in points(variant).items():
            characters = sum(run["training_characters"] for run in runs) / len(runs)
            row = [title, f"{characters:,.0f}", str(len(runs))]
            for figure in FIGURES:
                scores = pool(runs, figure)
                row += (
                    [percent(scores.total.f1), percent_range(scores.over_paragraphs)]
                    if scores
                    else [MISSING, MISSING]
                )
            rows.append(row)
        sections += [f"## {name}", table(header, rows)]
    return "\n\n".join(sections) + "\n"


def points(variant: Json) -> dict[str, list[Json]]:
    """The runs of a learning curve by what they were trained on, from little to much."""
    by_size: dict[tuple[bool, int], list[Json]] = {}
    for run in variant["runs"].values():
        by_size.setdefault((run["with_extra"], len(run["training"])), []).append(run)
    return {
        f"{n} report{'s' if n > 1 else ''}" + (" and extra documents" if with_extra else ""): runs
        for (with_extra, n), runs in sorted(by_size.items())
    }


def _settings(variants: Json) -> str:
    lines = []
    for name, variant in variants.items():
        settings, runs = variant["settings"], list(variant["runs"].values())
        parts = [f"`{settings['config']}`"]
        parts += [f"`{key} = {value}`" for key, value in settings["overrides"].items()]
        if settings["extra"]:
            parts.append(f"with the documents of {', '.join(f'`{path}`' for path in settings['extra'])}")
        if settings.get("repeat_reports", 1) > 1:
            parts.append(f"each report {settings['repeat_reports']} times in the training data")
        if runs:
            revisions = sorted({run["revision"] for run in runs})
            packages = ", ".join(f"{package} {v}" for package, v in runs[0]["packages"].items())
            parts.append(f"revision {', '.join(revisions)}; {packages}")
        done = f"{len(runs)} of {variant['planned']}"
        environment = variant["environment"]
        parts.append(
            f"{done} runs on {environment['cpu']}, Python {environment['python']}, {environment['date']}"
        )
        lines.append(f"* **{name}**: {'; '.join(parts)}")
    return "\n".join(lines)


def _overview(variants: Json, pooled: dict[str, dict[str, Pooled | None]]) -> str:
    header = [
        "variant",
        "figure",
        "precision",
        "recall",
        "F1",
        "95%",
        "sd seeds",
        "sd reports",
        "runs",
        "min/run",
    ]
    rows = []
    for name, figures in pooled.items():
        runs = list(variants[name]["runs"].values())
        minutes = sum(run["seconds"] for run in runs) / 60 / len(runs) if runs else 0.0
        for figure, scores in figures.items():
            if scores is None:
                continue
            total = scores.total
            rows.append(
                [
                    name,
                    FIGURES[figure],
                    *map(percent, (total.precision, total.recall, total.f1)),
                    percent_range(scores.over_reports),
                    MISSING if scores.sd_seeds is None else percent(scores.sd_seeds),
                    MISSING if scores.sd_reports is None else percent(scores.sd_reports),
                    str(len(runs)),
                    f"{minutes:.1f}",
                ]
            )
    return table(header, rows)


def _differences(variants: Json) -> str:
    reference, *others = variants
    header = ["variant", *FIGURES.values()]
    rows = []
    for name in others:
        row = [name]
        for figure in FIGURES:
            result = difference(
                list(variants[name]["runs"].values()), list(variants[reference]["runs"].values()), figure
            )
            if result is None:
                row.append(MISSING)
            else:
                gain, (low, high) = result
                row.append(f"{100 * gain:+.1f} ({100 * low:+.1f} to {100 * high:+.1f})")
        rows.append(row)
    return table(header, rows)


def _by_key(
    pooled: dict[str, dict[str, Pooled | None]], figure: str, scores_of: Callable[[Pooled], dict[str, Any]]
) -> str:
    """F1 for each label or report, one column for each variant that has the figure."""
    columns = {name: scores_of(figures[figure]) for name, figures in pooled.items() if figures[figure]}
    support = {key: score.support for column in columns.values() for key, score in column.items()}
    # Pooled over the seeds, a gold span counts once for each.
    rows = [
        [key, *(percent(column[key].f1) if key in column else MISSING for column in columns.values())]
        for key in sorted(support)
        if support[key]
    ]
    return table(["", *columns], rows)
