"""The reports that a command is given: files, folders, standard input."""

from __future__ import annotations

import csv
import hashlib
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import ValidationError
from spacy.language import Language
from spacy.tokens import Doc

from ..formats import read_brat
from ..formats.spacy_doc import to_doc
from ..ledger.report import Report
from ..reading import ReadingError, decode_report

STDIN = "-"


class Input(NamedTuple):
    """A report to read.

    name (str): Path below the folder it was found in, or the file's name; without suffix.
    path (Optional[Path]): None for standard input.
    """

    name: str
    path: Path | None

    def read(self) -> bytes:
        """The file as it is. Raises ``ReadingError``."""
        if self.path is None:
            return sys.stdin.buffer.read()
        try:
            return self.path.read_bytes()
        except OSError as error:
            raise ReadingError(f"{self.path}: {error.strerror or error}") from error

    def __str__(self) -> str:
        return "<stdin>" if self.path is None else str(self.path)


def find_inputs(paths: Iterable[str], leave_out: Path | None = None) -> tuple[list[Input], list[str]]:
    """The reports below the given paths, and what is wrong with paths that give none.

    Of folders, the ``.txt`` files below, except hidden ones and what is in the folder ``leave_out``.
    """
    inputs: dict[Path | None, Input] = {}
    problems = []
    for given in paths:
        path = Path(given)
        if given == STDIN:
            inputs.setdefault(None, Input("stdin", None))
        elif not path.is_dir():
            inputs.setdefault(path.resolve(), Input(path.stem, path))
        elif files := _texts_below(path, leave_out):
            for file in files:
                name = file.relative_to(path).with_suffix("").as_posix()
                inputs.setdefault(file.resolve(), Input(name, file))
        else:
            problems.append(f"{path}: no .txt files in this folder")
    by_name: dict[str, Input] = {}
    for each in inputs.values():
        first = by_name.setdefault(each.name, each)
        if first is not each:
            problems.append(f"{each}: has the same name as {first}; left out")
    return list(by_name.values()), problems


def _texts_below(folder: Path, leave_out: Path | None) -> list[Path]:
    files = (path for path in folder.rglob("*.txt") if path.is_file())
    shown = (path for path in files if not _is_hidden(path.relative_to(folder)))
    if leave_out is None:
        return sorted(shown)
    return sorted(path for path in shown if leave_out.resolve() not in path.resolve().parents)


def _is_hidden(path: Path) -> bool:
    return any(part.startswith(".") for part in path.parts)


class Analyser:
    """From an input to a ``Doc`` with a ledger.

    nlp (Language): A pipeline that ends in a ``ledger``.
    gold (Optional[Path]): A folder of ``.ann`` files; annotations come from there instead of the pipeline.
    reports (dict[str, Report]): What is known of reports by name, see :func:`read_reports`.
    """

    def __init__(
        self, nlp: Language, gold: Path | None = None, reports: dict[str, Report] | None = None
    ) -> None:
        self.nlp = nlp
        self.gold = gold
        self.reports = reports or {}

    def digest(self, source: Input, data: bytes) -> str:
        """Fingerprint of all that the analysis of an input reads besides the pipeline."""
        annotations = self._annotations(source)
        parts = [data, self._known(source).model_dump_json().encode()]
        if annotations is not None and annotations.is_file():
            parts.append(annotations.read_bytes())
        return hashlib.sha256(b"".join(hashlib.sha256(part).digest() for part in parts)).hexdigest()

    def __call__(self, source: Input, data: bytes) -> Doc:
        """Raises ``ReadingError`` or ``AnnotationError``, both of which name the file and the cause."""
        annotations = self._annotations(source)
        if annotations is None:
            text = decode_report(data, str(source))
            if len(text) > self.nlp.max_length:
                limit = f"the pipeline takes {self.nlp.max_length:,}"
                raise ReadingError(f"{source}: too long: {len(text):,} characters, {limit}")
            doc = self.nlp.make_doc(text)
        elif source.path is None:
            raise ReadingError(f"{source}: standard input has no gold annotations")
        else:
            doc = to_doc(self.nlp, read_brat(annotations, source.path))
        doc._.report = self._known(source).model_dump()
        return self.nlp(doc)

    def _annotations(self, source: Input) -> Path | None:
        return None if self.gold is None else self.gold / f"{source.name}.ann"

    def _known(self, source: Input) -> Report:
        return self.reports.get(source.name.rsplit("/", 1)[-1], Report())


def read_reports(path: Path) -> dict[str, Report]:
    """What a CSV table says of reports.

    The column ``report`` holds file names without suffix; ``place``, ``organ`` and ``year`` may be empty.
    Raises ``ReadingError``.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows: list[dict[str, Any]] = list(csv.DictReader(file))
        return {row["report"]: Report(**_filled(row)) for row in rows}
    except OSError as error:
        raise ReadingError(f"{path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise ReadingError(f"{path}: not UTF-8 ({error.reason} at byte {error.start})") from error
    except KeyError as error:
        raise ReadingError(f"{path}: no column {error}") from error
    except ValidationError as error:
        problem = error.errors()[0]
        raise ReadingError(f"{path}: {problem['loc'][0]} {problem['input']!r}: {problem['msg']}") from error


def _filled(row: dict[str, Any]) -> dict[str, str]:
    return {column: row[column] for column in ("place", "organ", "year") if row.get(column)}
