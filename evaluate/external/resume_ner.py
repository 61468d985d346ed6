"""The encoder and the tagger on somebody else's data: ResumeNER, a Chinese benchmark with published figures.

    python -m evaluate.external.resume_ner ../shared/bench/ResumeNER --seeds 1
    python -m evaluate.external.resume_ner ../shared/bench/ResumeNER --seeds 1 --encoder training/runs/e5-small-zh

4,761 sentences of résumés with eight kinds of span (Zhang & Yang 2018, *Chinese NER Using Lattice LSTM*). The
pipeline is that of the config, its threshold of entities included, without its relations, its augmentation and its
decoding constraints, trained with and without pretrained weights, or with them and another encoder as one of the
tagger's features; the best checkpoint on dev is scored on test.
Published strict F1: Lattice LSTM 94.46, SoftLexicon 95.53 without a large pretrained model, BERT 95.5 to 96.9.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import spacy
import typer
from rich.console import Console
from spacy.tokens import Doc, DocBin, Span
from spacy.training import Corpus
from spacy.training.initialize import init_nlp
from spacy.training.loop import train
from spacy.util import load_config
from spacy.vocab import Vocab
from thinc.api import Config

from evaluate.external.results import RESULTS, summarise, write_results
from evaluate.external.subwords import (
    Checkpoint,
    FrozenLayers,
    LearnRateFactor,
    MixedPrecision,
    SubwordEncoder,
)

SPLITS = ("train", "dev", "test")

console = Console()


class ResumeError(ValueError):
    """A file that is not ResumeNER. The message names it and the cause."""


def read_bmes(path: Path, vocab: Vocab) -> Iterator[Doc]:
    """One document per sentence; a line holds a character and its tag (B-, M-, E- or S- and a label, or O).

    Raises ``ResumeError`` for a file that cannot be read and for a line of another form.
    """
    characters: list[str] = []
    tags: list[str] = []
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise ResumeError(f"{path}: {error}") from error
    for number, line in enumerate([*lines, ""], 1):
        columns = line.split()
        if len(columns) == 2:
            characters.append(columns[0])
            tags.append(columns[1])
        elif columns:
            raise ResumeError(f"{path}:{number}: not a character and a tag: {line!r}")
        elif characters:
            doc = Doc(vocab, words=characters, spaces=[False] * len(characters))
            doc.ents = [Span(doc, *span) for span in spans_of(tags)]
            yield doc
            characters, tags = [], []


def spans_of(tags: list[str]) -> Iterator[tuple[int, int, str]]:
    """(start, end, label) of each span that BMES tags mark, the end exclusive."""
    start = 0
    for i, tag in enumerate(tags):
        prefix, _, label = tag.partition("-")
        if prefix in ("B", "S"):
            start = i
        if prefix in ("E", "S"):
            yield start, i + 1, label


def training_config(
    path: Path,
    corpus: Path,
    tok2vec: Path | None,
    seed: int,
    max_steps: int | None,
    batch_size: int | None = None,
    encoder: SubwordEncoder | None = None,
) -> Config:
    """The pipeline's own config without relations, augmentation and constraints, reading from ``corpus``.

    max_steps, batch_size: Steps, and characters of a batch, if not the config's.
    encoder: Another encoder, whose vectors become a feature of the tagger.
    """
    overrides: dict[str, Any] = {
        "paths.train": str(corpus / "train.spacy"),
        "paths.dev": str(corpus / "dev.spacy"),
        "paths.init_tok2vec": str(tok2vec) if tok2vec else None,
        "system.seed": seed,
        "training.score_weights": {"ents_f": 1.0},
    }
    if max_steps is not None:
        overrides["training.max_steps"] = max_steps
    if batch_size is not None:
        overrides["training.batcher.size"] = batch_size
    config = load_config(path, overrides=overrides)
    # Of a short run, too, the best of several checkpoints.
    config["training"]["eval_frequency"] = min(
        config["training"]["eval_frequency"], max(1, config["training"]["max_steps"] // 10)
    )
    config["nlp"]["pipeline"] = ["tok2vec", "entity_tagger"]
    del config["components"]["relation_extractor"]
    # They are those of our guidelines.
    config["components"]["entity_tagger"] |= {"constraints": None, "whole_marks": []}
    if encoder is not None:
        config["components"]["entity_tagger"]["model"]["features"]["*"]["encoder"] = encoder.section
    config["corpora"]["train"]["augmenter"] = None
    return config


def run(config: Config, test: Path) -> dict[str, float]:
    """Train, and score the checkpoint that is best on dev: strict precision, recall and F1 on dev and test."""
    nlp = init_nlp(config)
    with tempfile.TemporaryDirectory() as folder:
        train(nlp, Path(folder), stdout=console.file, stderr=console.file)
        best = spacy.load(Path(folder) / "model-best")
    scores = best.evaluate(list(Corpus(test)(best)))
    dev = best.evaluate(list(Corpus(Path(config["paths"]["dev"]))(best)))
    return {"dev_f": dev["ents_f"], "p": scores["ents_p"], "r": scores["ents_r"], "f": scores["ents_f"]}


def main(
    folder: Annotated[Path, typer.Argument(help="Folder with {train,dev,test}.char.bmes.", exists=True)],
    config: Annotated[Path, typer.Option(help="Training config.")] = Path("configs/zh_baogao_sm.cfg"),
    tok2vec: Annotated[Path, typer.Option(help="Pretrained weights.")] = Path(
        "training/pretrained/zh_baogao_sm.tok2vec"
    ),
    seeds: Annotated[int, typer.Option(help="Runs of each variant.")] = 3,
    max_steps: Annotated[int | None, typer.Option(help="Instead of the config's.")] = None,
    batch_size: Annotated[
        int | None, typer.Option(help="Characters of a batch, instead of the config's.")
    ] = None,
    encoder: Checkpoint = None,
    frozen_layers: FrozenLayers = 8,
    learn_rate_factor: LearnRateFactor = 0.1,
    mixed_precision: MixedPrecision = False,
    out: Annotated[Path | None, typer.Option(help="Results as JSON.")] = None,
) -> None:
    out = out or RESULTS / f"resume_ner{'' if encoder is None else '_encoder'}.json"
    out.parent.mkdir(parents=True, exist_ok=True)
    record: dict[str, Any] = {"max_steps": max_steps, "batch_size": batch_size}
    if encoder is None:
        other, variants = None, {"pretrained": tok2vec, "random initialisation": None}
    else:
        other = SubwordEncoder(encoder, frozen_layers, learn_rate_factor, mixed_precision)
        variants = {f"pretrained, and {other.title}": tok2vec}
        record |= other.settings
    results: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as name:
        corpus = Path(name)
        for split in SPLITS:
            try:
                docs = list(read_bmes(folder / f"{split}.char.bmes", Vocab()))
            except ResumeError as error:
                raise typer.BadParameter(str(error)) from error
            DocBin(docs=docs).to_disk(corpus / f"{split}.spacy")
        for variant, weights in variants.items():
            runs = []
            for seed in range(seeds):
                settings = training_config(config, corpus, weights, seed, max_steps, batch_size, other)
                runs.append(run(settings, corpus / "test.spacy"))
                console.print(variant, seed, runs[-1])
            results[variant] = summarise(runs)
    write_results(out, "ResumeNER, test, strict micro", results, console, **record)


if __name__ == "__main__":
    typer.run(main)
