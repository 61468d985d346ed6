"""Fail if the README's table, a pipeline's card or a result page disagrees with the results."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from evaluate.data import BenchmarkError
from evaluate.published import differences


def main(root: Annotated[Path, typer.Argument(help="The repository.")] = Path()) -> None:
    """Print what disagrees; exit code 1 if anything does."""
    try:
        messages = differences(root)
    except BenchmarkError as error:
        messages = [str(error)]
    for message in messages:
        typer.echo(message, err=True)
    if messages:
        raise typer.Exit(1)


if __name__ == "__main__":
    typer.run(main)
