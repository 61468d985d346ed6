"""Train one pipeline, and count what it finds in reports that it was not trained on.

A step of ``evaluate.cross_validate`` and ``evaluate.learning_curve``, which start it in a process of its own for
each run. The pipeline of the last training step counts, and the training's own dev corpus is one of its training
reports: no held-out report chooses anything.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Any

import spacy
import typer
from pydantic import BaseModel
from spacy.cli.train import train
from spacy.tokens import Doc, DocBin

from baogao.atomic import write_bytes
from baogao.formats.slicing import paragraph_groups
from baogao.formats.spacy_doc import to_doc
from baogao.metrics.pipeline import pipes_that_assign, predict, predict_relations
from evaluate.counts import count_report
from evaluate.data import BenchmarkError, load_reports
from evaluate.provenance import git_revision
from training.make_docbins import GROUP

SINGLE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
"""Several runs share the cores better than the threads of each would."""

Json = dict[str, Any]


class Job(BaseModel):
    """One training run.

    config (Path): A spaCy training config.
    overrides (dict): Its settings that are other, by their dotted names.
    seed (int): ``system.seed``.
    corpus, annotations (Path): The corpus with ``texts/``, and the folder of the gold .ann files.
    training, held_out (list[str]): Reports to train on, and to score.
    extra (list[Path]): DocBins of further training documents.
    repeat_reports (int): How often the reports stand in the training data, against once for ``extra``.
    """

    config: Path
    overrides: dict[str, Any] = {}
    seed: int
    corpus: Path
    annotations: Path
    training: list[str]
    held_out: list[str]
    extra: list[Path] = []
    repeat_reports: int = 1


def fit(job: Job, folder: Path) -> Json:
    """Train, and count on the held-out reports.

    folder (Path): For the training documents and the pipeline; has to be there.
    RETURNS (dict): ``seed``, ``training``, ``held_out``; ``training_characters``, those of ``extra`` included;
        ``reports``: report to its counts, see :func:`evaluate.counts.count_report`; ``seconds`` of training,
        ``packages`` and ``revision``. Raises ``AnnotationError`` or ``BenchmarkError`` for bad data.
    """
    if both := sorted(set(job.training) & set(job.held_out)):
        raise BenchmarkError(f"{', '.join(both)}: both to be trained on and held out")
    training = load_reports(job.corpus, job.annotations, job.training)
    held_out = load_reports(job.corpus, job.annotations, job.held_out)
    nlp = spacy.blank("zh")
    docs = [to_doc(nlp, part) for report in training for part in paragraph_groups(report, GROUP)]
    docs *= job.repeat_reports
    for path in job.extra:
        docs += DocBin(store_user_data=True).from_disk(path).get_docs(nlp.vocab)
    shortest = min(training, key=lambda report: len(report.text))
    _write_docs(docs, folder / "train.spacy")
    _write_docs([to_doc(nlp, shortest)], folder / "dev.spacy")
    paths = {"paths.train": str(folder / "train.spacy"), "paths.dev": str(folder / "dev.spacy")}
    start = time.perf_counter()
    train(job.config, folder / "pipeline", overrides={**job.overrides, **paths, "system.seed": job.seed})
    seconds = time.perf_counter() - start
    pipeline = spacy.load(folder / "pipeline" / "model-last")
    has_relations = bool(pipes_that_assign(pipeline, "doc._.relations"))
    counts = {
        report.name: count_report(
            report,
            predict(pipeline, report.text, report.name),
            predict_relations(pipeline, report) if has_relations else None,
        )
        for report in held_out
    }
    return {
        "seed": job.seed,
        "training": job.training,
        "held_out": job.held_out,
        "training_characters": sum(len(doc.text) for doc in docs),
        "seconds": round(seconds, 1),
        "packages": {name: version(name) for name in ("spacy", "thinc", "numpy")},
        "revision": git_revision(),
        "reports": counts,
    }


def fit_in_subprocess(job: Job) -> Json:
    """:func:`fit` on one core in a process of its own. Raises ``BenchmarkError`` if it fails."""
    with tempfile.TemporaryDirectory(prefix="baogao-fit-") as directory:
        folder = Path(directory)
        (folder / "job.json").write_text(job.model_dump_json(), encoding="utf-8")
        environ = os.environ | SINGLE_THREAD | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
        command = [sys.executable, "-m", "evaluate.fit", directory]
        with (folder / "log.txt").open("wb") as log:
            code = subprocess.run(command, stdout=log, stderr=subprocess.STDOUT, env=environ).returncode
        if code:
            lines = (folder / "log.txt").read_text(encoding="utf-8", errors="replace").strip().splitlines()
            raise BenchmarkError(lines[-1] if lines else f"training ended with exit code {code}")
        return json.loads((folder / "result.json").read_text(encoding="utf-8"))


def _write_docs(docs: list[Doc], path: Path) -> None:
    write_bytes(path, DocBin(docs=docs, store_user_data=True).to_bytes())


app = typer.Typer(pretty_exceptions_enable=False)  # the last line of the traceback is the message


@app.command()
def main(
    folder: Annotated[Path, typer.Argument(help="Holds job.json; result.json is written there.")],
) -> None:
    """Do one job."""
    job = Job.model_validate_json((folder / "job.json").read_text(encoding="utf-8"))
    result = fit(job, folder)
    write_bytes(folder / "result.json", json.dumps(result, ensure_ascii=False).encode())


if __name__ == "__main__":
    app()
