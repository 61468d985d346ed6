"""The page of errors: what it lists, and that texts stay data on it."""

from __future__ import annotations

import json
import re
import shutil
from html.parser import HTMLParser

import pytest
import spacy
import typer
from typer.testing import CliRunner

from baogao.formats.annotated import AnnotatedText, RelationAnnotation, SpanAnnotation
from baogao.metrics.errors import find_entity_errors, find_relation_errors
from baogao.metrics.items import Entity, Link
from evaluate.error_page import render_errors
from evaluate.errors import error_rows, main

TEXT = "各位代表:\n区委<b>组织视察12次、调研8次。"
BODY = SpanAnnotation(6, 8, "BODY")
VISIT = SpanAnnotation(13, 15, "ITEM")
VISITS = SpanAnnotation(15, 18, "COUNT")
SURVEY = SpanAnnotation(19, 21, "ITEM")
SURVEYS = SpanAnnotation(21, 23, "COUNT")
GOLD = AnnotatedText(
    "a-rd-2022",
    TEXT,
    [BODY, VISIT, VISITS, SURVEY, SURVEYS],
    [
        RelationAnnotation("QUANTITY_OF", VISITS, VISIT),
        RelationAnnotation("QUANTITY_OF", SURVEYS, SURVEY),
        RelationAnnotation("AGENT", VISIT, BODY),
        RelationAnnotation("AGENT", SURVEY, BODY),
    ],
)
LONG_VISIT = SpanAnnotation(11, 15, "ITEM")
PREDICTED = AnnotatedText(
    "a-rd-2022",
    TEXT,
    [LONG_VISIT, VISITS, SURVEY, SURVEYS],
    [
        RelationAnnotation("QUANTITY_OF", VISITS, LONG_VISIT),
        RelationAnnotation("SUBSET_OF", SURVEYS, VISITS),
    ],
)


def test_every_error_is_listed_with_both_sides_and_its_place():
    rows = error_rows(GOLD, PREDICTED)
    assert [(row.what, row.kind, row.label, row.gold, row.predicted) for row in rows] == [
        ("entity", "missed", "BODY", ["区委 BODY"], []),
        ("entity", "boundary", "ITEM", ["视察 ITEM"], ["组织视察 ITEM"]),
        ("relation", "missed_span", "AGENT", ["视察 ITEM → 区委 BODY: AGENT"], []),
        (
            "relation",
            "boundary",
            "QUANTITY_OF",
            ["12次 COUNT → 视察 ITEM: QUANTITY_OF"],
            ["12次 COUNT → 组织视察 ITEM: QUANTITY_OF"],
        ),
        ("relation", "missed_span", "AGENT", ["调研 ITEM → 区委 BODY: AGENT"], []),
        ("relation", "spurious", "SUBSET_OF", [], ["8次 COUNT → 12次 COUNT: SUBSET_OF"]),
        ("relation", "missed", "QUANTITY_OF", ["8次 COUNT → 调研 ITEM: QUANTITY_OF"], []),
    ]
    assert {(row.report, row.paragraph) for row in rows} == {("a-rd-2022", 2)}


def test_context_stays_in_its_paragraph_and_tells_the_sides_apart():
    boundary = error_rows(GOLD, PREDICTED)[1]
    assert boundary.context == [
        ("区委<b>", False, False),
        ("组织", False, True),
        ("视察", True, True),
        ("12次、调研8次。", False, False),
    ]


def link(label: str, head: int, tail: int) -> Link:
    return Link(label, Entity("a", head, head + 1, "ITEM"), Entity("a", tail, tail + 1, "BODY"))


def test_relation_between_the_right_spans_with_another_label_is_a_wrong_label():
    gold, predicted = {link("AGENT", 0, 2)}, {link("TIME", 0, 2), link("AGENT", 0, 4)}
    entities = {Entity("a", 0, 1, "ITEM"), Entity("a", 2, 3, "BODY")}
    errors = find_relation_errors(gold, predicted, entities, entities | {Entity("a", 4, 5, "BODY")})
    assert [(error.kind, error.gold, error.predicted) for error in errors] == [
        ("wrong_label", link("AGENT", 0, 2), link("TIME", 0, 2)),
        ("spurious_span", None, link("AGENT", 0, 4)),
    ]


def test_relation_between_the_right_spans_of_another_label_is_a_wrong_label():
    gold = {link("AGENT", 0, 2)}
    (head, tail) = next(iter(gold)).head, next(iter(gold)).tail
    predicted = {next(iter(gold))._replace(head=head._replace(label="PROGRAM"))}
    errors = find_relation_errors(gold, predicted, {head, tail}, {head._replace(label="PROGRAM"), tail})
    assert [error.kind for error in errors] == ["wrong_label"]


def test_what_is_right_is_no_error():
    entities = {Entity("a", 0, 1, "ITEM"), Entity("a", 2, 3, "BODY")}
    assert find_entity_errors(entities, entities) == []
    assert find_relation_errors({link("AGENT", 0, 2)}, {link("AGENT", 0, 2)}, entities, entities) == []


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.names: list[str] = []

    def handle_starttag(self, tag, attrs):
        self.names.append(tag)


def test_text_cannot_become_markup_or_end_the_data():
    hostile = "</script><script>alert(1)</script><img src=x onerror=alert(1)>"
    gold = AnnotatedText("a", f"区委{hostile}", [SpanAnnotation(0, 2, "BODY")], [])
    rows = error_rows(gold, AnnotatedText("a", gold.text, [], []))
    page = render_errors(rows, title=hostile)
    tags = Tags()
    tags.feed(page)
    assert tags.names.count("script") == 2
    assert "img" not in tags.names
    data = re.search('<script type="application/json" id="data">(.*?)</script>', page)[1]
    assert json.loads(data)[0]["context"][1][0] == hostile[:40]
    policy = re.search('http-equiv="Content-Security-Policy" content="([^"]*)"', page)[1]
    assert "default-src 'none'" in policy
    assert re.search(r"script-src 'sha256-[^']+';", policy)  # the page's own script and no other


@pytest.mark.skipif(shutil.which("chromium") is None, reason="needs a chromium on the PATH")
def test_page_filters_and_sorts(tmp_path):
    playwright = pytest.importorskip("playwright.sync_api", reason="needs pip install baogao[browser]")
    path = tmp_path / "errors.html"
    path.write_text(render_errors(error_rows(GOLD, PREDICTED), "Errors"), encoding="utf-8")
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page()
        problems: list[str] = []
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("console", lambda message: problems.append(message.text))
        page.goto(path.as_uri())
        assert page.inner_text("#shown") == "7 of 7 errors"
        page.select_option("[name=what]", "relation")
        page.select_option("[name=kind]", "missed_span")
        assert page.inner_text("#shown") == "2 of 7 errors"
        gold = page.locator("tbody td:nth-child(4)")
        page.click("[data-sort=gold]")
        ascending = gold.all_inner_texts()
        page.click("[data-sort=gold]")
        assert gold.all_inner_texts() == ascending[::-1] != ascending
        page.fill("[name=text]", "<b>")
        assert page.inner_text("#shown") == "2 of 7 errors"  # found as text; there is no element of that name
        assert page.locator("tbody b").count() == 0
        browser.close()
    assert problems == []


@pytest.fixture
def run(tmp_path):
    """The command on a corpus of one dev report, with a pipeline that finds one date too many."""
    folder = tmp_path / "corpus"
    (folder / "texts").mkdir(parents=True)
    (folder / "reports.csv").write_text("report,split\nb-rd-2022,dev\n", encoding="utf-8")
    (folder / "texts" / "b-rd-2022.txt").write_text("全年视察。\n", encoding="utf-8")
    (folder / "b-rd-2022.ann").write_text("", encoding="utf-8")
    nlp = spacy.blank("zh")
    nlp.add_pipe("entity_ruler").add_patterns([{"label": "DATE", "pattern": "全年"}])
    nlp.to_disk(tmp_path / "pipeline")
    app = typer.Typer()
    app.command()(main)
    out = tmp_path / "errors.html"

    def invoke(*arguments):
        options = {
            "--pipeline": tmp_path / "pipeline",
            "--out": out,
            "--corpus": folder,
            "--annotations": folder,
        }
        given = [str(part) for option in options.items() for part in option]
        return CliRunner().invoke(app, [*given, *arguments]), out

    return invoke


def test_command_writes_a_page_of_the_dev_reports(run):
    result, out = run("--split", "dev")
    assert result.exit_code == 0, result.output
    assert "wrote 1 errors" in result.output
    assert '"kind": "spurious"' in out.read_text(encoding="utf-8")


def test_command_refuses_the_test_reports(run):
    result, out = run("--split", "test")
    assert result.exit_code == 2
    assert not out.exists()


def test_command_names_a_pipeline_that_is_not_there(run):
    result, out = run("--pipeline", "no_such_pipeline")
    assert result.exit_code == 1
    assert "no_such_pipeline" in result.output
    assert not out.exists()
