"""An encoder of ``transformers`` in the place of, or beside, the one of zh_baogao_sm."""

from __future__ import annotations

from pathlib import Path
from typing import Any

# Pieces that it sees at once, and from one window's start to the next one's; the texts here are shorter.
WINDOW, STRIDE = 500, 400
DROPOUT = 0.1


def subword_encoder(checkpoint: Path, frozen_layers: int, learn_rate_factor: float) -> dict[str, Any]:
    """The section of a config; the arguments are those of ``baogao.CharTransformer.v1``."""
    return {
        "@architectures": "baogao.CharTransformer.v1",
        "name": str(checkpoint),
        "window": WINDOW,
        "stride": STRIDE,
        "learn_rate_factor": learn_rate_factor,
        "dropout": DROPOUT,
        "freeze": False,
        "subwords": True,
        "frozen_layers": frozen_layers,
    }


def describe(checkpoint: Path, frozen_layers: int) -> str:
    """The variant's name in tables."""
    return f"{checkpoint.name}, {frozen_layers} layers frozen"
