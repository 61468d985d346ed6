"""The mean of the weights of pipelines that were trained from one: better than each of them, and no slower.

    python -m training.average_pipelines OUT PIPELINE PIPELINE [...]

Wortsman et al. (2022), "Model soups: averaging weights of multiple fine-tuned models improves accuracy without
increasing inference time". It works for pipelines that started from the same trained weights, heads included, and
saw the data in different order: those lie in one basin of the loss, others do not.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import numpy
import spacy
import typer
from rich.console import Console
from spacy.language import Language
from thinc.api import Model

from baogao.atomic import write_folder


def average(pipelines: list[Language]) -> Language:
    """The first of the pipelines, with the mean of all their weights.

    Raises ValueError if they have different components, labels or shapes.
    """
    first, *others = pipelines
    for other in others:
        if other.pipe_names != first.pipe_names or other.pipe_labels != first.pipe_labels:
            raise ValueError(
                f"pipelines of different components or labels: {first.pipe_labels} and {other.pipe_labels}"
            )
    for name, component in first.pipeline:
        if isinstance(model := getattr(component, "model", None), Model):
            _average_models(name, [model, *(other.get_pipe(name).model for other in others)])
    first.meta["performance"] = {}  # that of one of them
    return first


def _average_models(name: str, models: list[Model]) -> None:
    """Give the first model the mean of the parameters of all, node by node."""
    walks = [list(model.walk()) for model in models]
    if len({tuple(node.name for node in walk) for walk in walks}) > 1:
        raise ValueError(f"{name}: models of different structure")
    for nodes in zip(*walks, strict=True):
        for parameter in nodes[0].param_names:
            if not nodes[0].has_param(parameter):
                continue
            values = [node.ops.to_numpy(node.get_param(parameter)) for node in nodes]
            if len({value.shape for value in values}) > 1:
                raise ValueError(f"{name}: {nodes[0].name}.{parameter} has different shapes")
            nodes[0].set_param(parameter, nodes[0].ops.asarray(numpy.mean(values, axis=0)))
        for shims in zip(*(node.shims for node in nodes), strict=True):
            _average_modules([shim._model for shim in shims])


def _average_modules(modules: list) -> None:
    """The same for torch modules, which thinc wraps in shims."""
    states = [module.state_dict() for module in modules]
    modules[0].load_state_dict(
        {
            key: sum(state[key] for state in states) / len(states) if value.is_floating_point() else value
            for key, value in states[0].items()
        }
    )


def main(
    out: Annotated[Path, typer.Argument(help="Folder to write the pipeline to.")],
    pipelines: Annotated[
        list[Path], typer.Argument(help="Trained pipelines that started from the same one.")
    ],
) -> None:
    if len(pipelines) < 2:
        raise typer.BadParameter("a mean needs two pipelines or more")
    try:
        averaged = average([spacy.load(path) for path in pipelines])
    except (OSError, ValueError) as error:
        raise typer.BadParameter(str(error)) from error
    write_folder(out, averaged.to_disk)
    Console(soft_wrap=True).print(f"mean of {len(pipelines)} pipelines in {out}")


if __name__ == "__main__":
    typer.run(main)
