"""Pretrain an encoder on official text: ``baogao-stem``, a transformer over convolutions.

Two objectives, those of ``training.pretrain_tok2vec``: masked characters, in whole words where silver gives the
words and in short spans elsewhere, and silver's words and tags.

The loop is our own and not ``transformers.Trainer``, for three reasons: the run is given machine time and not
steps, its checkpoints must be there whole or not at all, and nothing of them may be pickled.
"""

from __future__ import annotations

import json
import math
import shutil
import time
from dataclasses import asdict, dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Annotated

import torch
import typer
from rich.console import Console
from safetensors.torch import load_file, save_file
from spacy.util import load_config
from transformers.utils import logging as transformers_logging

from baogao.atomic import write_bytes, write_folder
from baogao.encoders.configuration import StemTransformerConfig
from baogao.encoders.stem_transformer import StemTransformerForPreTraining
from training import sm_encoder
from training.pretraining_data import (
    CHUNK,
    Batch,
    Batches,
    Silver,
    count_characters,
    held_out_batches,
    load_rows,
    split_held_out,
)
from training.schedule import warmup_cosine

CONFIG = Path(__file__).parents[1] / "configs" / "pretrain_encoder.cfg"

console = Console()


@dataclass
class Progress:
    """What a run needs to know of itself to go on."""

    step: int = 0
    seconds: float = 0.0
    records: list[dict] = field(default_factory=list)


def build_model(
    encoder: dict, counts: dict[str, int], tags: list[str], init_stem: Path | None
) -> StemTransformerForPreTraining:
    """A model to pretrain.

    encoder: The shape of the transformer, as ``[encoder]`` of the config gives it.
    counts: How often each character of the vocabulary occurs, in the order of the vocabulary.
    tags: Tags of the silver text. init_stem: Weights from training.pretrain_tok2vec.
    """
    config = StemTransformerConfig(
        **sm_encoder.STEM,
        vocabulary="".join(counts),
        tags=tags,
        **encoder,
    )
    model = StemTransformerForPreTraining(config)
    if counts:  # the head need not learn how frequent characters are
        bias = torch.tensor(list(counts.values())).log() - math.log(sum(counts.values()))
        with torch.no_grad():
            model.characters.bias[1:] = bias
    if init_stem:
        thinc_model = sm_encoder.build_encoder().from_bytes(init_stem.read_bytes())
        model.encoder.stem.from_thinc(thinc_model)
    return model


def build_optimizer(model: StemTransformerForPreTraining, settings: dict) -> torch.optim.AdamW:
    """Gentle steps for the pretrained stem, no weight decay for biases and norms."""
    groups: dict[tuple[float, float], list[torch.nn.Parameter]] = {}
    for name, parameter in model.named_parameters():
        if name.startswith("encoder.stem."):
            rate = settings["stem_learning_rate"]
        else:
            rate = settings["learning_rate" if name.startswith("encoder.") else "head_learning_rate"]
        decay = settings["weight_decay"] if parameter.ndim > 1 else 0.0
        groups.setdefault((rate, decay), []).append(parameter)
    return torch.optim.AdamW(
        [
            {"params": parameters, "lr": rate, "peak": rate, "weight_decay": decay}
            for (rate, decay), parameters in groups.items()
        ],
        betas=(0.9, 0.98),
        fused=True,
    )


@torch.no_grad()
def evaluate(model: StemTransformerForPreTraining, held_out: list[Batch]) -> float:
    """Mean loss of masked characters, in nats."""
    model.eval()
    losses = [model(batch.rows, batch.characters).character_loss.item() for batch in held_out]
    model.train()
    return sum(losses) / len(losses)


def save_checkpoint(
    folder: Path, model: StemTransformerForPreTraining, optimizer: torch.optim.AdamW, progress: Progress
) -> None:
    """Write ``step-…`` beside the last one, which is removed when the new one is whole."""
    for left in folder.glob(".step-*"):  # by a run that was killed while it wrote
        shutil.rmtree(left)
    target = folder / f"step-{progress.step:06d}"
    moments = {
        f"{index}.{name}": value
        for index, state in optimizer.state_dict()["state"].items()
        for name, value in state.items()
    }

    def write(temporary: Path) -> None:
        model.save_pretrained(temporary)
        save_file(moments, temporary / "optimizer.safetensors")
        (temporary / "progress.json").write_text(json.dumps(asdict(progress)), encoding="utf-8")

    write_folder(target, write)
    for other in folder.glob("step-*"):
        if other != target:
            shutil.rmtree(other)


def load_checkpoint(
    folder: Path, settings: dict
) -> tuple[StemTransformerForPreTraining, torch.optim.AdamW, Progress]:
    """What :func:`save_checkpoint` wrote; the learning rates are those of ``settings``."""
    model = StemTransformerForPreTraining.from_pretrained(folder)
    optimizer = build_optimizer(model, settings)
    state = optimizer.state_dict()
    for key, value in load_file(folder / "optimizer.safetensors").items():
        index, name = key.split(".")
        state["state"].setdefault(int(index), {})[name] = value
    optimizer.load_state_dict(state)
    progress = Progress(**json.loads((folder / "progress.json").read_text(encoding="utf-8")))
    return model, optimizer, progress


def plot(records: list[dict], path: Path) -> None:
    """Draw the losses over the characters read."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(7, 4), layout="constrained")
    for key, label in (
        ("characters", "masked characters"),
        ("tags", "tags"),
        ("held_out", "held-out characters"),
    ):
        points = [(r["seen"] / 1e6, r[key]) for r in records if r.get(key) is not None]
        if points:
            axes.plot(*zip(*points, strict=True), label=label, marker="." if key == "held_out" else None)
    axes.set(xlabel="million characters read", ylabel="loss (nats)", ylim=(0, 5))
    axes.legend()
    axes.grid(alpha=0.3)
    image = BytesIO()
    figure.savefig(image, dpi=120, format="png")
    pyplot.close(figure)
    write_bytes(path, image.getvalue())


def main(
    folder: Annotated[Path, typer.Argument(help="Folder of text files (.txt.xz), one paragraph per line.")],
    out: Annotated[Path, typer.Argument(help="Folder to write: checkpoints, losses, encoder/.")],
    silver: Annotated[Path | None, typer.Option(help="Tagged text from training.tag_silver.")] = None,
    init_stem: Annotated[Path | None, typer.Option(help="Weights from training.pretrain_tok2vec.")] = None,
    config: Annotated[Path, typer.Option(help="Shape of the encoder, and settings.")] = CONFIG,
    minutes: Annotated[float | None, typer.Option(help="Machine time, instead of the config's.")] = None,
    cache_dir: Annotated[Path | None, typer.Option(help="Where datasets keeps the rows.")] = None,
) -> None:
    """Starts, or goes on from the checkpoint in OUT. Stop it with Ctrl-C or SIGTERM after any checkpoint."""
    settings = load_config(config, interpolate=True)
    training = settings["training"]
    budget = 60 * (minutes or training["minutes"])
    transformers_logging.disable_progress_bar()
    torch.manual_seed(training["seed"])
    out.mkdir(parents=True, exist_ok=True)
    try:
        text = load_rows(folder, cache_dir)
        train, tail = split_held_out(text)
        tagged = Silver.read(silver) if silver else None
    except (OSError, ValueError) as error:
        raise typer.BadParameter(str(error)) from error
    checkpoints = sorted(out.glob("step-*"))
    if checkpoints:
        model, optimizer, progress = load_checkpoint(checkpoints[-1], training)
        console.print(f"goes on from {checkpoints[-1]}")
    else:
        model = build_model(
            settings["encoder"], count_characters(text), tagged.names if tagged else [], init_stem
        )
        optimizer, progress = build_optimizer(model, training), Progress()
    vocabulary = model.config.vocabulary
    held_out = held_out_batches(tail, vocabulary)
    batches = Batches(
        train, vocabulary, tagged, training["batch_size"], training["silver_rows"], training["seed"]
    )
    n_parameters = sum(parameter.numel() for parameter in model.encoder.parameters())
    console.print(
        f"{len(train) * CHUNK:,} characters, {len(vocabulary):,} distinct, {len(model.config.tags)} tags, "
        f"{n_parameters:,} parameters"
    )

    model.train()
    begin, seconds_before = time.monotonic(), progress.seconds
    saved, losses = begin, []
    while (share := (seconds_before + time.monotonic() - begin) / budget) < 1:
        factor = warmup_cosine(share, training["warmup"])
        for group in optimizer.param_groups:
            group["lr"] = group["peak"] * factor
        batch = batches(progress.step)
        output = model(batch.rows, batch.characters, batch.tags)
        optimizer.zero_grad()
        output.loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), training["grad_clip"])
        optimizer.step()
        progress.step += 1
        progress.seconds = seconds_before + time.monotonic() - begin
        losses.append((output.character_loss.item(), output.tag_loss.item()))
        if progress.step % training["log_every"] == 0:
            characters, tags = (sum(column) / len(losses) for column in zip(*losses, strict=True))
            seen = progress.step * training["batch_size"] * CHUNK
            record = {"step": progress.step, "seen": seen, "seconds": round(progress.seconds)}
            record |= {"characters": round(characters, 4), "tags": round(tags, 4) if tagged else None}
            if progress.step % training["eval_every"] == 0:
                record["held_out"] = round(evaluate(model, held_out), 4)
                record["perplexity"] = round(math.exp(record["held_out"]), 3)
            progress.records.append(record)
            losses = []
            write_log(progress.records, out)
            console.print(f"{json.dumps(record)} {share:.0%} {seen / progress.seconds:,.0f} characters/s")
        if time.monotonic() - saved > 60 * training["save_every"]:
            save_checkpoint(out, model, optimizer, progress)
            saved = time.monotonic()
    final = round(evaluate(model, held_out), 4)
    seen = progress.step * training["batch_size"] * CHUNK
    progress.records.append(
        {"step": progress.step, "seen": seen, "held_out": final, "perplexity": round(math.exp(final), 3)}
    )
    write_log(progress.records, out)
    save_checkpoint(out, model, optimizer, progress)
    write_folder(out / "encoder", model.encoder.save_pretrained)
    console.print(f"held-out loss {final}, encoder in {out / 'encoder'}")


def write_log(records: list[dict], out: Path) -> None:
    write_bytes(out / "losses.jsonl", "".join(json.dumps(record) + "\n" for record in records).encode())
    plot(records, out / "losses.png")


if __name__ == "__main__":
    typer.run(main)
