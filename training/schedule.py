"""The learning rates' course in pretraining, which is given machine time and not steps."""

from __future__ import annotations

import math


def warmup_cosine(progress: float, warmup: float) -> float:
    """Factor of the peak learning rate at a share of the run: linear warm-up, then a cosine to zero.

    warmup: Share of the run in which the rate rises, less than 1.
    """
    if progress < warmup:
        return progress / warmup
    return 0.5 * (1 + math.cos(math.pi * min(1.0, (progress - warmup) / (1 - warmup))))
