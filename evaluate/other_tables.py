"""Results of side experiments as Markdown."""

from __future__ import annotations

from typing import Any

from evaluate.markdown import MISSING, percent, table

Json = dict[str, Any]


def render_external(results: Json) -> str:
    """The page of training runs on somebody else's data: ``data`` names it, ``results`` has ``f_mean``, ``f_sd`` and
    ``runs`` for each variant; ``published``, if it is there, has the F1 of other systems."""
    rows = [
        [
            variant,
            percent(scores["f_mean"]),
            MISSING if scores["f_sd"] is None else f"{100 * scores['f_sd']:.2f}",
            str(len(scores["runs"])),
        ]
        for variant, scores in results["results"].items()
    ]
    rows += [[name, percent(f1), MISSING, "published"] for name, f1 in results.get("published", {}).items()]
    sections = [
        f"# {results['data']}",
        "Written by `evaluate.report`; do not edit.",
        table(["variant", "F1, mean", "sd", "runs"], rows),
        _environment(results),
    ]
    return "\n\n".join(sections) + "\n"


def render_segmentation(results: Json) -> str:
    """The page of ``evaluate.segmentation``: which share of the gold spans each segmenter's words can represent."""
    shares = results["representable"]
    labels = list(next(iter(shares.values())))
    rows = [[label, *(percent(by_label[label]) for by_label in shares.values())] for label in labels]
    sections = [
        "# Could words be the tokens?",
        "Written by `evaluate.report`; do not edit. Share of the gold spans "
        f"({results['spans']:,} in the {results['split']} reports) that begin and end where a word segmenter puts a "
        "boundary, in %: the ceiling of recall for a pipeline on its words.",
        table(["label", *shares], rows),
        _environment(results),
    ]
    return "\n\n".join(sections) + "\n"


def _environment(results: Json) -> str:
    environment = results["environment"]
    packages = ", ".join(f"{name} {version}" for name, version in environment["packages"].items())
    return (
        f"{environment['cpu']}, Python {environment['python']}, {packages}; revision {environment['revision']}, "
        f"{environment['date']}."
    )
