"""An encoder of ``transformers`` in the place of, or beside, the one of zh_baogao_sm."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, NamedTuple

import typer

# Options of the commands.
Checkpoint = Annotated[
    Path | None,
    typer.Option(
        help="Folder of a checkpoint of transformers to use; only this variant is run.",
        exists=True,
        file_okay=False,
    ),
]
FrozenLayers = Annotated[int, typer.Option(help="Lowest layers of it that do not learn.")]
LearnRateFactor = Annotated[float, typer.Option(help="Of the learning rate, for it.")]
MixedPrecision = Annotated[bool, typer.Option("--mixed-precision", help="Train it in bfloat16.")]

# Pieces that it sees at once, and from one window's start to the next one's; the texts here are shorter.
WINDOW, STRIDE = 500, 400
DROPOUT = 0.1


class SubwordEncoder(NamedTuple):
    """The arguments are those of ``baogao.CharTransformer.v1``."""

    checkpoint: Path
    frozen_layers: int
    learn_rate_factor: float
    mixed_precision: bool = False

    @property
    def title(self) -> str:
        """The variant's name in tables."""
        return f"{self.checkpoint.name}, {self.frozen_layers} layers frozen"

    @property
    def settings(self) -> dict[str, Any]:
        """What results record of it, beside the title."""
        return {name: value for name, value in self._asdict().items() if name != "checkpoint"}

    @property
    def section(self) -> dict[str, Any]:
        """Its section of a config."""
        return {
            "@architectures": "baogao.CharTransformer.v1",
            "name": str(self.checkpoint),
            "window": WINDOW,
            "stride": STRIDE,
            "dropout": DROPOUT,
            "subwords": True,
            **self.settings,
        }
