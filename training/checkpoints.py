"""Folders that are there whole or not at all."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from transformers import PreTrainedModel


def replace_folder(source: Path, target: Path) -> None:
    """Move a folder over another one, if there is one, so that neither is ever there in part."""
    old = target.with_name(f".{target.name}.{os.getpid()}.old")
    if target.exists():
        os.replace(target, old)
    os.replace(source, target)
    shutil.rmtree(old, ignore_errors=True)


def save_encoder(encoder: PreTrainedModel, out: Path) -> None:
    """Write a model of transformers into a folder, in the place of what is there."""
    out.parent.mkdir(parents=True, exist_ok=True)
    temporary = out.with_name(f".{out.name}.{os.getpid()}.tmp")
    encoder.save_pretrained(temporary)
    replace_folder(temporary, out)
