"""``baogao convert``, the same as ``baogao annotations convert``."""

import pytest
from typer.testing import CliRunner

from baogao.cli import app
from baogao.formats import read_annotated

ANN = "T1\tITEM 2 4\t会议\nT2\tCOUNT 4 6\t7次\nR1\tQUANTITY_OF Arg1:T2 Arg2:T1\n"


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "r.txt").write_text("召开会议7次。\n", encoding="utf-8")
    (tmp_path / "r.ann").write_text(ANN, encoding="utf-8")
    return tmp_path


@pytest.fixture
def convert(folder):
    def convert(source, target, *command):
        paths = (folder / source, folder / target, "--texts", folder / "texts")
        return CliRunner().invoke(app, [*(command or ("convert",)), *map(str, paths)])

    return convert


@pytest.mark.parametrize("suffix", [".txt", ".spacy"])
@pytest.mark.parametrize("command", [("convert",), ("annotations", "convert")])
def test_formats_with_relations_give_the_annotations_back(folder, convert, suffix, command):
    result = convert("r.ann", f"r{suffix}", *command)
    assert (result.exit_code, result.output) == (0, "")
    (folder / "r.ann").unlink()
    assert convert(f"r{suffix}", "r.ann", *command).exit_code == 0
    assert (folder / "r.ann").read_text(encoding="utf-8") == ANN


@pytest.mark.parametrize("suffix", [".bio", ".conll"])
def test_tags_hold_entities_alone_and_that_is_said(folder, convert, suffix):
    result = convert("r.ann", f"r{suffix}")
    assert result.exit_code == 0
    assert f"r{suffix}: relations left out: 1" in result.stderr
    text_path = folder / "texts" / "r.txt"
    gold, again = (read_annotated(folder / f"r{end}", text_path) for end in (".ann", suffix))
    assert (again.spans, again.relations) == (gold.spans, [])


def test_unknown_suffix_and_missing_file_are_named(folder, convert):
    result = convert("r.ann", "r.json")
    assert (result.exit_code, "r.json: not an annotation file" in result.output) == (1, True)
    result = convert("missing.ann", "missing.txt")
    assert (result.exit_code, "missing.ann: No such file" in result.output) == (1, True)
