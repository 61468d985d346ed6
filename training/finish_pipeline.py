"""Give a trained pipeline its name, version and description, and drop what only training needed."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import spacy
import typer

from baogao.atomic import write_folder

META = {
    "description": (
        "Entities and relations of Chinese work reports (人大/政协工作报告): bodies, counts, items counted, dates, "
        "slogans, programmes, meetings, documents, persons, places"
    ),
    "author": "baogao contributors",
    "license": "MIT",
}


def main(
    trained: Annotated[Path, typer.Argument(help="The pipeline that spacy train wrote.")],
    out: Annotated[Path, typer.Argument(help="Where to write the finished pipeline.")],
    version: Annotated[str, typer.Option(help="Version of the pipeline.")],
    name: Annotated[str, typer.Option(help="Name of the pipeline, without its language.")] = "baogao_sm",
    requires: Annotated[
        list[str] | None,
        typer.Option(help="What its package needs beyond the library, e.g. 'baogao[trf]'. Repeatable."),
    ] = None,
) -> None:
    nlp = spacy.load(trained)
    nlp.meta.update(META | {"name": name, "version": version, "requirements": requires or []})
    # The norms' table is in the vocab by now: loading must not ask for OpenCC, nor for pretrained weights.
    nlp.config["initialize"]["lookups"] = None
    nlp.config["initialize"]["init_tok2vec"] = None
    nlp.config["paths"] = dict.fromkeys(nlp.config["paths"])
    if "quote_norms" not in nlp.pipe_names:
        nlp.add_pipe("quote_norms", first=True)
    if "ledger" not in nlp.pipe_names:
        nlp.add_pipe("ledger", last=True)
    write_folder(out, nlp.to_disk)


if __name__ == "__main__":
    typer.run(main)
