"""Official text that pipelines annotate for another one to learn from."""

from __future__ import annotations

import csv
import lzma

import pytest
import spacy
from spacy.tokens import DocBin
from typer.testing import CliRunner

from training.build_excerpts import checksum
from training.similar_paragraphs import most_similar
from training.vote_silver import app, choose_paragraphs, vote

REPORT = "区人大常委会听取审议专项工作报告18项,开展执法检查3次,督办代表建议160件。"
LIKE_IT = "市人大常委会听取和审议专项工作报告12项,组织执法检查6次,办理代表建议516件,开展专题询问2次。"
UNLIKE_IT = "粮食产量达到1200万吨,比上年增长3.6%;新建高速公路300公里,改造老旧小区500个,更新管网。"


@pytest.fixture
def official(tmp_path):
    folder = tmp_path / "official"
    folder.mkdir()
    for name, lines in {
        "govreport_lawtext.txt.xz": [UNLIKE_IT, LIKE_IT.replace(",", "，"), UNLIKE_IT],
        "cpc_lawtext.txt.xz": ["大会选举产生了新一届委员会,新一届委员会选举产生了主席团,主席团主持了会议。"],
    }.items():
        (folder / name).write_bytes(lzma.compress("\n".join(lines).encode()))
    return folder


@pytest.fixture
def no_excerpts(tmp_path):
    path = tmp_path / "sources.csv"
    path.write_text("excerpt,line,file,sha1\n", encoding="utf-8")
    return path


def test_paragraphs_most_like_the_wanted_text_come_first():
    paragraphs = [UNLIKE_IT, LIKE_IT, "", "一", UNLIKE_IT]
    assert most_similar(paragraphs, REPORT, 10**6) == [1, 0, 4]
    assert most_similar(paragraphs, REPORT, len(LIKE_IT)) == [1]
    assert most_similar(paragraphs, REPORT, 0) == []


def test_paragraphs_without_numbers_and_repetitions_are_left_out(official, no_excerpts):
    assert choose_paragraphs(official, [no_excerpts], [REPORT], 10**6) == [LIKE_IT, UNLIKE_IT]


def test_paragraphs_that_are_annotated_are_left_out(official, no_excerpts, tmp_path):
    path = tmp_path / "reviewed.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("sha1",), (checksum(UNLIKE_IT),)])
    assert choose_paragraphs(official, [no_excerpts, path], [REPORT], 10**6) == [LIKE_IT]


def test_an_earlier_rounds_text_is_left_out_and_fewer_numbers_may_do(official, no_excerpts):
    few = choose_paragraphs(official, [no_excerpts], [REPORT], 10**6, n_numbers=0, without={LIKE_IT})
    assert LIKE_IT not in few and UNLIKE_IT in few and len(few) == 2


def test_a_vote_keeps_what_most_say(nlp, gold_docs):
    gold = gold_docs[0]
    bare = nlp.make_doc(gold.text)
    voted, agreement = vote([gold, bare, gold])
    assert [(e.start, e.end, e.label_) for e in voted.ents] == [(e.start, e.end, e.label_) for e in gold.ents]
    assert {r.key for r in voted._.relations} == {r.key for r in gold._.relations}
    assert agreement == 1.0 and voted.text == gold.text
    voted, agreement = vote([bare, bare, gold])
    assert not voted.ents and not voted._.relations and agreement == 0.0


def test_a_vote_of_documents_without_entities_agrees(nlp):
    voted, agreement = vote([nlp.make_doc("各位代表,大家好。") for _ in range(3)])
    assert (voted.text, list(voted.ents), agreement) == ("各位代表,大家好。", [], 1.0)


@pytest.fixture
def pipelines(tmp_path):
    """Three pipelines of which two know a body and one knows a document instead."""
    paths = []
    for number, (label, pattern) in enumerate([("BODY", "常委会"), ("BODY", "常委会"), ("DOCUMENT", "建议")]):
        nlp = spacy.blank("zh")
        nlp.add_pipe("entity_ruler").add_patterns([{"label": label, "pattern": pattern}])
        paths.append(tmp_path / f"pipeline{number}")
        nlp.to_disk(paths[-1])
    return paths


def run(official, no_excerpts, tmp_path, pipelines, *options):
    (tmp_path / "reports.csv").write_text("report,split\na,train\nb,test\n", encoding="utf-8")
    (tmp_path / "a.txt").write_text(REPORT, encoding="utf-8")
    common = ["--reports", tmp_path / "reports.csv", "--texts", tmp_path, "--sources", no_excerpts]
    arguments = [official, tmp_path / "silver.spacy", *pipelines, *common, "--processes", 1, *options]
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def test_silver_is_written(official, no_excerpts, tmp_path, pipelines):
    result = run(official, no_excerpts, tmp_path, pipelines, "--min-agreement", 0)
    assert result.exit_code == 0, result.output
    docs = list(DocBin().from_disk(tmp_path / "silver.spacy").get_docs(spacy.blank("zh").vocab))
    assert [[(e.text, e.label_) for e in doc.ents] for doc in docs] == [[("常委会", "BODY")], []]


def test_paragraphs_that_are_disputed_are_left_out(official, no_excerpts, tmp_path, pipelines):
    result = run(official, no_excerpts, tmp_path, pipelines, "--min-agreement", 0.9)
    assert result.exit_code == 0, result.output
    docs = list(DocBin().from_disk(tmp_path / "silver.spacy").get_docs(spacy.blank("zh").vocab))
    assert [doc.text for doc in docs] == [UNLIKE_IT]


def test_a_second_round_takes_other_text(official, no_excerpts, tmp_path, pipelines):
    first = tmp_path / "first.spacy"
    DocBin(docs=[spacy.blank("zh").make_doc(UNLIKE_IT)]).to_disk(first)
    result = run(official, no_excerpts, tmp_path, pipelines, "--min-agreement", 0, "--without", first)
    assert result.exit_code == 0, result.output
    docs = list(DocBin().from_disk(tmp_path / "silver.spacy").get_docs(spacy.blank("zh").vocab))
    assert [doc.text for doc in docs] == [LIKE_IT]


def test_an_earlier_round_that_cannot_be_read_is_named(official, no_excerpts, tmp_path, pipelines):
    result = run(official, no_excerpts, tmp_path, pipelines, "--without", tmp_path / "nothing.spacy")
    assert result.exit_code != 0 and "nothing.spacy" in result.output


def test_two_pipelines_are_no_vote(official, no_excerpts, tmp_path, pipelines):
    result = run(official, no_excerpts, tmp_path, pipelines[:2])
    assert result.exit_code != 0 and "odd number" in result.output
    assert not (tmp_path / "silver.spacy").exists()


def test_missing_official_text_is_named(tmp_path, no_excerpts, pipelines):
    result = run(tmp_path / "nowhere", no_excerpts, tmp_path, pipelines)
    assert result.exit_code != 0 and "nowhere" in result.output


def test_broken_official_text_is_named(official, no_excerpts, tmp_path, pipelines):
    (official / "cpc_lawtext.txt.xz").write_bytes(b"no archive")
    result = run(official, no_excerpts, tmp_path, pipelines)
    assert result.exit_code != 0 and "cpc_lawtext.txt.xz" in result.output
    assert not (tmp_path / "silver.spacy").exists()
