"""Results as Markdown."""

from __future__ import annotations

from typing import Any

from baogao.metrics.errors import BOUNDARY_DETAILS, GOLD_OUTCOMES, RELATION_ERRORS
from evaluate.markdown import MISSING, percent, percent_range, table
from evaluate.scoring import NESTING

Json = dict[str, Any]


def render_results(results: Json) -> str:
    """The whole page of a split."""
    split = results["split"]
    systems = results["systems"]
    sections = [
        f"# Results on the {split} reports",
        "Written by `python -m evaluate.benchmark`; do not edit. What each figure means is said in "
        "[the benchmark's README](../README.md).",
        _setting(results),
        "## Overview",
        render_summary(results),
        f"![F1 per label]({split}-f1.png)",
        f"![Speed and F1]({split}-speed.png)",
        "## Entities",
        _schemes(systems),
        "### Strict F1 by label",
        _f1_by_label(systems),
        _ahead(systems),
        "### Strict F1 by report",
        _f1_by_report(systems),
        "### Seen and unseen surface forms",
        _surfaces(systems),
        "### Errors",
        _errors(systems),
    ]
    with_relations = [system for system in systems if "relations" in system]
    if with_relations:
        sections += ["## Relations", _relations(with_relations)]
        sections += ["### F1 by label", _relations_by_label(with_relations)]
        sections += ["### F1 by distance between the spans", _relations_by_distance(with_relations)]
        if all("errors" in system["relations"] for system in with_relations):
            sections += ["### Errors of relations", _relation_errors(with_relations)]
        sections += ["## Ledger", _ledger(results), "### Rows by report", _ledger_by_report(results)]
    sections += [
        "## Normalisation",
        _normalisation(results),
        "## Robustness",
        _robustness(systems),
        "## Speed and memory",
        _speed(systems),
        "## Details by system",
    ]
    for system in systems:
        sections += [f"### {system['name']}", _entity_details(system), _confusion(system)]
    return "\n\n".join(filter(None, sections)) + "\n"


def render_summary(results: Json) -> str:
    """The table of the project's README: one row for each system."""
    shared = results["shared"]
    rows = []
    for system in results["systems"]:
        relations = system.get("relations")
        rows.append(
            [
                system["name"],
                _with_interval(system["entities"]["strict"]) + _scope(system, results),
                _with_interval(shared["strict"][system["name"]]),
                percent(relations["rel"]["f1"]) if relations else MISSING,
                _with_interval(relations["rel_strict"]) if relations else MISSING,
                percent(system["ledger"]["end_to_end"]["rows"]["f1"]) if "ledger" in system else MISSING,
                f"{system['speed']['median']:,.0f}",
                f"{system['peak_memory']:,.0f}",
            ]
        )
    header = [
        "system",
        "entities F1",
        f"F1 on {', '.join(shared['labels'])}",
        "relations F1",
        "relations F1, strict",
        "ledger rows F1",
        "characters/s",
        "peak MiB",
    ]
    n = len(results["reports"])
    note = (
        f"Strict F1 on the {n} {results['split']} reports with 95% bootstrap intervals over paragraphs. "
        "† on the labels the system knows only."
    )
    return table(header, rows) + "\n\n" + note


def render_card(results: Json, name: str) -> str:
    """The scores in a pipeline's card. Raises ``KeyError`` if the pipeline is not among the results."""
    systems = {system["name"]: system for system in results["systems"]}
    system = systems[name]
    parts = [_entity_details(system)]
    if "relations" in system:
        parts += [_relations([system]), _relations_by_label([system])]
    if "ledger" in system:
        parts += [_ledger(results | {"systems": [system]})]
    parts += [_robustness([system]), _speed([system])]
    return "\n\n".join(parts)


def _setting(results: Json) -> str:
    environment = results["environment"]
    packages = {name: v for system in results["systems"] for name, v in system["packages"].items()}
    versions = ", ".join(f"{name} {packages[name]}" for name in sorted(packages))
    lines = [
        f"* Reports: {', '.join(results['reports'])} ({sum(results['reports'].values()):,} characters)",
        f"* Machine: {environment['cpu']}, {environment['cores']} cores, {environment['system']}",
        f"* Versions: Python {environment['python']}, {versions}",
        f"* Revision {environment['revision']}, {environment['date']}; bootstrap seed {results['seed']}",
    ]
    lines += [
        f"* {system['name']}: {p['name']} {p['version']}, {_seed(p)}SHA-256 of its files {p['sha256'][:16]}…"
        for system in results["systems"]
        if (p := system["pipeline"])
    ]
    return "\n".join(lines)


def _seed(pipeline: Json) -> str:
    return f"trained with seed {pipeline['seed']}, " if "seed" in pipeline else ""


def _schemes(systems: list[Json]) -> str:
    header = [
        "system",
        "scheme",
        "precision",
        "recall",
        "F1",
        "found",
        "predicted",
        "gold",
        "95% over reports",
    ]
    rows = []
    for system in systems:
        for scheme in ("strict", "exact", "partial", "type"):
            score = system["entities"][scheme]
            interval = _interval(score, "reports") if scheme == "strict" else ""
            rows.append([system["name"], scheme, *_prf(score), *_counts(score), interval])
        average = system["entities"]["macro"]
        rows.append([system["name"], "strict, macro", *_prf(average), "", "", "", ""])
    return table(header, rows)


def _f1_by_label(systems: list[Json]) -> str:
    support = {
        label: scores["strict"]["support"]
        for system in systems
        for label, scores in system["entities"]["by_label"].items()
    }
    rows = []
    for label in sorted(support):
        row = [label, str(support[label])]
        for system in systems:
            scores = system["entities"]["by_label"].get(label)
            row.append(_with_interval(scores["strict"]) if scores else MISSING)
        rows.append([*row, _best(_f1_of_label(systems, label))])
    return table(["label", "gold", *_names(systems), "best"], rows)


def _f1_of_label(systems: list[Json], label: str) -> dict[str, float]:
    """Strict entity F1 of the systems that know a label."""
    by_label = {system["name"]: system["entities"]["by_label"] for system in systems}
    return {name: scores[label]["strict"]["f1"] for name, scores in by_label.items() if label in scores}


def _best(f1: dict[str, float]) -> str:
    """The system with the highest score, or all that share it."""
    highest = max(f1.values(), default=0.0)
    return ", ".join(name for name, value in f1.items() if value == highest > 0) or MISSING


def _ahead(systems: list[Json]) -> str:
    """For each pipeline with relations, which is to say of this project: the labels on which another kind of system
    scores higher."""
    own = [system["name"] for system in systems if system["pipeline"] and "relations" in system]
    labels = sorted({label for system in systems for label in system["entity_labels"]})
    lines = []
    for name in own:
        behind = []
        for label in labels:
            f1 = _f1_of_label(systems, label)
            ahead = {other: value for other, value in f1.items() if other not in own and value > f1[name]}
            best = sorted(ahead.items(), key=lambda item: -item[1])
            if best:
                others = ", ".join(f"{other} {percent(value)}" for other, value in best)
                behind.append(f"{label} ({percent(f1[name])}; {others})")
        lines.append(f"* Baselines ahead of {name}: {'; '.join(behind) if behind else 'on no label'}.")
    return "\n".join(lines)


def _f1_by_report(systems: list[Json]) -> str:
    reports = sorted({report for system in systems for report in system["entities"]["by_report"]})
    rows = [
        [report, *(_f1_or_missing(system["entities"]["by_report"].get(report)) for system in systems)]
        for report in reports
    ]
    return table(["report", *_names(systems)], rows)


def _surfaces(systems: list[Json]) -> str:
    rows = [
        [system["name"], surface, *_prf(score), *_counts(score)]
        for system in systems
        for surface, score in system["entities"]["by_surface"].items()
    ]
    header = ["system", "in training", "precision", "recall", "F1", "found", "predicted", "gold"]
    return table(header, rows)


def _errors(systems: list[Json]) -> str:
    kinds = [*GOLD_OUTCOMES, "spurious", *BOUNDARY_DETAILS, *NESTING]
    rows = [
        [
            kind.replace("_", " "),
            *(str(system["entities"]["errors"].get(kind, MISSING)) for system in systems),
        ]
        for kind in kinds
    ]
    return table(["outcome", *_names(systems)], rows)


def _relations(systems: list[Json]) -> str:
    header = ["system", "entities", "figure", "precision", "recall", "F1", "found", "predicted", "gold"]
    rows = []
    for system in systems:
        for figure in ("rel", "rel_strict"):
            score = system["relations"][figure]
            rows.append([system["name"], "predicted", figure, *_prf(score), *_counts(score)])
        if gold := system.get("gold_entity_relations"):
            rows.append(
                [
                    system["name"],
                    "gold",
                    "rel_strict",
                    *_prf(gold["rel_strict"]),
                    *_counts(gold["rel_strict"]),
                ]
            )
    ceilings = "; ".join(f"{s['name']} {percent(s['relations']['recall_ceiling'])}" for s in systems)
    return table(header, rows) + f"\n\nRecall ceiling set by the predicted entities: {ceilings}."


def _relations_by_label(systems: list[Json]) -> str:
    header = ["relation", "gold"]
    for name in _names(systems):
        header += [name, f"{name}, gold entities"]
    rows = []
    for label, scores in systems[0]["relations"]["by_label"].items():
        row = [label, str(scores["rel_strict"]["support"])]
        for system in systems:
            row += [_f1_or_missing(scores["rel_strict"]) for scores in _both(system, "by_label", label)]
        rows.append(row)
    return table(header, rows)


def _relations_by_distance(systems: list[Json]) -> str:
    header = ["characters", "gold"]
    for name in _names(systems):
        header += [name, f"{name}, gold entities"]
    rows = []
    for bucket, score in systems[0]["relations"]["by_distance"].items():
        row = [bucket, str(score["support"])]
        for system in systems:
            row += [_f1_or_missing(scores) for scores in _both(system, "by_distance", bucket)]
        rows.append(row)
    return table(header, rows)


def _relation_errors(systems: list[Json]) -> str:
    header = ["error"]
    for name in _names(systems):
        header += [name, f"{name}, gold entities"]
    rows = [
        [
            kind.replace("_", " "),
            *(
                str(system[figure]["errors"][kind])
                for system in systems
                for figure in ("relations", "gold_entity_relations")
            ),
        ]
        for kind in RELATION_ERRORS
    ]
    return table(header, rows)


def _both(system: Json, table: str, key: str) -> list[Json]:
    """A score with predicted and with gold entities."""
    return [system[figure][table][key] for figure in ("relations", "gold_entity_relations")]


_LEDGER_SETTINGS = {
    "end_to_end": ("the text alone", "ledger of the gold annotations"),
    "gold_entities": ("gold entities", "ledger of the gold annotations"),
    "read_rows": ("the text alone", "rows written down by a reader"),
}


def _ledger(results: Json) -> str:
    header = [
        "system",
        "given",
        "against",
        "precision",
        "recall",
        "F1",
        "found",
        "predicted",
        "gold",
        "reports with all totals right",
    ]
    rows = [
        [system["name"], *_LEDGER_SETTINGS[setting], *_ledger_cells(score)]
        for system in results["systems"]
        for setting, score in system.get("ledger", {}).items()
    ]
    if score := results["ledger_code"]:
        setting = ["gold entities and relations", "rows written down by a reader"]
        rows.append(["(ledger code alone)", *setting, *_ledger_cells(score)])
    return table(header, rows)


def _ledger_cells(score: Json) -> list[str]:
    totals = score["totals"]
    return [*_prf(score["rows"]), *_counts(score["rows"]), f"{totals['right']} of {totals['reports']}"]


def _ledger_by_report(results: Json) -> str:
    """F1 of rows."""
    columns = {
        f"{system['name']}, {_LEDGER_SETTINGS[setting][0]}": system["ledger"][setting]["by_report"]
        for system in results["systems"]
        for setting in ("end_to_end", "gold_entities")
        if setting in system.get("ledger", {})
    }
    if results["ledger_code"]:
        columns["(ledger code alone), reader's rows"] = results["ledger_code"]["by_report"]
    rows = [
        [report, *(_f1_or_missing(by_report.get(report)) for by_report in columns.values())]
        for report in results["reports"]
    ]
    return table(["report", *columns], rows)


def _normalisation(results: Json) -> str:
    header = [
        "values of",
        "right, all reports",
        "accuracy",
        f"right, {results['split']} reports",
        "accuracy",
    ]
    both = [results["normalisation"][part] for part in ("all", "split")]
    rows = [
        [name, *(cell for part in both for cell in _accuracy(part[name]))]
        for name in ("counts", "dates", "bodies")
    ]
    note = (
        "Share of gold spans whose value is right in every field. The normalisers were designed with the "
        "whole corpus in view, these reports included: the figures say that the wordings of these reports "
        "are covered, not how unseen wordings will fare."
    )
    return note + "\n\n" + table(header, rows)


def _accuracy(score: Json) -> list[str]:
    return [f"{score['correct']} of {score['total']}", percent(score["accuracy"])]


def _robustness(systems: list[Json]) -> str:
    """Points of F1 lost, entities and relations."""
    header = ["transform", "gold spans dropped"]
    for system in systems:
        header += [
            f"{system['name']}, entities",
            *([f"{system['name']}, relations"] if "relations" in system else []),
        ]
    first = systems[0]["robustness"]
    rows = []
    for name in first:
        row = [name, str(first[name]["dropped_spans"])]
        for system in systems:
            scores = system["robustness"][name]
            row.append(_change(scores["entities"], system["entities"]["strict"]))
            if "relations" in system:
                row.append(_change(scores["relations"], system["relations"]["rel_strict"]))
        rows.append(row)
    return "Points of strict F1 gained or lost against the original text:\n\n" + table(header, rows)


def _speed(systems: list[Json]) -> str:
    rows = []
    for system in systems:
        speed = system["speed"]
        low, high = min(speed["runs"]), max(speed["runs"])
        rows.append(
            [
                system["name"],
                f"{speed['median']:,.0f}",
                f"{low:,.0f}–{high:,.0f} ({len(speed['runs'])} runs)",
                f"{system['peak_memory']:,.0f}",
            ]
        )
    return table(["system", "characters/s, median", "range", "peak memory, MiB"], rows)


def _entity_details(system: Json) -> str:
    header = [
        "label",
        "precision",
        "recall",
        "F1",
        "found",
        "predicted",
        "gold",
        "partial F1",
        "95% over paragraphs",
    ]
    rows = []
    for label, scores in system["entities"]["by_label"].items():
        strict = scores["strict"]
        interval = _interval(strict, "paragraphs")
        rows.append([label, *_prf(strict), *_counts(strict), percent(scores["partial"]["f1"]), interval])
    total = system["entities"]["strict"]
    partial = percent(system["entities"]["partial"]["f1"])
    rows.append(["**all**", *_prf(total), *_counts(total), partial, _interval(total, "paragraphs")])
    return table(header, rows)


def _confusion(system: Json) -> str:
    matrix = system["entities"]["confusion"]
    columns = sorted({label for row in matrix.values() for label in row})
    rows = [[f"**{label}**", *(str(matrix[label].get(c, "")) for c in columns)] for label in sorted(matrix)]
    return "Aligned spans, gold labels in rows, predicted in columns:\n\n" + table(["", *columns], rows)


def _names(systems: list[Json]) -> list[str]:
    return [system["name"] for system in systems]


def _scope(system: Json, results: Json) -> str:
    """A dagger for systems that do not know every label."""
    most = max(len(other["entity_labels"]) for other in results["systems"])
    return "" if len(system["entity_labels"]) == most else " †"


def _prf(score: Json) -> list[str]:
    return [percent(score[name]) for name in ("precision", "recall", "f1")]


def _counts(score: Json) -> list[str]:
    return [f"{score[name]:g}" for name in ("tp", "predicted", "support")]


def _interval(score: Json, unit: str) -> str:
    return percent_range(score["intervals"][unit]["f1"])


def _with_interval(score: Json) -> str:
    return f"{percent(score['f1'])} ({_interval(score, 'paragraphs')})"


def _f1_or_missing(score: Json | None) -> str:
    return percent(score["f1"]) if score else MISSING


def _change(score: Json, original: Json) -> str:
    return f"{100 * (score['f1'] - original['f1']):+.1f}"
