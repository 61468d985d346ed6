"""Regenerate the result pages, the README's table and the pipelines' cards from the results."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from baogao.formats.annotated import AnnotationError
from baogao.formats.files import write_text
from evaluate.data import BenchmarkError
from evaluate.published import expected_files


def main(root: Annotated[Path, typer.Argument(help="The repository.")] = Path()) -> None:
    """Write every file with generated content."""
    try:
        for path, content in expected_files(root).items():
            write_text(path, content)
            typer.echo(f"wrote {path}")
    except (AnnotationError, BenchmarkError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from error


if __name__ == "__main__":
    typer.run(main)
