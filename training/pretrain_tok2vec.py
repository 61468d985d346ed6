"""Pretrain the CNN encoder of zh_baogao_sm on official text, in torch, and save it as thinc weights.

Two objectives share the encoder: masked characters (span masking after SpanBERT, Joshi et al. 2020; the bigrams
that contain a masked character are masked with it) and, where silver is given, the word boundaries and tags that
a larger tagger assigned. spaCy's own ``spacy pretrain`` has the same purpose; its objectives predict a token's
characters, which for one-character tokens is the identity, and run in numpy at a tenth of the speed.

The result is what ``[initialize] init_tok2vec`` reads, so a pipeline trains from it without torch.
"""

from __future__ import annotations

import functools
import json
import lzma
import math
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import numpy
import torch
import torch.nn.functional as F
import typer
from rich.console import Console
from spacy.strings import hash_string
from thinc.api import Model, NumpyOps
from torch import nn

from baogao.atomic import write_bytes
from baogao.layers.char_ngrams import ngram_keys
from baogao.typography import character_norms
from training.sm_encoder import DILATIONS, EMBED_WIDTH, MAXOUT_PIECES, ROWS, SIZES, WIDTH, build_encoder

CHUNK = 256  # characters per row of a batch; the encoder sees 14 to each side
MASK_RATE = 0.15
MASK_KEY = numpy.uint64(hash_string("[MASK]"))
IGNORE = -100

console = Console()


# ---------------------------------------------------------------------------------------------- data


def read_text(paths: list[Path], max_characters: int | None) -> str:
    """Paragraphs of the ``.txt.xz`` files, one per line, in one typography."""
    norms = str.maketrans(character_norms())
    parts, n = [], 0
    for path in paths:
        with lzma.open(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                if line := line.strip():
                    parts.append(line.lower().translate(norms))
                    n += len(line) + 1
                    if max_characters and n >= max_characters:
                        return "\n".join(parts)
    return "\n".join(parts)


def read_silver(path: Path) -> tuple[str, list[str]]:
    """Text and one ``B-tag``/``I-tag`` per character from JSON lines ``[text, [[length, tag], …]]``."""
    norms = str.maketrans(character_norms())
    parts, tags = [], []
    for line in path.read_text(encoding="utf-8").splitlines():
        text, words = json.loads(line)
        parts.append(text.lower().translate(norms))
        for length, tag in words:
            tags += [f"B-{tag}"] + [f"I-{tag}"] * (length - 1)
        tags.append("O")  # the line break
    return "\n".join(parts), tags[:-1]


class Corpus:
    """Characters as vocabulary ids and as the hashes that spaCy's NORM attribute would give."""

    def __init__(self, text: str, vocabulary: dict[str, int], tags: numpy.ndarray | None = None) -> None:
        codes = numpy.frombuffer(text.encode("utf-32-le"), dtype="uint32")
        distinct, inverse = numpy.unique(codes, return_inverse=True)
        chars = [chr(code) for code in distinct]
        self.ids = numpy.array([vocabulary.get(c, 0) for c in chars], dtype="int64")[inverse]
        self.keys = numpy.array([hash_string(c) for c in chars], dtype="uint64")[inverse]
        self.tags = tags

    def sample(self, rng: numpy.random.Generator, n: int) -> tuple[numpy.ndarray, ...]:
        starts = rng.integers(0, len(self.ids) - CHUNK, size=n)
        index = starts[:, None] + numpy.arange(CHUNK)
        tags = numpy.full(index.shape, IGNORE) if self.tags is None else self.tags[index]
        return self.ids[index], self.keys[index], tags


def mask_spans(rng: numpy.random.Generator, shape: tuple[int, int]) -> numpy.ndarray:
    """Boolean mask of about ``MASK_RATE`` of the positions, in spans of one to four characters."""
    lengths = rng.choice([1, 2, 3, 4], p=[0.3, 0.4, 0.15, 0.15], size=shape)
    starts = rng.random(shape) < MASK_RATE / lengths.mean()
    masked = numpy.zeros(shape, dtype=bool)
    for offset in range(4):
        covers = starts & (lengths > offset)
        masked[:, offset:] |= covers[:, : shape[1] - offset]
    return masked


def ngram_rows(keys: numpy.ndarray) -> list[torch.Tensor]:
    """Rows of each hash table, as thinc's ``HashEmbed`` computes them: (batch * CHUNK, 4) per n-gram size."""
    ops = NumpyOps()
    grams = numpy.concatenate([ngram_keys(row, SIZES) for row in keys])
    return [
        torch.from_numpy((ops.hash(numpy.ascontiguousarray(grams[:, i]), i + 1) % n_rows).astype("int64"))
        for i, n_rows in enumerate(ROWS)
    ]


def batches(text: Corpus, silver: Corpus | None, n: int, seed: int) -> Iterator[tuple[torch.Tensor, ...]]:
    rng = numpy.random.default_rng(seed)
    n_silver = n // 3 if silver else 0
    while True:
        parts = [text.sample(rng, n - n_silver)]
        if silver:
            parts.append(silver.sample(rng, n_silver))
        ids, keys, tags = (numpy.concatenate(arrays) for arrays in zip(*parts, strict=True))
        masked = mask_spans(rng, ids.shape)
        hidden = masked & (rng.random(ids.shape) < 0.9)  # a tenth stays readable, as in BERT
        targets = numpy.where(masked & (ids > 0), ids, IGNORE)
        rows = ngram_rows(numpy.where(hidden, MASK_KEY, keys))
        yield rows, torch.from_numpy(targets.reshape(-1)), torch.from_numpy(tags.reshape(-1))


# --------------------------------------------------------------------------------------------- model


class MaxoutNorm(nn.Module):
    """thinc's ``Maxout(normalize=True)``: weights (nO, nP, nI), then a layer norm."""

    def __init__(self, n_in: int, n_out: int, pieces: int) -> None:
        super().__init__()
        self.linear = nn.Linear(n_in, n_out * pieces)
        self.norm = nn.LayerNorm(n_out, eps=1e-8)
        self.shape = (pieces, n_out)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        # Pieces apart, not interleaved as in thinc, and max(a, b) as a + relu(b - a): several times faster.
        pieces = self.linear(x).split(self.shape[1], dim=-1)
        return self.norm(functools.reduce(lambda a, b: a + F.relu(b - a), pieces))

    def export(self, maxout: Model, norm: Model) -> None:
        weight, bias = self.linear.weight.detach().numpy(), self.linear.bias.detach().numpy()
        maxout.set_param("W", weight.reshape(*self.shape, -1).swapaxes(0, 1).copy())
        maxout.set_param("b", bias.reshape(self.shape).T.copy())
        norm.set_param("G", self.norm.weight.detach().numpy().copy())
        norm.set_param("b", self.norm.bias.detach().numpy().copy())


class Encoder(nn.Module):
    """The layers of ``training.sm_encoder.build_encoder``, in torch."""

    def __init__(self) -> None:
        super().__init__()
        self.tables = nn.ModuleList(nn.EmbeddingBag(n, EMBED_WIDTH, mode="sum") for n in ROWS)
        for table in self.tables:
            nn.init.uniform_(table.weight, -0.1, 0.1)
        self.mix = MaxoutNorm(EMBED_WIDTH * len(ROWS), WIDTH, MAXOUT_PIECES)
        self.convolutions = nn.ModuleList(MaxoutNorm(3 * WIDTH, WIDTH, MAXOUT_PIECES) for _ in DILATIONS)

    def forward(self, rows: list[torch.Tensor]) -> torch.Tensor:
        x = self.mix(torch.cat([table(r) for table, r in zip(self.tables, rows, strict=True)], dim=-1))
        x = x.view(-1, CHUNK, WIDTH)
        for dilation, convolution in zip(DILATIONS, self.convolutions, strict=True):
            before = F.pad(x, (0, 0, dilation, 0))[:, :CHUNK]
            after = F.pad(x, (0, 0, 0, dilation))[:, dilation:]
            x = x + convolution(torch.cat([before, x, after], dim=-1))
        return x.reshape(-1, WIDTH)

    def export(self) -> Model:
        model = build_encoder()
        nodes = list(model.walk())
        tables = [node for node in nodes if node.name == "hashembed"]
        maxouts = [node for node in nodes if node.name == "maxout"]
        norms = [node for node in nodes if node.name == "layernorm"]
        for node, table in zip(tables, self.tables, strict=True):
            node.set_param("E", table.weight.detach().numpy().copy())
        layers = [self.mix, *self.convolutions]
        for layer, maxout, norm in zip(layers, maxouts, norms, strict=True):
            layer.export(maxout, norm)
        return model


# -------------------------------------------------------------------------------------------- training


def learning_rate(progress: float, peak: float, warmup: float = 0.03) -> float:
    if progress < warmup:
        return peak * progress / warmup
    return peak * 0.5 * (1 + math.cos(math.pi * (progress - warmup) / (1 - warmup)))


def main(
    folder: Annotated[Path, typer.Argument(help="Folder of text files (.txt.xz), one paragraph per line.")],
    out: Annotated[Path, typer.Argument(help="Where to write the thinc weights.")],
    silver: Annotated[Path | None, typer.Option(help="Tagged text from training.tag_silver.")] = None,
    log: Annotated[Path | None, typer.Option(help="JSON lines of losses.")] = None,
    minutes: Annotated[float, typer.Option(help="Machine time; the learning rate decays over it.")] = 60.0,
    batch_size: Annotated[int, typer.Option(help="Chunks of 256 characters per step.")] = 48,
    peak: Annotated[float, typer.Option(help="Peak learning rate.")] = 2e-3,
    max_characters: Annotated[int | None, typer.Option(help="Read no more text than this.")] = None,
    seed: int = 0,
) -> None:
    torch.manual_seed(seed)
    paths = sorted(folder.glob("*.txt.xz"))
    if not paths:
        raise typer.BadParameter(f"{folder}: holds no .txt.xz files")
    text = read_text(paths, max_characters)
    counts = Counter(text)
    vocabulary = {c: i for i, (c, n) in enumerate(counts.most_common(), 1) if n >= 10}
    silver_corpus, tag_ids = None, {"O": 0}
    if silver:
        silver_text, tags = read_silver(silver)
        for tag in sorted(set(tags)):
            tag_ids.setdefault(tag, len(tag_ids))
        silver_corpus = Corpus(silver_text, vocabulary, numpy.array([tag_ids[t] for t in tags]))
    held_out = len(text) // 100
    train, dev = Corpus(text[:-held_out], vocabulary), Corpus(text[-held_out:], vocabulary)
    console.print(f"{len(text):,} characters, {len(vocabulary):,} distinct, {len(tag_ids)} tags")

    encoder = Encoder()
    head = nn.Linear(WIDTH, len(vocabulary) + 1)
    tagger = nn.Linear(WIDTH, len(tag_ids))
    parameters = [p for m in (encoder, head, tagger) for p in m.parameters()]
    optimizer = torch.optim.AdamW(parameters, lr=peak, betas=(0.9, 0.98), weight_decay=0.01)

    def mlm_loss(rows: list[torch.Tensor], targets: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        vectors = encoder(rows)
        at = targets != IGNORE
        return F.cross_entropy(head(vectors[at]), targets[at]), vectors

    def evaluate() -> float:
        with torch.no_grad():
            stream = batches(dev, None, batch_size, seed=1)
            return sum(mlm_loss(*next(stream)[:2])[0].item() for _ in range(5)) / 5

    begin = saved = time.monotonic()
    losses, records, seen = [], [], 0
    for step, (rows, targets, tags) in enumerate(batches(train, silver_corpus, batch_size, seed), 1):
        progress = (time.monotonic() - begin) / (minutes * 60)
        if progress >= 1:
            break
        for group in optimizer.param_groups:
            group["lr"] = learning_rate(progress, peak)
        loss, vectors = mlm_loss(rows, targets)
        at = tags != IGNORE
        tag_loss = F.cross_entropy(tagger(vectors[at]), tags[at]) if silver_corpus else torch.zeros(())
        optimizer.zero_grad()
        (loss + tag_loss).backward()
        torch.nn.utils.clip_grad_norm_(parameters, 1.0)
        optimizer.step()
        seen += batch_size * CHUNK
        losses.append((loss.item(), tag_loss.item()))
        if step % 100 == 0:
            mlm, tag = (sum(column) / len(losses) for column in zip(*losses, strict=True))
            losses = []
            records.append({"step": step, "characters": seen, "mlm": mlm, "tags": tag, "dev": evaluate()})
            rate = seen / (time.monotonic() - begin)
            console.print(f"{records[-1]} {progress:.0%} {rate:,.0f} characters/s")
            if time.monotonic() - saved > 300:
                write_bytes(out, encoder.export().to_bytes())
                saved = time.monotonic()
    write_bytes(out, encoder.export().to_bytes())
    if log:
        write_bytes(log, "".join(json.dumps(r) + "\n" for r in records).encode())


if __name__ == "__main__":
    typer.run(main)
