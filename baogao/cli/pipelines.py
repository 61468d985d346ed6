"""Finding the pipeline that a command runs."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import spacy
from spacy.language import Language

from .. import __version__
from ..ledger import component as _ledger  # noqa: F401  (registers the factory where baogao is not installed)

DEFAULT_PACKAGE = "zh_baogao_sm"
DEFAULT_FOLDER = Path("models") / DEFAULT_PACKAGE


class PipelineError(RuntimeError):
    """No pipeline, or one that cannot be loaded. The message says which and why."""


def load_pipeline(name_or_path: str | None) -> Language:
    """Load an installed package or a folder, and see to it that it ends in a ``ledger``.

    name_or_path: None for the default, the package ``zh_baogao_sm``, else ``models/zh_baogao_sm``.
    """
    nlp = load_as_is(name_or_path or _default())
    if "ledger" not in nlp.pipe_names:
        nlp.add_pipe("ledger", last=True)
    return nlp


def load_as_is(name_or_path: str) -> Language:
    """Load an installed package or a folder. Raises ``PipelineError``."""
    if not spacy.util.is_package(name_or_path) and not (Path(name_or_path) / "meta.json").is_file():
        raise PipelineError(
            f"{name_or_path}: neither an installed package nor a folder with a pipeline (no meta.json)"
        )
    try:
        return spacy.load(name_or_path)
    except ImportError as error:
        needs = "".join(f"; it needs {requirement}" for requirement in _requirements(name_or_path))
        raise PipelineError(f"{name_or_path}: cannot be loaded: {error}{needs}") from error
    except Exception as error:  # a broken package can fail in any way; its user needs the name and the cause
        raise PipelineError(f"{name_or_path}: cannot be loaded: {error}") from error


def ledger_only() -> Language:
    """A pipeline without a model, for texts whose annotations are given."""
    nlp = spacy.blank("zh")
    nlp.add_pipe("ledger")
    return nlp


def identity(nlp: Language) -> str:
    """What made an output: the pipeline with its version and a fingerprint, and the version of baogao.

    The fingerprint is of the meta data, with the scores of the weights; of the config; and of the components' own
    settings, which win over the config's (``training.tune_thresholds``).
    """
    meta = nlp.meta
    settings = {name: dict(pipe.cfg) for name, pipe in nlp.pipeline if hasattr(pipe, "cfg")}
    made_by = json.dumps([meta, nlp.config.to_str(), settings], sort_keys=True, default=str)
    fingerprint = hashlib.sha256(made_by.encode()).hexdigest()[:12]
    return f"{meta['lang']}_{meta['name']}-{meta['version']} ({fingerprint}), baogao {__version__}"


def _requirements(name_or_path: str) -> list[str]:
    """What a pipeline says it needs beyond the library, such as ``baogao[onnx]``."""
    is_package = spacy.util.is_package(name_or_path)
    folder = spacy.util.get_package_path(name_or_path) if is_package else Path(name_or_path)
    return spacy.util.load_meta(folder / "meta.json").get("requirements") or []


def _default() -> str:
    if spacy.util.is_package(DEFAULT_PACKAGE):
        return DEFAULT_PACKAGE
    if DEFAULT_FOLDER.is_dir():
        return str(DEFAULT_FOLDER)
    raise PipelineError(
        f"no pipeline: the package {DEFAULT_PACKAGE} is not installed and there is no folder "
        f"{DEFAULT_FOLDER}; name one with --pipeline"
    )
