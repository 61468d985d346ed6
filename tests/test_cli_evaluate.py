"""``baogao evaluate`` on two sentences; every figure was counted by hand.

    gold       常委会 BODY, 会议 ITEM, 7次 COUNT        区政协 BODY, 提案 ITEM, 437件 COUNT
    predicted  常委会 BODY, 会议 ITEM, 7次 COUNT        政协 BODY, 提案 DOCUMENT, 437件 COUNT

In both, the gold has QUANTITY_OF from the count to the item and AGENT from the item to the body; the pipeline joins
each count to the entity before it.
"""

from __future__ import annotations

import json
from itertools import pairwise

import pytest
import spacy
from spacy.language import Language
from spacy.tokens import Doc
from typer.testing import CliRunner

from baogao.cli import app
from baogao.relations import Relation

REPORTS = {
    "a": (
        "常委会召开会议7次。\n",
        "T1\tBODY 0 3\t常委会\nT2\tITEM 5 7\t会议\nT3\tCOUNT 7 9\t7次\n"
        "R1\tQUANTITY_OF Arg1:T3 Arg2:T2\nR2\tAGENT Arg1:T2 Arg2:T1\n",
    ),
    "b": (
        "区政协提交提案437件。\n",
        "T1\tBODY 0 3\t区政协\nT2\tITEM 5 7\t提案\nT3\tCOUNT 7 11\t437件\n"
        "R1\tQUANTITY_OF Arg1:T3 Arg2:T2\nR2\tAGENT Arg1:T2 Arg2:T1\n",
    ),
}
PATTERNS = {
    "常委会": "BODY",
    "会议": "ITEM",
    "7次": "COUNT",
    "政协": "BODY",
    "提案": "DOCUMENT",
    "437件": "COUNT",
}


@Language.component("counts_of_what_stands_before", assigns=["doc._.relations"])
def counts_of_what_stands_before(doc: Doc) -> Doc:
    doc._.relations = [Relation("QUANTITY_OF", b, a) for a, b in pairwise(doc.ents) if b.label_ == "COUNT"]
    return doc


def make_pipeline(path, with_relations=True):
    nlp = spacy.blank("zh", meta={"name": "toy", "version": "1.2.3"})
    patterns = [{"label": label, "pattern": text} for text, label in PATTERNS.items()]
    nlp.add_pipe("entity_ruler").add_patterns(patterns)
    if with_relations:
        nlp.add_pipe("counts_of_what_stands_before")
    nlp.to_disk(path)
    return path


@pytest.fixture
def run(tmp_path):
    for folder in ("gold", "texts"):
        (tmp_path / folder).mkdir()
    for name, (text, standoff) in REPORTS.items():
        (tmp_path / "texts" / f"{name}.txt").write_text(text, encoding="utf-8")
        (tmp_path / "gold" / f"{name}.ann").write_text(standoff, encoding="utf-8")

    def run(*options, pipeline=None):
        pipeline = pipeline or make_pipeline(tmp_path / "toy")
        folders = ("--gold", tmp_path / "gold", "--texts", tmp_path / "texts")
        return CliRunner().invoke(app, ["evaluate", *map(str, (pipeline, *folders, *options))])

    return run


def counts(score):
    return score["tp"], score["predicted"], score["support"]


def test_entities_are_scored_under_four_schemes_and_by_label(run):
    result = run("--json")
    assert result.exit_code == 0
    scores = json.loads(result.stdout)
    assert (scores["pipeline"], scores["version"], scores["reports"]) == ("zh_toy", "1.2.3", ["a", "b"])
    entities = scores["entities"]
    assert counts(entities["strict"]) == (4, 6, 6)
    assert counts(entities["exact"]) == (5, 6, 6)
    assert counts(entities["partial"]) == (5.5, 6, 6)
    assert counts(entities["type"]) == (5, 6, 6)
    assert {label: counts(of_label["strict"]) for label, of_label in entities["by_label"].items()} == {
        "BODY": (1, 2, 2),
        "COUNT": (2, 2, 2),
        "DOCUMENT": (0, 1, 0),
        "ITEM": (1, 1, 2),
    }


def test_relations_are_scored_end_to_end_and_between_gold_entities(run):
    scores = json.loads(run("--json").stdout)
    relations, given = scores["relations"], scores["gold_entity_relations"]
    assert counts(relations["rel"]) == (2, 2, 4)
    assert counts(relations["rel_strict"]) == (1, 2, 4)
    assert relations["recall_ceiling"] == 0.5
    assert counts(given["rel_strict"]) == (2, 2, 4)
    assert {label: counts(of_label["rel_strict"]) for label, of_label in given["by_label"].items()} == {
        "AGENT": (0, 0, 2),
        "QUANTITY_OF": (2, 2, 2),
    }


def test_tables_show_percentages_and_support(run):
    rows = [
        [cell.strip() for cell in line.split("│")[1:-1]]
        for line in run().stdout.splitlines()
        if line.startswith("│")
    ]
    assert ["ITEM", "100.0", "50.0", "66.7", "2"] in rows
    assert ["partial", "91.7", "91.7", "91.7", "6"] in rows
    assert [row for row in rows if row[0] == "micro"] == [
        ["micro", "66.7", "66.7", "66.7", "6"],
        ["micro", "100.0", "50.0", "66.7", "4"],
        ["micro", "50.0", "25.0", "33.3", "4"],
        ["micro", "100.0", "50.0", "66.7", "4"],
    ]


def test_pipeline_without_relations_is_scored_on_entities_alone(run, tmp_path):
    pipeline = make_pipeline(tmp_path / "entities", with_relations=False)
    scores = json.loads(run("--json", pipeline=pipeline).stdout)
    assert counts(scores["entities"]["strict"]) == (4, 6, 6)
    assert scores.keys().isdisjoint({"relations", "gold_entity_relations"})


def test_split_chooses_the_reports(run, tmp_path):
    table = tmp_path / "reports.csv"
    table.write_text("report,split\na,dev\nb,test\n", encoding="utf-8")
    scores = json.loads(run("--json", "--reports", table, "--split", "dev").stdout)
    assert scores["reports"] == ["a"]
    assert counts(scores["entities"]["strict"]) == (3, 3, 3)
    result = run("--reports", table, "--split", "train")
    assert result.exit_code == 1
    assert "reports.csv: no report of the split 'train'" in result.output


def test_bad_report_is_named_and_the_others_are_scored(run, tmp_path):
    (tmp_path / "gold" / "b.ann").write_text("T1\tBODY 0 99\t区\n", encoding="utf-8")
    result = run("--json")
    assert result.exit_code == 1
    assert "b.ann:1: offsets 0 99 are out of range" in result.stderr
    assert json.loads(result.stdout)["reports"] == ["a"]


def test_gold_entities_that_the_tokens_cannot_hold_are_named(run, tmp_path):
    nlp = spacy.blank("en")
    nlp.add_pipe("counts_of_what_stands_before")
    nlp.to_disk(tmp_path / "words")
    result = run(pipeline=tmp_path / "words")
    assert result.exit_code == 1
    assert "a: BODY '常委会' at 0 does not begin and end with a token" in result.output


def test_folder_without_annotations_and_unknown_pipeline_are_named(run, tmp_path):
    (tmp_path / "empty").mkdir()
    result = run("--gold", tmp_path / "empty")
    assert (result.exit_code, "no .ann files" in result.output) == (1, True)
    result = run(pipeline="no_such_package")
    assert (result.exit_code, "neither an installed package nor a folder" in result.output) == (1, True)
