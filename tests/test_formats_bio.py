"""BIO tags of characters."""

from pathlib import Path

import pytest

from baogao.formats import AnnotatedText, AnnotationError, SpanAnnotation, read_bio, read_brat, write_bio

ROOT = Path(__file__).parent.parent
GOLD = sorted((ROOT / "annotations" / "gold").glob("*.ann"))

TEXT = "区委 会议\n7次8次。"
EXAMPLE = AnnotatedText(
    "r",
    TEXT,
    [
        SpanAnnotation(0, 2, "BODY"),
        SpanAnnotation(3, 5, "ITEM"),
        SpanAnnotation(6, 8, "COUNT"),
        SpanAnnotation(8, 10, "COUNT"),
    ],
)
EXAMPLE_BIO = (
    "区 B-BODY\n委 I-BODY\n会 B-ITEM\n议 I-ITEM\n\n7 B-COUNT\n次 I-COUNT\n8 B-COUNT\n次 I-COUNT\n。 O\n"
)


@pytest.fixture
def read(tmp_path):
    def read(content: str, text: str = TEXT) -> AnnotatedText:
        (tmp_path / "text.txt").write_text(text + "\n", encoding="utf-8")
        (tmp_path / "r.bio").write_text(content, encoding="utf-8")
        return read_bio(tmp_path / "r.bio", tmp_path / "text.txt")

    return read


def test_neighbours_of_one_label_stay_apart_and_spaces_have_no_line(tmp_path):
    write_bio(EXAMPLE, tmp_path / "r.bio")
    assert (tmp_path / "r.bio").read_text(encoding="utf-8") == EXAMPLE_BIO


def test_offsets_are_read_back_across_spaces(read):
    assert read(EXAMPLE_BIO) == EXAMPLE


def test_words_with_four_columns_are_read(read):
    """As in CoNLL-2003 itself."""
    content = "-DOCSTART- -X- O O\n\n区委 N I-NP B-BODY\n会议 N I-NP O\n\n7次8次 M I-NP O\n。 P O O\n"
    assert read(content).spans == [SpanAnnotation(0, 2, "BODY")]


def test_a_span_may_hold_a_space(tmp_path, read):
    annotated = AnnotatedText("r", TEXT, [SpanAnnotation(0, 5, "MEETING")])
    write_bio(annotated, tmp_path / "r.bio")
    assert read((tmp_path / "r.bio").read_text(encoding="utf-8")) == annotated


@pytest.mark.parametrize(
    ("content", "line", "cause"),
    [
        ("区 B-BODY\n会 O\n", 2, "token '会', but the text goes on with '委 会议"),
        ("区\n", 1, "not a token and a BIO tag: '区'"),
        ("区 S-BODY\n", 1, "not a token and a BIO tag"),
        ("区 O\n委 I-BODY\n", 2, "I-BODY continues no entity"),
        ("区 B-BODY\n委 I-ITEM\n", 2, "I-ITEM continues no entity"),
        ("区 B-BODY\n\n委 I-BODY\n", 3, "I-BODY continues no entity"),
    ],
)
def test_bad_lines_are_refused_with_file_line_and_cause(read, content, line, cause):
    with pytest.raises(AnnotationError) as error:
        read(content)
    assert f"r.bio:{line}: " in str(error.value)
    assert cause in str(error.value)


def test_a_file_that_ends_too_early_is_refused(read):
    with pytest.raises(AnnotationError, match=r"r\.bio: ends before '7次8次。' of .*text\.txt"):
        read(EXAMPLE_BIO.partition("7")[0])


@pytest.mark.parametrize(
    ("spans", "cause"),
    [
        ([SpanAnnotation(0, 2, "BODY"), SpanAnnotation(1, 4, "ITEM")], "ITEM 1 4 overlaps"),
        ([SpanAnnotation(3, 8, "ITEM")], "is not within a paragraph"),
        ([SpanAnnotation(8, 12, "ITEM")], "is not within a paragraph"),
        ([SpanAnnotation(2, 5, "ITEM")], "begins or ends with white space"),
    ],
)
def test_what_tags_cannot_hold_is_refused(tmp_path, spans, cause):
    with pytest.raises(AnnotationError, match=cause):
        write_bio(AnnotatedText("r", TEXT, spans), tmp_path / "r.bio")
    assert not (tmp_path / "r.bio").exists()


@pytest.mark.parametrize("path", GOLD, ids=lambda path: path.stem)
def test_entities_of_the_committed_gold_survive(tmp_path, path):
    text_path = ROOT / "corpus" / "texts" / f"{path.stem}.txt"
    gold = read_brat(path, text_path)
    write_bio(gold, tmp_path / f"{path.stem}.bio")
    again = read_bio(tmp_path / f"{path.stem}.bio", text_path)
    assert again == AnnotatedText(gold.name, gold.text, gold.spans)
