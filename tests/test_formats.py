"""Annotation formats: brat standoff and the inline form, on small texts and on the committed annotations."""

import os
from pathlib import Path

import pytest

from baogao.formats import (
    AnnotatedText,
    AnnotationError,
    RelationAnnotation,
    SpanAnnotation,
    read_annotated,
    read_brat,
    read_inline,
    write_annotated,
    write_brat,
    write_inline,
)

ROOT = Path(__file__).parent.parent
TEXTS = ROOT / "corpus" / "texts"
GOLD = sorted((ROOT / "annotations" / "gold").glob("*.ann"))

BODY, ITEM, COUNT = (
    SpanAnnotation(3, 6, "BODY"),
    SpanAnnotation(8, 10, "ITEM"),
    SpanAnnotation(10, 12, "COUNT"),
)
EXAMPLE = AnnotatedText(
    "r",
    # The first character is outside the Basic Multilingual Plane: one code point, two UTF-16 units.
    "𠮷。\n常委会召开会议7次。",
    [BODY, ITEM, COUNT],
    [RelationAnnotation("QUANTITY_OF", COUNT, ITEM), RelationAnnotation("AGENT", ITEM, BODY)],
)
FIRST, NEXT = SpanAnnotation(0, 1, "ITEM"), SpanAnnotation(2, 3, "BODY")
EXAMPLE_ANN = (
    "T1\tBODY 3 6\t常委会\n"
    "T2\tITEM 8 10\t会议\n"
    "T3\tCOUNT 10 12\t7次\n"
    "R1\tAGENT Arg1:T2 Arg2:T1\n"
    "R2\tQUANTITY_OF Arg1:T3 Arg2:T2\n"
)
EXAMPLE_INLINE = "𠮷。\n⟦常委会|BODY:1⟧召开⟦会议|ITEM:2⟧⟦7次|COUNT:3⟧。\n@ AGENT 2>1; QUANTITY_OF 3>2\n"


@pytest.fixture
def text_path(tmp_path):
    path = tmp_path / "texts" / "r.txt"
    path.parent.mkdir()
    path.write_text(EXAMPLE.text + "\n", encoding="utf-8")
    return path


def test_brat_is_read(tmp_path, text_path):
    path = tmp_path / "r.ann"
    path.write_text(EXAMPLE_ANN, encoding="utf-8")
    assert read_brat(path, text_path) == EXAMPLE


def test_brat_is_written_in_order_of_position(tmp_path):
    write_brat(EXAMPLE, tmp_path / "r.ann")
    assert (tmp_path / "r.ann").read_text(encoding="utf-8") == EXAMPLE_ANN


def test_brat_as_brat_itself_writes_it_is_read(tmp_path, text_path):
    """Relations before their spans, a tab at the end of relations, notes, Windows line ends."""
    lines = EXAMPLE_ANN.splitlines()
    relations = [f"{line}\t" for line in lines if line.startswith("R")]
    spans = [line for line in lines if line.startswith("T")]
    content = "\r\n".join([*relations, *spans, "#1\tAnnotatorNotes T1\tsure", ""])
    path = tmp_path / "r.ann"
    path.write_bytes(content.encode("utf-8"))
    assert read_brat(path, text_path) == EXAMPLE


@pytest.mark.parametrize(
    ("line", "cause"),
    [
        ("T4 BODY 3 6 常委会", "neither a span nor a relation"),
        ("T4\tBODY 3\t常", "not a span"),
        ("E1\tMeeting:T1", "neither a span nor a relation"),
        ("T4\tBODY 3 5\t常委会", "covers '常委' in the text file, not '常委会'"),
        ("T4\tBODY 12 99\t。", "offsets 12 99 are out of range (the text has 13 characters)"),
        ("T4\tBODY 6 6\t", "offsets 6 6 are out of range"),
        ("T4\tBODY 1 4\t。 常", "crosses a line break"),
        ("T4\tBODY 3 4;5 6\t常 会", "discontinuous spans are not supported"),
        ("T1\tBODY 3 6\t常委会", "id T1 is already taken by line 1"),
        ("R1\tAGENT Arg1:T2 Arg2:T1", "id R1 is already taken by line 4"),
        ("R3\tAGENT Arg1:T2 Arg2:T9", "unknown id T9"),
        ("R3\tAGENT T2 T1", "not a binary relation"),
    ],
)
def test_bad_brat_is_refused_with_file_line_and_cause(tmp_path, text_path, line, cause):
    path = tmp_path / "r.ann"
    path.write_text(EXAMPLE_ANN + line + "\n", encoding="utf-8")
    with pytest.raises(AnnotationError) as error:
        read_brat(path, text_path)
    assert str(error.value).startswith(f"{path}:6: ")
    assert cause in str(error.value)


@pytest.mark.parametrize(
    "spans",
    [[SpanAnnotation(1, 4, "BODY")], [SpanAnnotation(12, 14, "BODY")]],
    ids=["across paragraphs", "out of range"],
)
@pytest.mark.parametrize("suffix", [".ann", ".txt"])
def test_spans_outside_a_paragraph_are_not_written(tmp_path, spans, suffix):
    path = tmp_path / f"r{suffix}"
    with pytest.raises(AnnotationError, match="cannot write r"):
        write_annotated(AnnotatedText("r", EXAMPLE.text, spans), path)
    assert not path.exists()


@pytest.mark.parametrize("suffix", [".ann", ".txt"])
def test_relations_of_missing_spans_are_not_written(tmp_path, suffix):
    path = tmp_path / f"r{suffix}"
    with pytest.raises(AnnotationError, match="cannot write r"):
        write_annotated(AnnotatedText("r", EXAMPLE.text, [BODY], EXAMPLE.relations), path)
    assert not path.exists()


def test_inline_is_read(tmp_path, text_path):
    path = tmp_path / "r.txt"
    path.write_text(EXAMPLE_INLINE, encoding="utf-8")
    assert read_inline(path) == EXAMPLE
    assert read_inline(path, text_path) == EXAMPLE


def test_inline_is_written_with_ids_for_spans_in_relations(tmp_path):
    write_inline(EXAMPLE, tmp_path / "r.txt")
    assert (tmp_path / "r.txt").read_text(encoding="utf-8") == EXAMPLE_INLINE
    write_inline(AnnotatedText("r", EXAMPLE.text, [BODY]), tmp_path / "r.txt")
    assert (tmp_path / "r.txt").read_text(encoding="utf-8") == "𠮷。\n⟦常委会|BODY⟧召开会议7次。\n"


def test_inline_keeps_bars_and_colons_in_spans(tmp_path):
    annotated = AnnotatedText("r", "甲|B:1乙", [SpanAnnotation(0, 6, "BODY")])
    write_inline(annotated, tmp_path / "r.txt")
    assert read_inline(tmp_path / "r.txt") == annotated


@pytest.mark.parametrize(
    ("content", "line", "cause"),
    [
        ("⟦常委会|BODY:1⟧⟦会议|ITEM:1⟧", 1, "id 1 is used twice"),
        ("⟦常委会|BODY⟧召开⟦会议", 1, "broken markup at '⟦会议'"),
        ("⟦常委会⟧召开", 1, "broken markup at '⟦常委会⟧召开'"),
        ("⟦会议|ITEM:1⟧\n@ AGENT 1>2", 2, "unknown id 2 in 'AGENT 1>2'"),
        ("⟦会议|ITEM:1⟧\n@ AGENT 1-2", 2, "not a relation"),
        ("⟦会议|ITEM:1⟧\n⟦常委会|BODY:2⟧\n@ AGENT 1>2", 3, "unknown id 1"),
    ],
)
def test_bad_inline_is_refused_with_file_line_and_cause(tmp_path, content, line, cause):
    path = tmp_path / "r.txt"
    path.write_text(content + "\n", encoding="utf-8")
    with pytest.raises(AnnotationError) as error:
        read_inline(path)
    assert str(error.value).startswith(f"{path}:{line}: ")
    assert cause in str(error.value)


@pytest.mark.parametrize(
    ("content", "cause"),
    [
        ("𠮷。\n常委会召开会议8次。", "differs from paragraph 2 of the text file at character 8"),
        ("𠮷。\n常委会召开会议7次。\n完", "more than the 2 paragraphs"),
        ("𠮷。", "only 1 of the 2 paragraphs"),
    ],
)
def test_inline_of_another_text_is_refused(tmp_path, text_path, content, cause):
    path = tmp_path / "r.txt"
    path.write_text(content + "\n", encoding="utf-8")
    with pytest.raises(AnnotationError, match=cause):
        read_inline(path, text_path)


@pytest.mark.parametrize(
    ("annotated", "cause"),
    [
        (AnnotatedText("r", "甲⟦乙"), "contains ⟦ or ⟧"),
        (AnnotatedText("r", "@ 甲"), "would be read as relations"),
        (
            AnnotatedText("r", "甲乙丙", [SpanAnnotation(0, 2, "BODY"), SpanAnnotation(1, 3, "ITEM")]),
            "'乙丙' overlaps",
        ),
        (
            AnnotatedText("r", "甲\n乙", [FIRST, NEXT], [RelationAnnotation("AGENT", FIRST, NEXT)]),
            "not within a paragraph",
        ),
    ],
)
def test_what_the_inline_form_cannot_hold_is_refused(tmp_path, annotated, cause):
    with pytest.raises(AnnotationError, match=cause):
        write_inline(annotated, tmp_path / "r.txt")
    assert not (tmp_path / "r.txt").exists()


def test_unreadable_files_are_named(tmp_path, text_path):
    with pytest.raises(AnnotationError, match=r"missing\.ann: No such file"):
        read_annotated(tmp_path / "missing.ann", text_path)
    (tmp_path / "r.ann").write_bytes("常委会".encode("gb18030"))
    with pytest.raises(AnnotationError, match=r"r\.ann: not UTF-8"):
        read_annotated(tmp_path / "r.ann", text_path)
    with pytest.raises(AnnotationError, match=r"r\.json: not an annotation file"):
        read_annotated(tmp_path / "r.json", text_path)


def test_a_failed_write_leaves_the_old_file_and_nothing_else(tmp_path, monkeypatch):
    path = tmp_path / "r.ann"
    path.write_text("old", encoding="utf-8")

    def fail(source, target):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises(AnnotationError, match=r"r\.ann: No space left"):
        write_brat(EXAMPLE, path)
    assert [file.name for file in tmp_path.iterdir()] == ["r.ann"]
    assert path.read_text(encoding="utf-8") == "old"


def test_committed_gold_is_complete():
    gold = [read_brat(path, TEXTS / f"{path.stem}.txt") for path in GOLD]
    assert len(gold) == 18
    assert sum(len(annotated.spans) for annotated in gold) == 5636
    assert sum(len(annotated.relations) for annotated in gold) == 1143


@pytest.mark.parametrize("path", GOLD, ids=lambda path: path.stem)
def test_committed_gold_survives_the_way_through_the_inline_form(tmp_path, path):
    text_path = TEXTS / f"{path.stem}.txt"
    write_annotated(read_annotated(path, text_path), tmp_path / f"{path.stem}.txt")
    write_annotated(read_annotated(tmp_path / f"{path.stem}.txt", text_path), tmp_path / path.name)
    assert (tmp_path / path.name).read_bytes() == path.read_bytes()
