"""Train on all places but one and score the reports of that one, in turn, over the train and dev reports.

The test reports have no part in it. Runs that the results have already are not done again.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from baogao.formats.annotated import AnnotationError
from baogao.formats.files import read_text, write_text
from evaluate import training_options as options
from evaluate.data import BenchmarkError, read_index
from evaluate.fit import Job, fit_in_subprocess
from evaluate.folds import folds_by_place
from evaluate.study import describe_variant, parse_overrides, read_study, run_study
from evaluate.study_tables import render_cross_validation

SPLITS = ("train", "dev")
console = Console(stderr=True, soft_wrap=True)


def main(
    config: options.Config = Path("configs/zh_baogao_sm.cfg"),
    setting: options.Setting = None,
    extra: options.Extra = None,
    repeat_reports: options.Repeat = 1,
    name: options.Name = None,
    seeds: options.Seeds = 2,
    folds: Annotated[int | None, typer.Option(min=2, help="How many; one for each place by default.")] = None,
    workers: options.Workers = 2,
    restart: options.Restart = False,
    corpus: options.Corpus = Path("corpus"),
    annotations: options.Annotations = Path("annotations/gold"),
    out: options.Results = Path("evaluate/results"),
) -> None:
    """Write cross_validation.json, after each run, and cross_validation.md into the folder of the results."""
    path = out / "cross_validation.json"
    try:
        index = read_index(corpus, ("report", "split", "place"))
        places = {row["report"]: row["place"] for row in index if row["split"] in SPLITS}
        characters = {report: len(read_text(corpus / "texts" / f"{report}.txt")) for report in places}
        try:
            held_out = folds_by_place(places, characters, folds)
        except ValueError as error:
            raise BenchmarkError(f"{corpus / 'reports.csv'}: {error}") from error
        overrides = parse_overrides(setting or ())
        settings = describe_variant(config, overrides, extra or (), corpus, annotations, places)
        settings["folds"] = held_out
        settings["repeat_reports"] = repeat_reports
        jobs = {
            f"{seed}: {', '.join(fold)}": Job(
                config=config,
                overrides=overrides,
                seed=seed,
                corpus=corpus,
                annotations=annotations,
                training=[report for report in places if report not in fold],
                held_out=fold,
                extra=extra or [],
                repeat_reports=repeat_reports,
            )
            for seed in range(seeds)
            for fold in held_out
        }
        complete = run_study(
            path,
            name or config.stem,
            settings,
            jobs,
            fit_in_subprocess,
            workers=workers,
            restart=restart,
            console=console,
        )
        write_text(path.with_suffix(".md"), render_cross_validation(read_study(path)))
    except (AnnotationError, BenchmarkError) as error:
        console.print(str(error), style="red", highlight=False, markup=False)
        raise typer.Exit(1) from error
    console.print(f"wrote {path} and .md", highlight=False)
    if not complete:
        raise typer.Exit(1)


if __name__ == "__main__":
    typer.run(main)
