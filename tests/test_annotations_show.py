"""``baogao annotations show``: a report in the terminal and as a web page."""

import pytest
from typer.testing import CliRunner

from baogao.annotations.show import COLOURS, render_html, render_terminal
from baogao.cli.annotations import app
from baogao.formats import AnnotatedText, RelationAnnotation, SpanAnnotation, write_brat
from baogao.schema import ENTITY_LABELS

ITEM, COUNT = SpanAnnotation(5, 7, "ITEM"), SpanAnnotation(7, 9, "COUNT")
REPORT = AnnotatedText(
    "r",
    "甲。\n召开会议7次,<b>“甲&乙”。",
    [ITEM, COUNT, SpanAnnotation(14, 17, "BODY")],
    [RelationAnnotation("QUANTITY_OF", COUNT, ITEM)],
)


def test_every_label_has_a_colour_of_its_own():
    assert set(COLOURS) == set(ENTITY_LABELS)
    assert len(set(COLOURS.values())) == len(COLOURS)


def test_terminal_shows_spans_with_labels_and_relations_below_their_paragraph():
    first, second = render_terminal(REPORT)
    assert first.plain == "甲。"
    assert second.plain == ("召开[会议|ITEM][7次|COUNT],<b>“[甲&乙|BODY]”。\n    QUANTITY_OF: 7次 > 会议")
    styles = {second.plain[span.start : span.end]: str(span.style) for span in second.spans}
    assert COLOURS["COUNT"] in styles["[7次|COUNT]"]


def test_html_escapes_the_text_and_the_name():
    html = render_html(AnnotatedText("a<i>b", REPORT.text, REPORT.spans, REPORT.relations))
    assert "&lt;b&gt;" in html and "<b>" not in html
    assert "甲&amp;乙" in html
    assert "<h1>a&lt;i&gt;b</h1>" in html
    assert "<li>QUANTITY_OF: 7次 &gt; 会议</li>" in html
    assert COLOURS["ITEM"] in html


def test_html_escapes_labels():
    html = render_html(AnnotatedText("r", "甲乙", [SpanAnnotation(0, 1, "<script>")]))
    assert "&lt;script&gt;" in html and "<script>" not in html


@pytest.fixture
def files(tmp_path):
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "r.txt").write_text(REPORT.text + "\n", encoding="utf-8")
    write_brat(REPORT, tmp_path / "r.ann")
    return tmp_path


def test_show_prints_a_file(files):
    result = CliRunner().invoke(app, ["show", str(files / "r.ann"), "--texts", str(files / "texts")])
    assert result.exit_code == 0, result.output
    assert "召开[会议|ITEM][7次|COUNT]" in result.stdout


def test_show_writes_a_web_page(files):
    page = files / "r.html"
    arguments = ["show", str(files / "r.ann"), "--texts", str(files / "texts"), "--html", str(page)]
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 0, result.output
    assert page.read_text(encoding="utf-8") == render_html(REPORT)


def test_show_finds_gold_by_the_name_of_its_report(files, monkeypatch):
    (files / "annotations" / "gold").mkdir(parents=True)
    (files / "r.ann").rename(files / "annotations" / "gold" / "r.ann")
    monkeypatch.chdir(files)
    assert CliRunner().invoke(app, ["show", "r", "--texts", "texts"]).exit_code == 0
    result = CliRunner().invoke(app, ["show", "nothing", "--texts", "texts"])
    assert result.exit_code == 1
    assert "annotations/gold/nothing.ann: No such file" in result.stderr
