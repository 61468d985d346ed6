"""Pretrain the CNN encoder of zh_baogao_sm on official text, in torch, and save it as thinc weights.

Two objectives share the encoder: masked characters (span masking after SpanBERT, Joshi et al. 2020; the bigrams
that contain a masked character are masked with it) and, where silver is given, the word boundaries and tags that
a larger tagger assigned. spaCy's own ``spacy pretrain`` has the same purpose; its objectives predict a token's
characters, which for one-character tokens is the identity, and run in numpy at a tenth of the speed.

The result is what ``[initialize] init_tok2vec`` reads, so a pipeline trains from it without torch.
"""

from __future__ import annotations

import json
import time
from collections import Counter
from pathlib import Path
from typing import Annotated

import numpy
import torch
import torch.nn.functional as F
import typer
from rich.console import Console
from thinc.api import Model
from torch import nn

from baogao.atomic import write_bytes
from baogao.encoders.stem import ConvolutionalStem
from training.masked_characters import (
    CHUNK,
    IGNORE,
    Corpus,
    batches,
    read_silver,
    read_text,
    stack_rows,
)
from training.schedule import warmup_cosine
from training.sm_encoder import DILATIONS, EMBED_WIDTH, MAXOUT_PIECES, ROWS, WIDTH, build_encoder

WARMUP = 0.03  # share of the run in which the learning rate rises

console = Console()


class Encoder(ConvolutionalStem):
    """The layers of ``training.sm_encoder.build_encoder``, in torch."""

    def __init__(self) -> None:
        super().__init__(ROWS, EMBED_WIDTH, WIDTH, MAXOUT_PIECES, DILATIONS)

    def forward(self, rows: list[torch.Tensor]) -> torch.Tensor:
        """Vectors of the characters, shape (batch * CHUNK, WIDTH), from ``ngram_rows``."""
        return super().forward(stack_rows(rows)).reshape(-1, WIDTH)

    def export(self) -> Model:
        """The encoder as a thinc model."""
        model = build_encoder()
        self.to_thinc(model)
        return model


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
    out.parent.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(seed)
    paths = sorted(folder.glob("*.txt.xz"))
    if not paths:
        raise typer.BadParameter(f"{folder}: holds no .txt.xz files")
    text = read_text(paths, max_characters)
    counts = Counter(text)
    vocabulary = {c: i for i, (c, n) in enumerate(counts.most_common(), 1) if n >= 10}
    silver_corpus, tag_ids = None, {"O": 0}
    if silver:
        try:
            silver_text, tags = read_silver(silver)
        except (OSError, ValueError) as error:
            raise typer.BadParameter(str(error)) from error
        for tag in sorted(set(tags)):
            tag_ids.setdefault(tag, len(tag_ids))
        silver_corpus = Corpus(silver_text, vocabulary, numpy.array([tag_ids[t] for t in tags]))
    held_out = len(text) // 100
    if held_out <= CHUNK:
        raise typer.BadParameter(
            f"{folder}: {len(text):,} characters are too few: a hundredth, which is held out, needs more than {CHUNK}"
        )
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
            group["lr"] = peak * warmup_cosine(progress, WARMUP)
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
