"""Put the annotated excerpts together: single paragraphs of the official text, as ``annotations/excerpts`` counts them.

    python -m training.build_excerpts FOLDER [--sources FILE] [--out FOLDER]

The official text is not part of the project, only annotations on it are. ``annotations/excerpts/sources.csv`` says
by checksum which paragraph of which file stands on which line of an excerpt; ``annotations/reviewed/sources.csv``
does the same for the paragraphs there.
"""

from __future__ import annotations

import csv
import hashlib
import lzma
from collections import defaultdict
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from baogao.atomic import write_bytes

SOURCES = Path("annotations/excerpts/sources.csv")
REVIEWED = Path("annotations/reviewed/sources.csv")  # the same for paragraphs that pipelines annotated first

# Full-width forms of ASCII, as in the clean texts of the reports. One character stays one character.
_TO_ASCII = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}

console = Console(highlight=False, markup=False, soft_wrap=True)


class ExcerptError(ValueError):
    """An excerpt that cannot be put together. The message names it and the cause."""


def checksum(paragraph: str) -> str:
    """What ``sources.csv`` knows a paragraph by: SHA-1 of its UTF-8, in hex digits."""
    return hashlib.sha1(paragraph.encode(), usedforsecurity=False).hexdigest()


def to_ascii(paragraph: str) -> str:
    """Full-width forms of ASCII characters as these, one for one."""
    return paragraph.translate(_TO_ASCII)


def read_excerpts(folder: Path, sources: Path) -> dict[str, str]:
    """The text of each excerpt, one paragraph per line, punctuation in ASCII forms.

    Raises ``ExcerptError`` if a file or a paragraph that ``sources`` names is not in ``folder``.
    """
    try:
        with sources.open(encoding="utf-8", newline="") as rows:
            wanted = list(csv.DictReader(rows))
    except (OSError, UnicodeDecodeError) as error:
        raise ExcerptError(f"{sources}: {error}") from error
    found: dict[tuple[str, str], str] = {}
    for name in sorted({row["file"] for row in wanted}):
        sums = {row["sha1"] for row in wanted if row["file"] == name}
        try:
            with lzma.open(folder / name, "rt", encoding="utf-8") as lines:
                for line in lines:
                    paragraph = line.removesuffix("\n")
                    if (digest := checksum(paragraph)) in sums:
                        found[name, digest] = to_ascii(paragraph)
        except (OSError, EOFError, lzma.LZMAError, UnicodeDecodeError) as error:
            raise ExcerptError(f"{folder / name}: {error}") from error
    excerpts: dict[str, list[str]] = defaultdict(list)
    for row in wanted:
        paragraph = found.get((row["file"], row["sha1"]))
        if paragraph is None:
            raise ExcerptError(
                f"{row['file']}: no paragraph with checksum {row['sha1']}, which excerpt {row['excerpt']} wants: "
                "another version of the text?"
            )
        if int(row["line"]) != len(excerpts[row["excerpt"]]) + 1:
            raise ExcerptError(f"{sources}: excerpt {row['excerpt']}, line {row['line']}: out of order")
        excerpts[row["excerpt"]].append(paragraph)
    return {name: "".join(f"{paragraph}\n" for paragraph in lines) for name, lines in excerpts.items()}


def main(
    folder: Annotated[Path, typer.Argument(help="Folder of the official text (.txt.xz).")],
    sources: Annotated[
        Path, typer.Option(help="Table of the paragraphs: excerpt, line, file, sha1.")
    ] = SOURCES,
    out: Annotated[Path, typer.Option(help="Folder to write the texts to.")] = Path("corpus/excerpts"),
) -> None:
    if not folder.is_dir():
        # Training goes on without them; a stranger who has no official text still gets a pipeline.
        console.print(
            f"{folder}: no such folder, so there are no excerpts to train on; their annotations need it"
        )
        return
    try:
        excerpts = read_excerpts(folder, sources)
    except ExcerptError as error:
        Console(stderr=True, soft_wrap=True, markup=False).print(f"Error: {error}")
        raise typer.Exit(1) from error
    out.mkdir(parents=True, exist_ok=True)
    for name, text in excerpts.items():
        write_bytes(out / f"{name}.txt", text.encode("utf-8"))
    paragraphs = sum(text.count("\n") for text in excerpts.values())
    console.print(f"{len(excerpts)} excerpts, {paragraphs:,} paragraphs in {out}")


if __name__ == "__main__":
    typer.run(main)
