"""Train on 1, 2, 4, … of the training reports, and score the dev reports each time."""

from __future__ import annotations

import random
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from baogao.formats.annotated import AnnotationError
from baogao.formats.files import write_text
from evaluate import training_options as options
from evaluate.data import BenchmarkError, names_of_split
from evaluate.fit import Job, fit_in_subprocess
from evaluate.plots import write_learning_curve
from evaluate.study import describe_variant, parse_overrides, read_study, run_study
from evaluate.study_tables import render_learning_curve

console = Console(stderr=True, soft_wrap=True)


def training_sets(reports: list[str], sizes: Iterable[int], seed: int) -> dict[int, list[str]]:
    """For each size, that many of the reports in an order that the seed decides: each set holds the smaller ones."""
    order = random.Random(seed).sample(reports, len(reports))
    return {size: order[:size] for size in sizes}


def default_sizes(n: int) -> list[int]:
    """Powers of two below ``n``, and ``n``."""
    return [size for size in (2**i for i in range(n.bit_length())) if size < n] + [n]


def _fit(job: Job) -> dict[str, Any]:
    return fit_in_subprocess(job) | {"with_extra": bool(job.extra)}


def main(
    config: options.Config = Path("configs/zh_baogao_sm.cfg"),
    setting: options.Setting = None,
    extra: Annotated[
        list[Path] | None,
        typer.Option(
            help="A DocBin of further training documents: one more point, with all reports. Repeatable."
        ),
    ] = None,
    name: options.Name = None,
    seeds: options.Seeds = 2,
    size: Annotated[
        list[int] | None,
        typer.Option(min=1, help="Reports to train on; 1, 2, 4, … and all by default. Repeatable."),
    ] = None,
    workers: options.Workers = 2,
    restart: options.Restart = False,
    corpus: options.Corpus = Path("corpus"),
    annotations: options.Annotations = Path("annotations/gold"),
    out: options.Results = Path("evaluate/results"),
) -> None:
    """Write learning_curve.json, after each run, learning_curve.md and .png into the folder of the results."""
    path = out / "learning_curve.json"
    try:
        training = names_of_split(corpus, "train")
        dev = names_of_split(corpus, "dev")
        sizes = sorted(set(size)) if size else default_sizes(len(training))
        if sizes[-1] > len(training):
            raise BenchmarkError(
                f"{corpus / 'reports.csv'}: only {len(training)} training reports, not {sizes[-1]}"
            )
        overrides = parse_overrides(setting or ())
        settings = describe_variant(config, overrides, extra or (), corpus, annotations, [*training, *dev])
        make_job = partial(
            Job, config=config, overrides=overrides, corpus=corpus, annotations=annotations, held_out=dev
        )
        jobs = {}
        for seed in range(seeds):
            for n, reports in training_sets(training, sizes, seed).items():
                jobs[f"{seed}: {n}"] = make_job(seed=seed, training=reports)
            if extra:
                jobs[f"{seed}: {len(training)} and extra"] = make_job(
                    seed=seed, training=training, extra=extra
                )
        complete = run_study(
            path,
            name or config.stem,
            settings,
            jobs,
            _fit,
            workers=workers,
            restart=restart,
            console=console,
        )
        variants = read_study(path)
        write_text(path.with_suffix(".md"), render_learning_curve(variants))
        write_learning_curve(variants, path.with_suffix(".png"))
    except (AnnotationError, BenchmarkError) as error:
        console.print(str(error), style="red", highlight=False, markup=False)
        raise typer.Exit(1) from error
    console.print(f"wrote {path}, .md and .png", highlight=False)
    if not complete:
        raise typer.Exit(1)


if __name__ == "__main__":
    typer.run(main)
