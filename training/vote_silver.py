"""Silver: official text annotated by the majority of several pipelines, for another pipeline to learn from.

    python -m training.vote_silver FOLDER OUT PIPELINE PIPELINE PIPELINE [...]

Pipelines that differ in nothing but their seed err in different places, so that what most of them say is better than
what each of them does; a pipeline that learns it has the vote's knowledge at the cost of one (distillation: Hinton et
al. 2015, "Distilling the Knowledge in a Neural Network"; with the vote's answer as the target instead of its scores).
"""

from __future__ import annotations

import csv
import lzma
import re
from collections import Counter
from collections.abc import Collection
from pathlib import Path
from typing import Annotated

import spacy
import typer
from rich.console import Console
from spacy.tokens import Doc, DocBin, Span

from baogao.atomic import write_bytes
from baogao.relations import Relation
from training.build_excerpts import REVIEWED, SOURCES, checksum, to_ascii
from training.make_docbins import names_by_split
from training.similar_paragraphs import most_similar

# Reports of governments, party documents. Regulations speak of the same bodies, but of nothing that they did.
FILES = ("govreport_lawtext.txt.xz", "cpc_lawtext.txt.xz")
LENGTHS = range(30, 601)  # characters of a paragraph
_NUMBER = re.compile(r"[0-9]+")

console = Console(soft_wrap=True)
app = typer.Typer(pretty_exceptions_enable=False)


def choose_paragraphs(
    folder: Path,
    sources: list[Path],
    reports: list[str],
    n_characters: int,
    *,
    n_numbers: int = 2,
    without: Collection[str] = (),
) -> list[str]:
    """The paragraphs most like the reports, each once, without those whose annotations were read.

    folder: Holds FILES, one paragraph per line.
    sources: Tables of the annotated paragraphs, by their checksums.
    n_numbers: Of a paragraph, at least: without any it teaches nothing about what is counted.
    without: Paragraphs to leave out as well.
    """
    annotated = set()
    for table in sources:
        with table.open(encoding="utf-8", newline="") as rows:
            annotated |= {row["sha1"] for row in csv.DictReader(rows)}
    paragraphs: dict[str, None] = {}  # an ordered set
    for name in FILES:
        with lzma.open(folder / name, "rt", encoding="utf-8") as lines:
            for line in lines:
                paragraph = line.removesuffix("\n")
                text = to_ascii(paragraph)
                if (
                    len(text) in LENGTHS
                    and len(_NUMBER.findall(text)) >= n_numbers
                    and checksum(paragraph) not in annotated
                    and text not in without
                ):
                    paragraphs.setdefault(text)
    candidates = list(paragraphs)
    return [candidates[i] for i in most_similar(candidates, "\n".join(reports), n_characters)]


def vote(docs: list[Doc]) -> tuple[Doc, float]:
    """The same text's entities and relations that more than half of the documents have, and the share of all
    distinct entities that these are, 1.0 if there are none.

    No two of them overlap: two majorities share a document, and in one document none do.
    """
    majority = len(docs) // 2 + 1
    spans = Counter((e.start, e.end, e.label_) for doc in docs for e in doc.ents)
    relations = Counter(relation.key for doc in docs for relation in doc._.relations)
    kept = sorted(span for span, n in spans.items() if n >= majority)
    voted = Doc(docs[0].vocab, words=[t.text for t in docs[0]], spaces=[bool(t.whitespace_) for t in docs[0]])
    voted.set_ents([Span(voted, start, end, label=label) for start, end, label in kept])
    voted._.relations = [
        Relation(label, Span(voted, *head[:2], label=head[2]), Span(voted, *tail[:2], label=tail[2]))
        for (label, head, tail), n in sorted(relations.items())
        if n >= majority
    ]
    return voted, len(kept) / len(spans) if spans else 1.0


@app.command()
def main(
    folder: Annotated[Path, typer.Argument(help="Folder of the official text (.txt.xz).")],
    out: Annotated[Path, typer.Argument(help="DocBin to write, one document per paragraph.")],
    pipelines: Annotated[list[Path], typer.Argument(help="Three or more pipelines; an odd number.")],
    reports: Annotated[
        Path, typer.Option(help="Table of reports; the text shall be like those of train.")
    ] = Path("corpus/reports.csv"),
    texts: Annotated[Path, typer.Option(help="Folder of the clean texts.")] = Path("corpus/texts"),
    sources: Annotated[
        list[Path], typer.Option(help="Table of annotated paragraphs, which are left out. Repeatable.")
    ] = (SOURCES, REVIEWED),
    characters: Annotated[int, typer.Option(help="Official text to annotate.")] = 5_000_000,
    numbers: Annotated[int, typer.Option(help="Numbers that a paragraph holds at least.")] = 2,
    without: Annotated[
        list[Path] | None,
        typer.Option(help="DocBin of an earlier round, whose text is left out; may be repeated."),
    ] = None,
    min_agreement: Annotated[
        float,
        typer.Option(
            help="Paragraphs whose pipelines agree on less than this share of the entities are left out."
        ),
    ] = 0.7,
    processes: Annotated[int, typer.Option(help="Processes that annotate.")] = 2,
) -> None:
    if missing := [name for name in FILES if not (folder / name).is_file()]:
        raise typer.BadParameter(f"{folder}: holds no {' and no '.join(missing)}")
    if len(pipelines) < 3 or len(pipelines) % 2 == 0:
        raise typer.BadParameter(f"a vote needs three pipelines or more, an odd number, not {len(pipelines)}")
    out.parent.mkdir(parents=True, exist_ok=True)
    try:
        names = names_by_split(reports, "report")["train"]
    except (OSError, ValueError) as error:
        raise typer.BadParameter(str(error)) from error
    wanted = [(texts / f"{name}.txt").read_text(encoding="utf-8") for name in names]
    vocab, earlier = spacy.blank("zh").vocab, set()
    for path in without or []:
        try:
            earlier |= {doc.text for doc in DocBin().from_disk(path).get_docs(vocab)}
        except (OSError, ValueError) as error:
            raise typer.BadParameter(f"{path}: {error}") from error
    try:
        paragraphs = choose_paragraphs(
            folder, sources, wanted, characters, n_numbers=numbers, without=earlier
        )
    except (EOFError, lzma.LZMAError, UnicodeDecodeError) as error:
        raise typer.BadParameter(f"{folder}: one of {', '.join(FILES)} cannot be read: {error}") from error
    console.print(f"{len(paragraphs):,} paragraphs, {sum(map(len, paragraphs)):,} characters")
    annotated = []
    for path in pipelines:
        nlp = spacy.load(path)
        annotated.append(list(nlp.pipe(paragraphs, n_process=processes, batch_size=256)))
        console.print(f"{path}: {sum(len(doc.ents) for doc in annotated[-1]):,} entities")
    docbin, counts = DocBin(store_user_data=True), Counter()
    for docs in zip(*annotated, strict=True):
        voted, agreement = vote(list(docs))
        if agreement >= min_agreement:
            docbin.add(voted)
            counts.update(
                paragraphs=1,
                characters=len(voted),
                entities=len(voted.ents),
                relations=len(voted._.relations),
            )
    write_bytes(out, docbin.to_bytes())
    console.print(", ".join(f"{n:,} {what}" for what, n in counts.items()), "in", out)


if __name__ == "__main__":
    app()
