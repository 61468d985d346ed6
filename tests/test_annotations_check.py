"""``baogao annotations check`` and ``convert``."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from baogao.annotations.check import check_file
from baogao.cli.annotations import app

ROOT = Path(__file__).parent.parent
TEXT = "2023年,区政协召开协商会7次。报“十四五”规划,\n有“回头看”活动(扩大)3次。\n"
GOOD = """\
T1\tDATE 0 5\t2023年
T2\tBODY 6 9\t区政协
T3\tITEM 11 14\t协商会
T4\tCOUNT 14 16\t7次
T5\tDOCUMENT 18 25\t“十四五”规划
T6\tPROGRAM 29 32\t回头看
T7\tITEM 33 39\t活动(扩大)
T8\tCOUNT 39 41\t3次
R1\tQUANTITY_OF Arg1:T4 Arg2:T3
R2\tQUANTITY_OF Arg1:T8 Arg2:T7
R3\tAGENT Arg1:T3 Arg2:T2
R4\tTIME Arg1:T3 Arg2:T1
"""


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "r.txt").write_text(TEXT, encoding="utf-8")
    return tmp_path


def problems_of(folder, content):
    path = folder / "r.ann"
    path.write_text(content, encoding="utf-8")
    return check_file(path, folder / "texts" / "r.txt")[1]


def test_good_annotations_have_no_problems(folder):
    assert problems_of(folder, GOOD) == []


@pytest.mark.parametrize(
    ("old", "new", "line", "cause"),
    [
        ("T6\tPROGRAM", "T6\tEVENT", 6, "unknown label EVENT"),
        ("T5\tDOCUMENT 18 25\t“十四五”规划", "T5\tDOCUMENT 18 23\t“十四五”", 5, "delimiter “ at the edge"),
        ("T5\tDOCUMENT 18 25\t“十四五”规划", "T5\tDOCUMENT 19 23\t十四五”", 5, "delimiter ” at the edge"),
        ("T6\tPROGRAM 29 32\t回头看", "T6\tPROGRAM 28 32\t“回头看", 6, "delimiter “ at the edge"),
        ("T7\tITEM 33 39\t活动(扩大)", "T7\tITEM 35 39\t(扩大)", 7, "delimiter ( at the edge"),
        ("T2\tBODY 6 9\t区政协", "T2\tBODY 5 9\t,区政协", 2, "crosses ','"),
        ("T2\tBODY 6 9\t区政协", "T2\tBODY 6 12\t区政协召开协", 3, "T3 '协商会' overlaps T2"),
        ("R2\tQUANTITY_OF Arg1:T8 Arg2:T7\n", "", 7, "ITEM '活动(扩大)' has no QUANTITY_OF"),
        ("R3\tAGENT", "R3\tSUBJECT", 11, "unknown relation SUBJECT"),
        ("R3\tAGENT", "R3\tISSUED_BY", 11, "ISSUED_BY cannot join ITEM > BODY"),
        ("R3\tAGENT Arg1:T3 Arg2:T2", "R3\tSUBSET_OF Arg1:T4 Arg2:T4", 11, "joins '7次' to itself"),
        ("R3\tAGENT Arg1:T3 Arg2:T2", "R3\tQUANTITY_OF Arg1:T4 Arg2:T3", 11, "the same relation as R1"),
        ("R3\tAGENT Arg1:T3 Arg2:T2", "R3\tAGENT Arg1:T7 Arg2:T2", 11, "AGENT leaves the paragraph"),
        ("R4\tTIME Arg1:T3 Arg2:T1", "R4\tTIME Arg1:T5 Arg2:T1", 12, "TIME leaves the sentence"),
    ],
)
def test_one_problem_is_found_with_its_line(folder, old, new, line, cause):
    assert GOOD.count(old) == 1
    (problem,) = problems_of(folder, GOOD.replace(old, new))
    assert problem.line == line
    assert cause in problem.cause


def test_a_comma_that_groups_digits_is_crossed(folder):
    (folder / "texts" / "r.txt").write_text("共1,234件", encoding="utf-8")
    assert problems_of(folder, "T1\tCOUNT 1 7\t1,234件\n") == []
    (folder / "texts" / "r.txt").write_text("共1,23件,好", encoding="utf-8")
    assert len(problems_of(folder, "T1\tCOUNT 1 6\t1,23件\n")) == 1


def test_every_span_that_overlaps_an_earlier_one_is_a_problem(folder):
    (folder / "texts" / "r.txt").write_text("区政协常委会会议", encoding="utf-8")
    problems = problems_of(
        folder, "T1\tBODY 0 8\t区政协常委会会议\nT2\tBODY 0 3\t区政协\nT3\tBODY 3 6\t常委会\n"
    )
    assert [problem.line for problem in problems] == [1, 3]  # T2 comes first


def test_space_at_an_edge_is_a_problem(folder):
    (folder / "texts" / "r.txt").write_text("区政协 召开", encoding="utf-8")
    (problem,) = problems_of(folder, "T1\tBODY 0 4\t区政协 \n")
    assert "space at the edge" in problem.cause


def test_a_sentence_end_inside_a_span_does_not_part_its_sentence(folder):
    (folder / "texts" / "r.txt").write_text("全年办“你好!”活动", encoding="utf-8")
    content = "T1\tDATE 0 2\t全年\nT2\tPROGRAM 4 7\t你好!\nR1\tTIME Arg1:T2 Arg2:T1\n"
    assert problems_of(folder, content) == []


def test_every_problem_of_a_file_is_reported_in_order(folder):
    bad = GOOD.replace("区政协", "市政协").replace("T8\tCOUNT", "T8\tNUMBER")
    assert [problem.line for problem in problems_of(folder, bad)] == [2, 8, 10]


def test_check_names_file_line_and_cause_and_goes_on(folder):
    annotations = folder / "annotations"
    annotations.mkdir()
    (annotations / "a.ann").write_text("T1\tBODY 0 3\t区政协\n", encoding="utf-8")  # has no text
    (annotations / "r.ann").write_text(GOOD.replace("T1\tDATE", "T1\tDAY"), encoding="utf-8")
    result = CliRunner().invoke(app, ["check", str(annotations), "--texts", str(folder / "texts")])
    assert result.exit_code == 1
    assert f"{folder / 'texts' / 'a.txt'}: No such file or directory" in result.stderr
    assert f"{annotations / 'r.ann'}:1: unknown label DAY" in result.stdout
    assert f"{annotations / 'r.ann'}:12: TIME cannot join ITEM > DAY" in result.stdout
    assert "files 2, spans 8, relations 4, problems 3" in result.stdout


@pytest.mark.parametrize("path", ["nothing.ann", "empty", "texts/r.txt"])
def test_check_refuses_what_holds_no_annotations(folder, path):
    (folder / "empty").mkdir()
    result = CliRunner().invoke(app, ["check", str(folder / path), "--texts", str(folder / "texts")])
    assert result.exit_code == 1
    assert f"error: {folder / path}: " in result.stderr


@pytest.mark.parametrize("name", ["gold", "second"])
def test_committed_annotations_pass(name):
    arguments = ["check", str(ROOT / "annotations" / name), "--texts", str(ROOT / "corpus" / "texts")]
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 0, result.output
    assert "problems 0" in result.stdout


def test_convert_goes_by_suffix(folder):
    (folder / "r.ann").write_text(GOOD, encoding="utf-8")
    (folder / "inline").mkdir()
    texts = ["--texts", str(folder / "texts")]
    inline, back = str(folder / "inline" / "r.txt"), folder / "inline" / "r.ann"
    assert CliRunner().invoke(app, ["convert", str(folder / "r.ann"), inline, *texts]).exit_code == 0
    first = Path(inline).read_text(encoding="utf-8").splitlines()[0]
    assert first.startswith("⟦2023年|DATE:1⟧,⟦区政协|BODY:2⟧召开⟦协商会|ITEM:3⟧⟦7次|COUNT:4⟧。")
    assert CliRunner().invoke(app, ["convert", inline, str(back), *texts]).exit_code == 0
    assert back.read_text(encoding="utf-8").splitlines()[:8] == GOOD.splitlines()[:8]
    result = CliRunner().invoke(app, ["convert", inline, str(folder / "r.csv"), *texts])
    assert result.exit_code == 1
    assert "not an annotation file" in result.stderr
