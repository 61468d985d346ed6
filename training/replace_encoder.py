"""Another encoder in a trained pipeline; everything after it stays as it is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from spacy.language import Language
from spacy.util import load_config
from thinc.api import Model

from baogao.atomic import write_folder

COMPONENT = "tok2vec"


def replace_encoder(nlp: Language, layer: Model, settings: dict[str, Any], out: Path) -> None:
    """Write the pipeline with this encoder in the place of its own, whole or not at all.

    layer: Of the same width. settings: Its section of the config.
    """

    def write(folder: Path) -> None:
        nlp.to_disk(folder)
        layer.to_disk(folder / COMPONENT / "model")
        # Interpolated: other components may take their width from the section that goes.
        config = load_config(folder / "config.cfg", interpolate=True)
        config["components"][COMPONENT]["model"] = settings
        config.to_disk(folder / "config.cfg")

    write_folder(out, write)
