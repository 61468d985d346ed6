"""The corpus can be rebuilt from the raw files, and what cannot become part of it is named."""

import csv
import hashlib
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from baogao.reading.near_duplicates import near_duplicates
from training.build_corpus import build_corpus

ROOT = Path(__file__).resolve().parents[1]
CORPUS = ROOT / "corpus"

app = typer.Typer()
app.command()(build_corpus)


def run(*arguments):
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def checksums():
    lines = (CORPUS / "checksums.sha256").read_text(encoding="utf-8").splitlines()
    return {name: digest for digest, name in (line.split("  ", 1) for line in lines)}


def sha256(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


# The corpus itself


@pytest.fixture(scope="module")
def rebuilt(tmp_path_factory):
    out = tmp_path_factory.mktemp("corpus")
    return out, run(CORPUS / "raw", out)


def test_rebuilding_gives_the_texts_and_the_table_of_the_checksums(rebuilt):
    out, result = rebuilt
    assert result.exit_code == 0, result.output
    built = {
        f"corpus/{path.relative_to(out).as_posix()}": sha256(path)
        for path in out.rglob("*")
        if path.is_file()
    }
    expected = {name: digest for name, digest in checksums().items() if not name.startswith("corpus/raw/")}
    assert len(expected) == 19
    assert built == expected


def test_checksums_cover_every_file_and_hold():
    folders = [CORPUS / "raw", CORPUS / "texts"]
    files = [path for folder in folders for path in folder.iterdir()] + [CORPUS / "reports.csv"]
    assert {path.relative_to(ROOT).as_posix(): sha256(path) for path in files} == checksums()


def test_the_report_that_stands_twice_is_found_and_named(rebuilt):
    _, result = rebuilt
    (line,) = [line for line in result.output.splitlines() if "dropped" in line]
    assert (
        "dropped '舟山市定海区委员会常务委员会工作报告': near-duplicate of '定海区委员会常务委员会工作报告'"
        in line
    )
    assert line.endswith("similarity 1.00")


def test_reports_csv_counts_the_characters_of_the_files():
    with (CORPUS / "reports.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            text = (CORPUS / "texts" / f"{row['report']}.txt").read_text(encoding="utf-8")
            assert (row["title"], int(row["characters"])) == (text.split("\n")[0], len(text))


def test_different_reports_are_far_below_the_threshold_of_near_duplicates(monkeypatch):
    monkeypatch.setattr("baogao.reading.near_duplicates.THRESHOLD", 0.0)
    pairs = near_duplicates(
        {path.stem: path.read_text(encoding="utf-8") for path in (CORPUS / "texts").iterdir()}
    )
    assert len(pairs) == 18 * 17 / 2
    assert max(pair.similarity for pair in pairs) < 0.2


# Bad input

SOURCES = """report,title_starts,place,split
jia-rd-2022,甲区,甲区,train
yi-zx-2022,乙区,乙区,test
"""
JIA = "甲区人民代表大会常务委员会工作报告\n——2023年2月3日在甲区大会上\n各位代表:\n" + "".join(
    map(chr, range(0x4E00, 0x4F00))
)
YI = "乙区委员会常务委员会工作报告\n各位委员:\n" + "".join(map(chr, range(0x5E00, 0x5F00)))


@pytest.fixture
def raw(tmp_path):
    """A folder with one good file; the table of sources describes it and one more report."""
    folder = tmp_path / "raw"
    folder.mkdir()
    (folder / "jia.txt").write_text(JIA, encoding="utf-8")
    (tmp_path / "sources.csv").write_text(SOURCES, encoding="utf-8")
    return folder


def build(raw):
    return run(raw, raw.parent / "out", "--sources", raw.parent / "sources.csv")


def written(raw):
    out = raw.parent / "out"
    return sorted(path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file())


def test_a_good_file_becomes_a_text_and_a_row(raw):
    result = build(raw)
    assert result.exit_code == 0, result.output
    assert written(raw) == ["reports.csv", "texts/jia-rd-2022.txt"]
    assert (raw.parent / "out/texts/jia-rd-2022.txt").read_text(encoding="utf-8") == JIA + "\n"
    (row,) = csv.DictReader((raw.parent / "out/reports.csv").read_text(encoding="utf-8").splitlines())
    assert row == {
        "report": "jia-rd-2022",
        "title": "甲区人民代表大会常务委员会工作报告",
        "organ": "rd",
        "place": "甲区",
        "year": "2022",
        "delivered": "2023-02-03",
        "source": "jia.txt",
        "split": "train",
        "characters": "299",  # 17 + 17 + 5 + 256 in the four lines, and their line breaks
    }
    assert "in sources.csv but in no raw file: yi-zx-2022" in result.output


@pytest.mark.parametrize(
    ("data", "cause"),
    [
        (b"", "the file is empty"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "not a text file"),
        ("你好\n世界".encode(), "no report found"),
        (
            "丙区委员会常务委员会工作报告\n各位委员:\n请予审议。".encode(),
            "fits no report in the table of sources",
        ),
    ],
)
def test_a_bad_file_is_named_and_the_others_are_built(raw, data, cause):
    (raw / "bad.txt").write_bytes(data)
    result = build(raw)
    assert result.exit_code == 1
    (error,) = [line for line in result.output.splitlines() if line.startswith("error: ")]
    assert str(raw / "bad.txt") in error
    assert cause in error
    assert written(raw) == ["reports.csv", "texts/jia-rd-2022.txt"]


def test_an_empty_folder_is_an_error(raw):
    (raw / "jia.txt").unlink()
    result = build(raw)
    assert result.exit_code == 1
    assert f"{raw}: the folder holds no file" in result.output
    assert written(raw) == []


def test_a_missing_folder_is_an_error(tmp_path):
    result = run(tmp_path / "nowhere", tmp_path / "out")
    assert result.exit_code == 2
    assert "nowhere" in result.output


def test_a_report_in_two_files_stops_the_build(raw):
    (raw / "again.txt").write_text(JIA, encoding="utf-8")
    result = build(raw)
    assert result.exit_code == 1
    assert "error: again.txt and jia.txt both hold the report jia-rd-2022" in result.output
    assert written(raw) == []


def test_near_duplicates_across_the_split_stop_the_build(raw):
    (raw / "yi.txt").write_text(JIA.replace("甲区", "乙区"), encoding="utf-8")
    result = build(raw)
    assert result.exit_code == 1
    assert "jia-rd-2022 (train) and yi-zx-2022 (test) are near-duplicates, similarity 0." in result.output
    assert written(raw) == []


def test_one_district_on_two_sides_of_the_split_stops_the_build(raw):
    (raw / "yi.txt").write_text(YI, encoding="utf-8")
    sources = raw.parent / "sources.csv"
    assert build(raw).exit_code == 0
    sources.write_text(SOURCES.replace("乙区,test", "甲区,test"), encoding="utf-8")
    result = build(raw)
    assert result.exit_code == 1
    assert "the reports of 甲区 are on different sides of the split: test, train" in result.output


@pytest.mark.parametrize(
    ("row", "cause"),
    [
        ("bing-xx-2022,丙区,丙区,train", "line 4, report"),
        ("bing-rd-2022,丙区,丙区,validation", "line 4, split"),
        ("bing-rd-2022,丙区", "line 4, place"),
    ],
)
def test_a_bad_row_in_the_table_of_sources_is_named(raw, row, cause):
    (raw.parent / "sources.csv").write_text(SOURCES + row + "\n", encoding="utf-8")
    result = build(raw)
    assert result.exit_code == 1
    assert f"sources.csv, {cause}" in result.output
    assert written(raw) == []


def test_a_title_that_fits_two_rows_is_an_error(raw):
    (raw.parent / "sources.csv").write_text(SOURCES + "jia-zx-2022,甲,甲区,train\n", encoding="utf-8")
    result = build(raw)
    assert result.exit_code == 1
    assert "fits jia-rd-2022 and jia-zx-2022" in result.output


def test_a_failure_to_write_leaves_the_old_file_and_nothing_else(raw, monkeypatch):
    assert build(raw).exit_code == 0
    before = (raw.parent / "out/texts/jia-rd-2022.txt").read_bytes()
    (raw / "jia.txt").write_text(JIA + "又及", encoding="utf-8")

    def full_disk(*_):
        raise OSError("No space left on device")

    monkeypatch.setattr("baogao.atomic.os.replace", full_disk)
    result = build(raw)
    assert result.exit_code == 1
    assert "out: No space left on device" in result.output
    assert (raw.parent / "out/texts/jia-rd-2022.txt").read_bytes() == before
    assert written(raw) == ["reports.csv", "texts/jia-rd-2022.txt"]
