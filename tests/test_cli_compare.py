"""``baogao compare`` on gold annotations. The figures were read in the reports."""

import csv
import io
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from baogao.cli import app

ROOT = Path(__file__).parent.parent
GOLD, TEXTS = ROOT / "annotations/gold", ROOT / "corpus/texts"
REPORTS = ("banan-rd-2022", "linping-rd-2022", "longgang-rd-2022", "xinzhou-zx-2023", "ningxia-zx-2022")


def run(*args):
    files = [str(TEXTS / f"{name}.txt") for name in REPORTS]
    return CliRunner().invoke(app, ["compare", *files, "--gold", str(GOLD), *map(str, args)])


@pytest.fixture(scope="module")
def rows():
    return list(csv.DictReader(io.StringIO(run("--format", "csv").stdout)))


def main_figures(rows, indicator):
    return {r["report"]: r["count"] for r in rows if r["indicator"] == indicator and r["is_main"] == "True"}


@pytest.mark.parametrize(
    ("indicator", "figures"),
    [
        ("standing_committee_meetings", {"banan-rd-2022": "7次", "linping-rd-2022": "7次"}),
        ("director_meetings", {"banan-rd-2022": "12次", "linping-rd-2022": "13次"}),
        ("law_inspections", {"banan-rd-2022": "5项"}),
        (
            "appointments",
            {"banan-rd-2022": "148人次", "linping-rd-2022": "46人次", "longgang-rd-2022": "110名"},
        ),
        (
            "deputy_suggestions",
            {"banan-rd-2022": "320件", "linping-rd-2022": "185件", "longgang-rd-2022": "182件"},
        ),
        ("proposals", {"xinzhou-zx-2023": "437件"}),
        ("proposals_filed", {"xinzhou-zx-2023": "374件", "ningxia-zx-2022": "3042件"}),
        ("opinion_reports", {"xinzhou-zx-2023": "1800余篇", "ningxia-zx-2022": "5492件"}),
    ],
)
def test_main_figures(rows, indicator, figures):
    assert main_figures(rows, indicator) == figures


def test_figure_stated_twice_is_one_row(rows):
    found = [r for r in rows if r["indicator"] == "proposals" and r["value"] == "437"]
    assert len(found) == 1


def test_every_row_has_its_sentence_at_its_offset(rows):
    assert rows
    for row in rows:
        text = (TEXTS / f"{row['report']}.txt").read_text(encoding="utf-8")
        start = int(row["sentence_start"])
        assert text[start : start + len(row["sentence"])] == row["sentence"]
        if row["table"] == "indicator":
            assert text[int(row["start"]) : int(row["end"])] == row["count"]


def test_slogans_are_counted_by_report(rows):
    counts = {r["report"]: r["value"] for r in rows if r["table"] == "slogan" and r["name_zh"] == "两个确立"}
    text = {name: (TEXTS / f"{name}.txt").read_text(encoding="utf-8").count("两个确立") for name in REPORTS}
    assert counts == {name: str(count) for name, count in text.items() if count}


def test_table_marks_five_year_figures():
    result = run()
    assert result.exit_code == 0
    assert "2018–2022" in result.output
    assert "主任会议" in result.output


def test_sentences_view_quotes_the_report():
    lines = run("--sentences").output.splitlines()
    at = lines.index("  xinzhou-zx-2023: 1800余篇, 收集 社情民意信息, 2023")
    assert "全年收集各类社情民意信息共计1800余篇。" in lines[at + 1]


def test_jsonl_has_the_same_rows(rows):
    lines = [json.loads(line) for line in run("--format", "jsonl").stdout.splitlines()]
    assert [(r["report"], r["indicator"], r["start"]) for r in lines] == [
        (r["report"], r["indicator"], int(r["start"])) for r in rows
    ]


def test_plot_is_a_png(tmp_path):
    pytest.importorskip("matplotlib")
    assert run("--plot", tmp_path / "figures.png").exit_code == 0
    assert (tmp_path / "figures.png").read_bytes().startswith(b"\x89PNG")


def test_missing_gold_is_named_and_the_others_go_on(tmp_path):
    stray = tmp_path / "stray.txt"
    stray.write_text("报告", encoding="utf-8")
    result = run(stray, "--format", "csv")
    assert result.exit_code == 1
    assert "stray.ann" in result.output
    assert "148人次" in result.stdout


def test_nothing_to_compare(tmp_path):
    result = CliRunner().invoke(app, ["compare", str(tmp_path), "--gold", str(GOLD)])
    assert result.exit_code == 1
    assert "no .txt files" in result.output
