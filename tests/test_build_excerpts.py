"""Annotated excerpts of text that is not part of the project."""

from __future__ import annotations

import csv
import lzma

import pytest
from typer.testing import CliRunner

from training.build_excerpts import ExcerptError, checksum, main, read_excerpts

FIRST, SECOND = "办理代表建议516件,办复率100%。", "审计监督,提案(含重点)629件。"


@pytest.fixture
def official(tmp_path):
    folder = tmp_path / "official"
    folder.mkdir()
    text = f"某市政府工作报告\n{FIRST}\n各位代表:\n{SECOND}\n"
    (folder / "reports.txt.xz").write_bytes(lzma.compress(text.encode()))
    return folder


@pytest.fixture
def sources(tmp_path):
    def write(*rows):
        path = tmp_path / "sources.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerows([("excerpt", "line", "file", "sha1"), *rows])
        return path

    return write


def row(excerpt, line, paragraph, file="reports.txt.xz"):
    return (excerpt, line, file, checksum(paragraph))


def test_paragraphs_are_found_by_checksum_and_written_with_ascii_punctuation(official, sources):
    table = sources(row("000", 1, SECOND), row("000", 2, FIRST), row("001", 1, FIRST))
    assert read_excerpts(official, table) == {
        "000": "审计监督,提案(含重点)629件。\n办理代表建议516件,办复率100%。\n",
        "001": "办理代表建议516件,办复率100%。\n",
    }


def test_offsets_are_those_of_the_text_as_received(official, sources):
    excerpts = read_excerpts(official, sources(row("000", 1, FIRST)))
    assert len(excerpts["000"]) == len(FIRST) + 1


def test_a_changed_paragraph_is_refused(official, sources):
    with pytest.raises(ExcerptError, match=r"reports\.txt\.xz: no paragraph .* excerpt 000"):
        read_excerpts(official, sources(row("000", 1, FIRST + "。")))


def test_lines_out_of_order_are_refused(official, sources):
    with pytest.raises(ExcerptError, match="excerpt 000, line 2: out of order"):
        read_excerpts(official, sources(row("000", 2, FIRST)))


def test_a_broken_file_is_named(official, sources):
    (official / "reports.txt.xz").write_bytes(b"not xz")
    with pytest.raises(ExcerptError, match=r"reports\.txt\.xz"):
        read_excerpts(official, sources(row("000", 1, FIRST)))


def run(*arguments):
    import typer

    app = typer.Typer()
    app.command()(main)
    return CliRunner().invoke(app, [str(a) for a in arguments])


def test_without_the_official_text_there_are_no_excerpts_and_no_error(tmp_path, sources):
    result = run(tmp_path / "absent", "--sources", sources(), "--out", tmp_path / "out")
    assert result.exit_code == 0 and "no such folder" in result.output
    assert not (tmp_path / "out").exists()


def test_an_incomplete_text_is_an_error_and_writes_nothing(official, sources, tmp_path):
    table = sources(row("000", 1, FIRST), row("001", 1, "别的报告。"))
    result = run(official, "--sources", table, "--out", tmp_path / "out")
    assert result.exit_code == 1 and not (tmp_path / "out").exists()


def test_texts_are_written(official, sources, tmp_path):
    result = run(official, "--sources", sources(row("000", 1, FIRST)), "--out", tmp_path / "out")
    assert result.exit_code == 0 and "1 excerpts, 1 paragraphs" in result.output
    assert (tmp_path / "out" / "000.txt").read_text(encoding="utf-8").startswith("办理代表建议516件,")
