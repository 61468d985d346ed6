"""Build the corpus from the files as received: ``corpus/raw`` to ``corpus/texts`` and ``corpus/reports.csv``.

    python -m training.build_corpus [RAW] [OUTPUT] [--sources FILE]

Titles, extents, dates of delivery and lengths are found in the text. What no rule can know, which place a
report is from and which split it belongs to, stands in ``corpus/sources.csv``.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from pathlib import Path
from typing import Annotated, Literal

import typer
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from rich.console import Console
from rich.progress import track

from baogao.atomic import write_bytes
from baogao.reading import ReadingError, read_report
from baogao.reading.near_duplicates import near_duplicates
from baogao.reading.sources import find_reports

CORPUS = Path(__file__).resolve().parents[1] / "corpus"
# The subtitle of a report: ——2024年1月31日在政协邯郸市第十三届委员会第四次会议上
DELIVERED = re.compile(r"——(\d{4})年(\d{1,2})月(\d{1,2})日在")
COLUMNS = ["report", "title", "organ", "place", "year", "delivered", "source", "split", "characters"]

output = Console(highlight=False, markup=False, soft_wrap=True)
errors = Console(highlight=False, markup=False, soft_wrap=True, stderr=True)


class CorpusError(ValueError):
    """A table or a report that cannot become part of the corpus. The message names it and the cause."""


class Description(BaseModel):
    """One row of ``sources.csv``: what a report's text does not say.

    ``report`` is place-organ-year, the year being the one reported on. ``title_starts`` is as much of the
    title as tells the report from all others.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    report: str = Field(pattern=r"^[a-z]+-(rd|zx)-\d{4}$")
    title_starts: str = Field(min_length=1)
    place: str = Field(min_length=1)
    split: Literal["train", "dev", "test"]


@dataclass(frozen=True)
class Report:
    """A report of the corpus; the paragraphs begin with the title, ``source`` is the name of the raw file."""

    description: Description
    source: str
    paragraphs: list[str]

    @property
    def name(self) -> str:
        return self.description.report

    @property
    def text(self) -> str:
        """What is written to the file: every paragraph ends in a line break."""
        return "".join(f"{paragraph}\n" for paragraph in self.paragraphs)

    def row(self) -> dict[str, str | int]:
        """The row in ``reports.csv``. ``characters`` counts the file's code points, line breaks included."""
        _, organ, year = self.name.split("-")
        return {
            "report": self.name,
            "title": self.paragraphs[0],
            "organ": organ,
            "place": self.description.place,
            "year": year,
            "delivered": delivered_on(self.paragraphs),
            "source": self.source,
            "split": self.description.split,
            "characters": len(self.text),
        }


def delivered_on(paragraphs: Iterable[str]) -> str:
    """The date in the report's subtitle as YYYY-MM-DD, or an empty string if no subtitle states one."""
    for paragraph in paragraphs:
        if match := DELIVERED.match(paragraph):
            return date(*map(int, match.groups())).isoformat()
    return ""


def read_descriptions(path: Path) -> list[Description]:
    """Read ``sources.csv``. RAISES: CorpusError naming file, line and cause."""
    try:
        table = path.read_text(encoding="utf-8-sig")  # spreadsheets write a byte order mark
    except (OSError, UnicodeDecodeError) as error:
        raise CorpusError(f"{path}: {error}") from error
    reader = csv.DictReader(io.StringIO(table), restkey="more")
    descriptions = []
    for row in reader:
        try:
            descriptions.append(Description.model_validate(row))
        except ValidationError as error:
            first = error.errors()[0]
            column = ".".join(map(str, first["loc"]))
            raise CorpusError(f"{path}, line {reader.line_num}, {column}: {first['msg']}") from error
    return descriptions


def describe(title: str, descriptions: Iterable[Description]) -> Description:
    """The one row that a title belongs to. RAISES: CorpusError if no row fits, or more than one."""
    fitting = [description for description in descriptions if title.startswith(description.title_starts)]
    if len(fitting) != 1:
        names = " and ".join(description.report for description in fitting) or "no report"
        raise CorpusError(f"the title {title!r} fits {names} in the table of sources")
    return fitting[0]


def drop_repeats(reports: list[list[str]]) -> tuple[list[list[str]], list[str]]:
    """Keep the first of several near-identical reports in one file.

    RETURNS: The reports kept, and for each one dropped a sentence that says so.
    """
    bodies = {str(i): "\n".join(paragraphs) for i, paragraphs in enumerate(reports)}
    dropped: dict[int, str] = {}
    for pair in near_duplicates(bodies):
        first, second = int(pair.first), int(pair.second)
        if first not in dropped:
            dropped[second] = (
                f"dropped {reports[second][0]!r}: near-duplicate of {reports[first][0]!r}, "
                f"similarity {pair.similarity:.2f}"
            )
    kept = [paragraphs for i, paragraphs in enumerate(reports) if i not in dropped]
    return kept, list(dropped.values())


def split_problems(reports: list[Report]) -> list[str]:
    """Whatever would let a model see in training what it is tested on: one sentence for each case."""
    split_of = {report.name: report.description.split for report in reports}
    problems = [
        f"{first} ({split_of[first]}) and {second} ({split_of[second]}) are near-duplicates, "
        f"similarity {similarity:.2f}"
        for first, second, similarity in near_duplicates({report.name: report.text for report in reports})
        if split_of[first] != split_of[second]
    ]
    splits_by_place = defaultdict(set)
    for report in reports:
        splits_by_place[report.description.place].add(report.description.split)
    problems += [
        f"the reports of {place} are on different sides of the split: {', '.join(sorted(splits))}"
        for place, splits in splits_by_place.items()
        if len(splits) > 1
    ]
    return problems


def name_problems(reports: list[Report]) -> list[str]:
    """Reports that would overwrite each other: one sentence for each pair."""
    return [
        f"{first.source} and {second.source} both hold the report {first.name}"
        for first, second in combinations(reports, 2)
        if first.name == second.name
    ]


def reports_csv(reports: Iterable[Report]) -> str:
    """The table of reports as the text of ``reports.csv``."""
    table = io.StringIO(newline="")
    writer = csv.DictWriter(table, COLUMNS)
    writer.writeheader()
    writer.writerows(report.row() for report in reports)
    return table.getvalue()


def build_corpus(
    raw: Annotated[
        Path,
        typer.Argument(exists=True, file_okay=False, show_default="corpus/raw", help="Files as received."),
    ] = CORPUS / "raw",
    out: Annotated[
        Path, typer.Argument(file_okay=False, show_default="corpus", help="Where texts/ and reports.csv go.")
    ] = CORPUS,
    sources: Annotated[
        Path,
        typer.Option(dir_okay=False, show_default="corpus/sources.csv", help="Places and splits of reports."),
    ] = CORPUS / "sources.csv",
) -> None:
    """Build texts/*.txt and reports.csv from the files as received.

    A file that cannot be read, or holds no report, is named and left out; the others are built, and the exit
    code is 1. Reports that would leak from one side of the split to another stop the build before anything is
    written.
    """
    try:
        descriptions = read_descriptions(sources)
    except CorpusError as error:
        errors.print(f"error: {error}")
        raise typer.Exit(1) from error

    reports: list[Report] = []
    problems: list[str] = []
    files = sorted(path for path in raw.iterdir() if path.is_file() and not path.name.startswith("."))
    if not files:
        problems.append(f"{raw}: the folder holds no file")
    for path in track(files, "Reading", console=errors):
        try:
            found = find_reports(read_report(path))
        except ReadingError as error:
            problems.append(str(error))
            continue
        if not found:
            problems.append(f"{path}: no report found")
        kept, dropped = drop_repeats(found)
        for sentence in dropped:
            output.print(f"{path.name}: {sentence}")
        for paragraphs in kept:
            try:
                description = describe(paragraphs[0], descriptions)
            except CorpusError as error:
                problems.append(f"{path}: {error}")
                continue
            reports.append(Report(description=description, source=path.name, paragraphs=paragraphs))

    reports.sort(key=lambda report: report.name)
    fatal = name_problems(reports) or split_problems(reports)
    if reports and not fatal:
        try:
            (out / "texts").mkdir(parents=True, exist_ok=True)
            for report in reports:
                write_bytes(out / "texts" / f"{report.name}.txt", report.text.encode("utf-8"))
            write_bytes(out / "reports.csv", reports_csv(reports).encode("utf-8"))
        except OSError as error:
            errors.print(f"error: {out}: {error}")
            raise typer.Exit(1) from error
        sizes = Counter(report.description.split for report in reports)
        output.print(
            f"{len(reports)} reports written to {out}: "
            + ", ".join(f"{sizes[split]} {split}" for split in ("train", "dev", "test"))
        )
    missing = {description.report for description in descriptions} - {report.name for report in reports}
    if missing:
        output.print(f"in {sources.name} but in no raw file: {', '.join(sorted(missing))}")
    for problem in problems + fatal:
        errors.print(f"error: {problem}")
    if fatal:
        errors.print("nothing was written")
    if problems or fatal:
        raise typer.Exit(1)


if __name__ == "__main__":
    typer.run(build_corpus)
