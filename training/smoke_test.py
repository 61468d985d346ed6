"""Install the built wheels into a fresh virtual environment and compare its results with the tree's.

Everything runs outside the repository, so a pipeline that only loads because the source is near fails here.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import venv
from pathlib import Path
from typing import Annotated

import spacy
import typer

EXTRACT = """
import json, sys
import spacy
nlp = spacy.load(sys.argv[1])
doc = nlp(open(sys.argv[2], encoding="utf-8").read())
print(json.dumps({
    "ents": [[e.start_char, e.end_char, e.label_] for e in doc.ents],
    "relations": [r.key for r in doc._.relations],
}))
"""


def run(*command: str | Path, cwd: Path) -> str:
    """The command's output; raises ``CalledProcessError`` with its errors shown."""
    return subprocess.run(
        [str(c) for c in command], cwd=cwd, check=True, stdout=subprocess.PIPE, text=True
    ).stdout


def main(
    wheels: Annotated[Path, typer.Argument(help="Folder with the wheels of baogao and of the pipeline.")],
    pipeline: Annotated[Path, typer.Argument(help="The pipeline in the tree.")],
    report: Annotated[Path, typer.Argument(help="A report to extract from.")],
) -> None:
    meta = spacy.util.load_meta(pipeline / "meta.json")
    name = f"{meta['lang']}_{meta['name']}"
    built = sorted(wheels.rglob("baogao-*.whl"))[-1:] + sorted(
        wheels.rglob(f"{name}-{meta['version']}-*.whl")
    )
    if len(built) != 2:
        raise typer.BadParameter(
            f"{wheels}: wheels of baogao and {name} {meta['version']} expected, found {built}"
        )
    expected = run(sys.executable, "-c", EXTRACT, pipeline.resolve(), report.resolve(), cwd=Path.cwd())
    with tempfile.TemporaryDirectory() as folder:
        venv.create(Path(folder, "venv"), with_pip=True)
        python = Path(folder, "venv", "bin", "python")
        run(
            python, "-m", "pip", "install", "--quiet", *(wheel.resolve() for wheel in built), cwd=Path(folder)
        )
        found = run(python, "-c", EXTRACT, name, report.resolve(), cwd=Path(folder))
        run(python.parent / "baogao", "extract", report.resolve(), "--pipeline", name, cwd=Path(folder))
    if json.loads(found) != json.loads(expected):
        raise SystemExit(
            f"{name}: the installed package and {pipeline} do not give the same results for {report}"
        )
    n = {key: len(values) for key, values in json.loads(found).items()}
    print(
        f"{name} {meta['version']} installed and loaded: {n['ents']} entities, "
        f"{n['relations']} relations, as in the tree"
    )


if __name__ == "__main__":
    typer.run(main)
