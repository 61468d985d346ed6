"""Options that the commands of training runs share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Config = Annotated[Path, typer.Option(help="A spaCy training config.")]
Setting = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        help="section.key=value: another setting than in the config, as JSON or string, e. g. training.max_steps=500, "
        "corpora.train.augmenter=null. Repeatable.",
    ),
]
Extra = Annotated[list[Path] | None, typer.Option(help="A DocBin of further training documents. Repeatable.")]
Repeat = Annotated[
    int,
    typer.Option(
        "--repeat-reports", min=1, help="How often the reports are trained on, against once for --extra."
    ),
]
Name = Annotated[str | None, typer.Option(help="The variant's, in tables and file; the config's by default.")]
Seeds = Annotated[int, typer.Option(min=1, help="How many: 0, 1, …")]
Workers = Annotated[int, typer.Option(min=1, help="Runs at the same time, each on one core.")]
Restart = Annotated[bool, typer.Option("--restart", help="Forget the variant's earlier runs.")]
Corpus = Annotated[Path, typer.Option(help="Holds reports.csv and texts/.")]
Annotations = Annotated[Path, typer.Option(help="Holds the gold .ann files.")]
Results = Annotated[Path, typer.Option(help="Folder of the results.")]
