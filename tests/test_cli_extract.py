"""``baogao extract`` with a pipeline of rules, so that no trained model is needed."""

import csv
import io
import json

import pytest
import spacy
from typer.testing import CliRunner

from baogao.cli import app
from baogao.cli.pipelines import identity
from baogao.output.folder import STATE_FILE

TEXT = "临平区人民代表大会常务委员会工作报告\n2022年主要工作\n全年召开常委会会议7次,做到“两个维护”。\n"


@pytest.fixture(scope="module")
def pipeline(tmp_path_factory):
    nlp = spacy.blank("zh")
    ruler = nlp.add_pipe("entity_ruler")
    phrases = {"全年": "DATE", "常委会会议": "ITEM", "7次": "COUNT", "两个维护": "SLOGAN"}
    ruler.add_patterns([{"label": label, "pattern": text} for text, label in phrases.items()])
    path = tmp_path_factory.mktemp("pipeline") / "rules"
    nlp.to_disk(path)
    return str(path)


@pytest.fixture
def run(pipeline):
    def run(*args, **kwargs):
        return CliRunner().invoke(app, ["extract", *map(str, args), "--pipeline", pipeline], **kwargs)

    return run


@pytest.fixture
def texts(tmp_path):
    folder = tmp_path / "texts"
    (folder / "sub").mkdir(parents=True)
    (folder / "a.txt").write_text(TEXT, encoding="utf-8")
    (folder / "sub" / "b.txt").write_text(TEXT, encoding="gb18030")
    (folder / "c.txt").write_text(TEXT, encoding="utf-16")
    return folder


def test_table_shows_entities_and_summary(run, texts):
    result = run(texts / "a.txt")
    assert result.exit_code == 0
    assert "SLOGAN" in result.output
    assert "a: 50 characters, 4 entities, 0 relations, 1 records" in result.output


def test_folder_is_read_recursively_in_three_encodings(run, texts):
    result = run(texts, "--format", "jsonl")
    records = [json.loads(line) for line in result.stdout.splitlines()]
    assert [r["report"] for r in records] == ["a", "c", "sub/b"]
    assert {r["item"] for r in records} == {"两个维护"}


def test_standard_input(run):
    result = run("-", "--format", "jsonl", input=TEXT.encode())
    assert json.loads(result.stdout)["report"] == "stdin"


def test_csv_of_several_reports_has_one_header(run, texts):
    rows = list(csv.DictReader(io.StringIO(run(texts, "--format", "csv").stdout)))
    assert [row["report"] for row in rows] == ["a", "c", "sub/b"]


def test_second_run_keeps_what_is_current(run, texts, tmp_path):
    out = tmp_path / "out"
    assert run(texts, "--format", "jsonl", "--out", out).exit_code == 0
    before = {path: path.stat().st_mtime_ns for path in out.rglob("*.jsonl") if path.name != STATE_FILE}
    assert {path.relative_to(out).as_posix() for path in before} == {"a.jsonl", "c.jsonl", "sub/b.jsonl"}
    (texts / "a.txt").write_text(TEXT + "再做到“两个维护”。", encoding="utf-8")
    result = run(texts, "--format", "jsonl", "--out", out)
    assert result.output.count("unchanged") == 2
    assert len((out / "a.jsonl").read_text(encoding="utf-8").splitlines()) == 2
    assert (out / "c.jsonl").stat().st_mtime_ns == before[out / "c.jsonl"]


def test_deleted_file_and_damaged_state_are_made_good(run, texts, tmp_path):
    out = tmp_path / "out"
    run(texts, "--format", "jsonl", "--out", out)
    (out / "a.jsonl").unlink()
    state = out / STATE_FILE
    state.write_text(state.read_text(encoding="utf-8")[:-40] + '\n{"file": "c', encoding="utf-8")
    result = run(texts, "--format", "jsonl", "--out", out)
    assert result.exit_code == 0
    assert (out / "a.jsonl").is_file()
    assert run(texts, "--format", "jsonl", "--out", out).output.count("unchanged") == 3


def test_known_facts_of_a_report_are_part_of_its_input(run, texts, tmp_path):
    out, table = tmp_path / "out", tmp_path / "reports.csv"
    run(texts / "a.txt", "--format", "jsonl", "--out", out)
    table.write_text("report,year\na,2021\n", encoding="utf-8")
    result = run(texts / "a.txt", "--format", "jsonl", "--out", out, "--reports", table)
    assert "unchanged" not in result.output


def test_bad_file_is_named_and_the_others_go_on(run, texts, tmp_path):
    (texts / "bad.txt").write_bytes(b"\x89PNG\r\n\x00\x00")
    (texts / "empty.txt").write_bytes(b"")
    result = run(texts, tmp_path / "nowhere.txt", "--format", "jsonl", "--out", tmp_path / "out")
    assert result.exit_code == 1
    for name in ("bad.txt", "empty.txt", "nowhere.txt"):
        assert name in result.output
    assert (tmp_path / "out" / "a.jsonl").is_file()
    assert not (tmp_path / "out" / "bad.jsonl").exists()


def test_same_name_twice_is_refused_once(run, texts, tmp_path):
    other = tmp_path / "a.txt"
    other.write_text(TEXT, encoding="utf-8")
    result = run(texts / "a.txt", texts / "a.txt", other, "--format", "jsonl")
    assert result.exit_code == 1
    assert "has the same name as" in result.output
    assert len(result.stdout.splitlines()) == 1


def test_results_inside_the_input_folder_are_not_read_again(run, texts):
    out = texts / "out"
    for _ in range(2):
        run(texts, "--format", "table", "--out", out)
    assert not (out / "out").exists()


def test_folder_without_texts(run, tmp_path):
    result = run(tmp_path)
    assert result.exit_code == 1
    assert "no .txt files" in result.output


def test_binary_formats_need_a_folder(run, texts):
    result = run(texts, "--format", "xlsx")
    assert result.exit_code == 2
    assert "--out" in result.output


def test_parquet_has_the_columns_of_csv(run, texts, tmp_path):
    parquet = pytest.importorskip("pyarrow.parquet")
    run(texts / "a.txt", "--format", "parquet", "--out", tmp_path / "out")
    run(texts / "a.txt", "--format", "csv", "--out", tmp_path / "out")
    table = parquet.read_table(tmp_path / "out" / "a.parquet")
    header = (tmp_path / "out" / "a.csv").read_text(encoding="utf-8").splitlines()[0]
    assert table.column_names == header.split(",")
    assert table.to_pylist()[0]["item"] == "两个维护"


def test_xlsx_keeps_text_that_looks_like_a_formula(run, tmp_path):
    openpyxl = pytest.importorskip("openpyxl")
    text = tmp_path / "f.txt"
    text.write_text("=1+1 做到“两个维护”", encoding="utf-8")
    run(text, "--format", "xlsx", "--out", tmp_path / "out")
    sheet = openpyxl.load_workbook(tmp_path / "out" / "f.xlsx").active
    cells = dict(zip([c.value for c in sheet[1]], sheet[2], strict=True))
    assert (cells["sentence"].value, cells["sentence"].data_type) == ("=1+1 做到“两个维护”", "s")


def test_page_in_another_language_is_written_anew(run, texts, tmp_path):
    out = tmp_path / "out"
    for options in ([], ["--language", "en"]):
        result = run(texts / "a.txt", "--format", "html", "--out", out, *options)
        assert "unchanged" not in result.output
    assert '<html lang="en"' in (out / "a.html").read_text(encoding="utf-8")


def test_language_is_refused_where_there_is_no_page(run, texts):
    result = run(texts, "--language", "en")
    assert result.exit_code == 2
    assert "--language" in result.output


def test_missing_package_is_named(run, texts, tmp_path, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "openpyxl", None)
    result = run(texts, "--format", "xlsx", "--out", tmp_path / "out")
    assert result.exit_code == 1
    assert "baogao[io]" in result.output


@pytest.mark.parametrize("name", ["no_such_package", "."])
def test_unknown_pipeline_is_named(tmp_path, monkeypatch, name):
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(app, ["extract", "-", "--pipeline", name], input="报告")
    assert result.exit_code == 1
    assert f"error: {name}: neither an installed package nor a folder" in result.output


def test_broken_pipeline_is_named(tmp_path):
    (tmp_path / "meta.json").write_text("{}")
    result = CliRunner().invoke(app, ["extract", "-", "--pipeline", str(tmp_path)], input="报告")
    assert result.exit_code == 1
    assert "cannot be loaded" in result.output


def test_text_beyond_the_pipeline_is_refused(run, tmp_path):
    text = tmp_path / "long.txt"
    text.write_text("报告" * 500_001, encoding="utf-8")
    result = run(text)
    assert result.exit_code == 1
    assert "too long: 1,000,002 characters" in result.output


def test_wrong_reports_table(run, texts, tmp_path):
    table = tmp_path / "reports.csv"
    table.write_text("report,organ\na,court\n", encoding="utf-8")
    result = run(texts, "--reports", table)
    assert result.exit_code == 1
    assert "reports.csv: organ 'court'" in result.output


def test_schema_command():
    schema = json.loads(CliRunner().invoke(app, ["schema"]).stdout)
    assert {"item", "count", "period", "body", "share_of"} <= schema["properties"].keys()


@pytest.mark.parametrize("command", ["extract", "compare", "evaluate", "convert", "schema"])
def test_help_shows_an_example(command):
    assert f"Example: baogao {command}" in CliRunner().invoke(app, [command, "--help"]).output


def test_a_result_never_overwrites_its_report(run, texts):
    result = run(texts / "a.txt", texts / "sub" / "b.txt", "--out", texts)
    assert result.exit_code != 0 and "overwrite" in result.output
    assert (texts / "a.txt").read_text(encoding="utf-8") == TEXT
    assert (texts / "b.txt").exists()  # other files go on


def test_other_settings_of_a_component_make_another_result(tmp_path):
    nlp = spacy.blank("zh")
    nlp.add_pipe("entity_tagger", config={"threshold": 0.4})
    before = identity(nlp)
    assert identity(nlp) == before
    nlp.get_pipe("entity_tagger").cfg["threshold"] = 0.9
    assert identity(nlp) != before


def test_what_a_pipeline_lacks_is_named(tmp_path, monkeypatch):
    nlp = spacy.blank("zh")
    nlp.meta["requirements"] = ["baogao[onnx]"]
    nlp.to_disk(tmp_path)

    def load(name):
        raise ModuleNotFoundError("No module named 'onnxruntime'")

    monkeypatch.setattr(spacy, "load", load)
    result = CliRunner().invoke(app, ["extract", "-", "--pipeline", str(tmp_path)], input="报告")
    assert result.exit_code == 1
    assert "No module named 'onnxruntime'; it needs baogao[onnx]" in result.output.replace("\n", " ")
