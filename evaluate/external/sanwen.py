"""The relation component on somebody else's data: SanWen, a Chinese benchmark with published figures.

    python -m evaluate.external.sanwen ../shared/bench/SanWen --tok2vec training/pretrained/zh_baogao_sm.tok2vec
    python -m evaluate.external.sanwen ../shared/bench/SanWen --encoder training/runs/e5-small-zh

17,227 pairs of mentions in sentences of literary prose, nine relations and "unknown" (Xu et al. 2017; in the form
of Li et al. 2019, "Chinese Relation Extraction with Multi-Grained Information and External Linguistic Knowledge",
whose MG-Lattice reaches 65.61). The protocol is that of their code (github.com/thunlp/Chinese_NRE,
``utils/metric.py``): pairs that stand more than once are merged and any of their labels is right; a mention is
where its text first occurs; micro-averaged F1 over the pairs, "unknown" being no relation. Their code skips
sentences beyond 86 characters, ours does not. Epoch and threshold are chosen on valid.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Annotated, Any, NamedTuple

import numpy
import spacy
import typer
from rich.console import Console
from spacy.language import Language
from spacy.tokens import Doc, Span
from spacy.training import Example
from spacy.util import fix_random_seed, load_config, minibatch, registry
from thinc.api import Adam, warmup_linear

from baogao.pipeline.candidates import CandidateGenerator
from baogao.pipeline.relation_extractor import RelationExtractor
from baogao.relations import Relation, set_relations
from evaluate.external.results import RESULTS, summarise, write_results
from evaluate.external.subwords import (
    Checkpoint,
    FrozenLayers,
    LearnRateFactor,
    MixedPrecision,
    SubwordEncoder,
)

MENTIONS, HEADS, TAILS = "mentions", "heads", "tails"
"""Span groups of a document: all mentions, and the two ends of each pair in order."""
NO_RELATION = "unknown"
PUBLISHED = {"MG-Lattice (Li et al. 2019)": 0.6561}

console = Console()


class SanWenError(ValueError):
    """A file that is not SanWen. The message names it and the cause."""


class Pair(NamedTuple):
    """Two mentions of a text and its relations; no label where there is none."""

    head: str
    tail: str
    labels: frozenset[str]


class Score(NamedTuple):
    p: float
    r: float
    f: float


def read_pairs(path: Path) -> dict[str, list[Pair]]:
    """The pairs of each text, merged where only the label differs.

    Raises ``SanWenError`` for a file that cannot be read, and for a line that is not head, tail, label and text, or
    whose text lacks a mention.
    """
    merged: dict[str, dict[tuple[str, str], set[str]]] = {}
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise SanWenError(f"{path}: {error}") from error
    for number, line in enumerate(lines, 1):
        columns = ["".join(column.split()) for column in line.split("\t")]
        if len(columns) != 4:
            raise SanWenError(f"{path}:{number}: not head, tail, label and text: {line!r}")
        head, tail, label, text = columns
        if head not in text or tail not in text:
            raise SanWenError(f"{path}:{number}: a mention that is not in its text: {line!r}")
        merged.setdefault(text, {}).setdefault((head, tail), set()).add(label)
    return {
        text: [Pair(head, tail, frozenset(labels)) for (head, tail), labels in pairs.items()]
        for text, pairs in merged.items()
    }


def to_example(nlp: Language, text: str, pairs: Sequence[Pair]) -> Example:
    """Both documents of the example hold the mentions and pairs; the reference holds the relations."""
    predicted, reference = nlp.make_doc(text), nlp.make_doc(text)
    for doc in (predicted, reference):
        ends = [[_span_of(doc, mention) for mention in (pair.head, pair.tail)] for pair in pairs]
        doc.spans[HEADS] = [head for head, _ in ends]
        doc.spans[TAILS] = [tail for _, tail in ends]
        doc.spans[MENTIONS] = sorted({span for pair in ends for span in pair})
    set_relations(
        reference,
        (
            Relation(label, head, tail)
            for pair, (head, tail) in zip(pairs, ends, strict=True)
            for label in sorted(pair.labels - {NO_RELATION})
        ),
    )
    return Example(predicted, reference)


def _span_of(doc: Doc, mention: str) -> Span:
    start = doc.text.index(mention)
    return doc.char_span(start, start + len(mention), label="MENTION")


@registry.misc("sanwen.GivenPairs.v1")
def create_given_pairs() -> CandidateGenerator:
    """The pairs that the benchmark asks about."""

    def generate(doc: Doc, ents: Sequence[Span]) -> list[tuple[int, int]]:
        index = {(ent.start, ent.end): i for i, ent in enumerate(ents)}
        return [
            (index[head.start, head.end], index[tail.start, tail.end])
            for head, tail in zip(doc.spans[HEADS], doc.spans[TAILS], strict=True)
        ]

    return generate


def build_pipeline(config: Path, encoder: SubwordEncoder | None = None) -> Language:
    """The config's encoder and relation network as one component, reading span groups.

    encoder: Another encoder, in the place of the config's.
    """
    settings = load_config(config, interpolate=True)["components"]
    nlp = spacy.blank("zh")
    nlp.config["initialize"]["lookups"] = {"@misc": "baogao.TypographyLookups.v1"}
    model = settings["relation_extractor"]["model"] | {
        "tok2vec": settings["tok2vec"]["model"] if encoder is None else encoder.section
    }
    nlp.add_pipe(
        "relation_extractor",
        config={
            "model": model,
            "candidates": {"@misc": "sanwen.GivenPairs.v1"},
            "spans_key": MENTIONS,
            "use_gold_ents": False,
        },
    )
    return nlp


def train_epochs(
    nlp: Language,
    examples: list[Example],
    *,
    epochs: int,
    batch_size: int,
    learn_rate: float,
    dropout: float,
    seed: int,
) -> Iterator[float]:
    """Train, yielding the loss of each epoch when it is over."""
    pipe = nlp.get_pipe("relation_extractor")
    steps = epochs * -(-len(examples) // batch_size)
    optimizer = Adam(
        warmup_linear(learn_rate, steps // 10, steps),
        L2=0.01,
        L2_is_weight_decay=True,
        grad_clip=1.0,
        use_averages=False,
    )
    rng = random.Random(seed)
    for _ in range(epochs):
        losses: dict[str, float] = {}
        rng.shuffle(examples)
        for batch in minibatch(examples, batch_size):
            pipe.update(batch, drop=dropout, sgd=optimizer, losses=losses)
            optimizer.step_schedules()
        yield losses[pipe.name]


def predict(pipe: RelationExtractor, split: Iterable[Example]) -> tuple[list[str], numpy.ndarray]:
    """The likeliest relation of each pair and its probability."""
    labels: list[str] = []
    scores: list[float] = []
    for batch in minibatch(split, 64):
        _, probabilities = pipe.predict([eg.predicted for eg in batch])
        labels += [pipe.labels[column] for column in probabilities.argmax(axis=1)]
        scores += probabilities.max(axis=1).tolist()
    return labels, numpy.array(scores)


def score(
    gold: Sequence[frozenset[str]], labels: Sequence[str], scores: numpy.ndarray, threshold: float
) -> Score:
    """The published micro scores: of the pairs given a relation, those that have it; of the pairs that have a
    relation, those given one of theirs."""
    chosen = [label if s >= threshold else None for label, s in zip(labels, scores, strict=True)]
    n_right = sum(label in truth for label, truth in zip(chosen, gold, strict=True))
    n_predicted = sum(label is not None for label in chosen)
    n_gold = sum(truth != {NO_RELATION} for truth in gold)
    precision, recall = n_right / max(1, n_predicted), n_right / max(1, n_gold)
    return Score(precision, recall, 2 * n_right / max(1, n_predicted + n_gold))


def best_threshold(gold: Sequence[frozenset[str]], labels: Sequence[str], scores: numpy.ndarray) -> float:
    return max(
        (step / 100 for step in range(5, 96)),
        key=lambda threshold: score(gold, labels, scores, threshold).f,
    )


def run(
    folder: Path,
    config: Path,
    tok2vec: Path | None,
    epochs: int,
    batch_size: int,
    learn_rate: float,
    dropout: float,
    seed: int,
    encoder: SubwordEncoder | None = None,
) -> dict[str, Any]:
    """Train on train, choose epoch and threshold on valid, and score test with them."""
    fix_random_seed(seed)
    nlp = build_pipeline(config, encoder)
    pairs = {split: read_pairs(folder / f"{split}.txt") for split in ("train", "valid", "test")}
    gold = {
        split: [pair.labels for group in texts.values() for pair in group] for split, texts in pairs.items()
    }
    # Norms are looked up when a text is tokenized, so the lookups have to be there before.
    nlp.vocab.lookups = registry.resolve(nlp.config["initialize"])["lookups"]
    examples = {
        split: [to_example(nlp, text, group) for text, group in texts.items()]
        for split, texts in pairs.items()
    }
    nlp.initialize(lambda: examples["train"])
    pipe = nlp.get_pipe("relation_extractor")
    if tok2vec is not None:
        pipe.model.get_ref("tok2vec").from_bytes(tok2vec.read_bytes())
    best: dict[str, Any] = {"dev_f": -1.0}
    training = train_epochs(
        nlp,
        list(examples["train"]),
        epochs=epochs,
        batch_size=batch_size,
        learn_rate=learn_rate,
        dropout=dropout,
        seed=seed,
    )
    for epoch, loss in enumerate(training, 1):
        predicted = predict(pipe, examples["valid"])
        threshold = best_threshold(gold["valid"], *predicted)
        valid = score(gold["valid"], *predicted, threshold)
        console.print(f"epoch {epoch}: loss {loss:.2f}, valid F1 {100 * valid.f:.2f} at {threshold}")
        if valid.f > best["dev_f"]:
            test = score(gold["test"], *predict(pipe, examples["test"]), threshold)
            best = {"epoch": epoch, "threshold": threshold, "dev_f": valid.f, **test._asdict()}
    return best


def main(
    folder: Annotated[Path, typer.Argument(help="Folder with {train,valid,test}.txt.", exists=True)],
    config: Annotated[Path, typer.Option(help="Config whose encoder and relation network to use.")] = Path(
        "configs/zh_baogao_sm.cfg"
    ),
    tok2vec: Annotated[Path, typer.Option(help="Pretrained weights of the encoder.")] = Path(
        "training/pretrained/zh_baogao_sm.tok2vec"
    ),
    epochs: Annotated[int, typer.Option(help="Passes over train.")] = 6,
    batch_size: Annotated[int, typer.Option(help="Texts of a batch.")] = 64,
    learn_rate: Annotated[float, typer.Option(help="Highest learning rate.")] = 0.001,
    dropout: Annotated[float, typer.Option(help="Dropout in training.")] = 0.2,
    seeds: Annotated[int, typer.Option(help="Runs of each variant.")] = 1,
    encoder: Checkpoint = None,
    frozen_layers: FrozenLayers = 8,
    learn_rate_factor: LearnRateFactor = 0.1,
    mixed_precision: MixedPrecision = False,
    out: Annotated[Path | None, typer.Option(help="Results as JSON.")] = None,
) -> None:
    out = out or RESULTS / f"sanwen{'' if encoder is None else '_encoder'}.json"
    out.parent.mkdir(parents=True, exist_ok=True)
    settings = {"epochs": epochs, "batch_size": batch_size, "learn_rate": learn_rate, "dropout": dropout}
    record = settings
    if encoder is None:
        other, variants = None, {"pretrained": tok2vec, "random initialisation": None}
    else:
        other = SubwordEncoder(encoder, frozen_layers, learn_rate_factor, mixed_precision)
        variants = {other.title: None}
        record = settings | other.settings
    results: dict[str, Any] = {}
    for variant, weights in variants.items():
        runs = []
        for seed in range(seeds):
            try:
                runs.append(run(folder, config, weights, seed=seed, encoder=other, **settings))
            except SanWenError as error:
                raise typer.BadParameter(str(error)) from error
            console.print(variant, seed, runs[-1])
        results[variant] = summarise(runs)
    data = "SanWen, test, micro F1 over the pairs with a relation"
    write_results(out, data, results, console, published=PUBLISHED, settings=record)


if __name__ == "__main__":
    typer.run(main)
