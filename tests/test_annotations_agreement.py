"""Agreement of two annotations, against figures counted by hand."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from baogao.annotations.agreement import measure_agreement
from baogao.cli.annotations import app
from baogao.formats import AnnotatedText, AnnotationError, RelationAnnotation, SpanAnnotation, write_brat

ROOT = Path(__file__).parent.parent
TEXT = "区人大常委会召开会议7次、座谈会3次。\n全年立案9件。"

WHOLE_BODY, SHORT_BODY = SpanAnnotation(0, 6, "BODY"), SpanAnnotation(3, 6, "BODY")
MEETINGS, SEVEN = SpanAnnotation(8, 10, "ITEM"), SpanAnnotation(10, 12, "COUNT")
TALKS, THREE = SpanAnnotation(13, 16, "ITEM"), SpanAnnotation(16, 18, "COUNT")
YEAR, CASES, NINE = (
    SpanAnnotation(20, 22, "DATE"),
    SpanAnnotation(22, 24, "ITEM"),
    SpanAnnotation(24, 26, "COUNT"),
)
SHARED = [MEETINGS, SEVEN, TALKS, THREE, YEAR, CASES, NINE]
QUANTITIES = [
    RelationAnnotation("QUANTITY_OF", *pair) for pair in ((SEVEN, MEETINGS), (THREE, TALKS), (NINE, CASES))
]

# They differ in the BODY, so in the AGENT as well; B also lacks the TIME.
A = AnnotatedText(
    "r",
    TEXT,
    [WHOLE_BODY, *SHARED],
    [*QUANTITIES, RelationAnnotation("AGENT", MEETINGS, WHOLE_BODY), RelationAnnotation("TIME", CASES, YEAR)],
)
B = AnnotatedText(
    "r", TEXT, [SHORT_BODY, *SHARED], [*QUANTITIES, RelationAnnotation("AGENT", MEETINGS, SHORT_BODY)]
)


def test_spans_count_as_the_same_only_with_offsets_and_label():
    spans = measure_agreement([(A, B)]).spans
    assert (spans.both.total(), spans.only_a.total(), spans.only_b.total()) == (7, 1, 1)
    assert spans.f1() == pytest.approx(14 / 16)
    assert spans.f1("ITEM") == 1.0
    assert spans.f1("BODY") == 0.0
    assert spans.f1("PERSON") is None
    other_label = AnnotatedText("r", TEXT, [SpanAnnotation(0, 6, "PLACE")])
    assert measure_agreement([(AnnotatedText("r", TEXT, [WHOLE_BODY]), other_label)]).spans.f1() == 0.0


def test_relations_count_with_both_spans():
    relations = measure_agreement([(A, B)]).relations
    assert relations.both == {"QUANTITY_OF": 3}
    assert relations.only_a == {"AGENT": 1, "TIME": 1}
    assert relations.only_b == {"AGENT": 1}
    assert relations.f1() == pytest.approx(6 / 9)


def test_relations_on_shared_spans_leave_out_what_the_spans_already_cost():
    relations = measure_agreement([(A, B)]).relations_on_shared_spans
    assert relations.both == {"QUANTITY_OF": 3}
    assert relations.only_a == {"TIME": 1}
    assert relations.only_b == {}
    assert relations.f1() == pytest.approx(6 / 7)


def test_kappa_on_characters():
    """26 characters without the line break, 23 labelled alike.

    A has BODY 6, ITEM 7, COUNT 6, DATE 2, O 5; B has BODY 3, ITEM 7, COUNT 6, DATE 2, O 8. By chance
    (6·3 + 7·7 + 6·6 + 2·2 + 5·8) / 26² = 147/676, so kappa = (23/26 − 147/676) / (1 − 147/676) = 451/529.
    """
    assert measure_agreement([(A, B)]).kappa == pytest.approx(451 / 529)


def test_kappa_is_one_for_the_same_and_undefined_without_any_span():
    bare = AnnotatedText("r", TEXT)
    assert measure_agreement([(A, A)]).kappa == 1.0
    assert measure_agreement([(bare, bare)]).kappa is None


def test_figures_are_pooled_over_reports():
    agreement = measure_agreement([(A, B), (A, A)])
    assert agreement.spans.f1() == pytest.approx(30 / 32)
    assert agreement.relations.f1() == pytest.approx(16 / 19)


def test_agreement_is_symmetric():
    one, other = measure_agreement([(A, B)]), measure_agreement([(B, A)])
    assert one.spans.f1() == other.spans.f1()
    assert one.relations.f1() == other.relations.f1()
    assert one.kappa == other.kappa


def test_every_disagreement_stands_in_its_context():
    found = [(d.side, d.label, d.paragraph, d.context) for d in measure_agreement([(A, B)]).disagreements]
    assert found == [
        ("A", "BODY", 1, "[区人大常委会]召开会议7次、座谈会"),
        ("B", "BODY", 1, "区人大[常委会]召开会议7次、座谈会"),
        ("A", "AGENT", 1, "区人大常委会召开[会议]7次、座谈会3次。 > [区人大常委会]召开会议7次、座谈会"),
        ("B", "AGENT", 1, "区人大常委会召开[会议]7次、座谈会3次。 > 区人大[常委会]召开会议7次、座谈会"),
        ("A", "TIME", 2, "全年[立案]9件。 > [全年]立案9件。"),
    ]


def test_annotations_of_different_texts_are_refused():
    with pytest.raises(AnnotationError, match="different texts"):
        measure_agreement([(A, AnnotatedText("s", "别的"))])


@pytest.fixture
def folders(tmp_path):
    for name in ("texts", "a", "b"):
        (tmp_path / name).mkdir()
    (tmp_path / "texts" / "r.txt").write_text(TEXT + "\n", encoding="utf-8")
    write_brat(A, tmp_path / "a" / "r.ann")
    write_brat(B, tmp_path / "b" / "r.ann")
    return tmp_path


def agree(folder, a, b):
    arguments = ["agree", str(folder / a), str(folder / b), "--texts", str(folder / "texts")]
    return CliRunner().invoke(app, arguments, env={"COLUMNS": "200"})


def row(output, label):
    """The first row of a table for a label, as its cells."""
    line = next(line for line in output.splitlines() if line.startswith(f"│ {label} "))
    return [cell.strip() for cell in line.strip("│").split("│")]


@pytest.mark.parametrize(("a", "b"), [("a", "b"), ("a/r.ann", "b/r.ann"), ("a", "b/r.ann")])
def test_agree_prints_figures_and_disagreements(folders, a, b):
    result = agree(folders, a, b)
    assert result.exit_code == 0, result.output
    assert row(result.stdout, "all") == ["all", "7", "1", "1", "0.875"]
    assert row(result.stdout, "QUANTITY_OF") == ["QUANTITY_OF", "3", "0", "0", "1.000"]
    assert "kappa on characters: 0.853" in result.stdout
    assert "区人大[常委会]召开会议7次" in result.stdout


def test_agree_leaves_out_reports_of_one_side_and_says_so(folders):
    write_brat(AnnotatedText("s", "别的"), folders / "a" / "s.ann")
    result = agree(folders, "a", "b")
    assert result.exit_code == 0
    assert f"reports only in {folders / 'a'}, left out: 1" in result.stdout


def test_agree_reports_a_bad_file_and_goes_on(folders):
    for name in ("a", "b"):
        (folders / name / "q.ann").write_text("T1\tBODY 0 3\t没有\n", encoding="utf-8")
    (folders / "texts" / "q.txt").write_text("常委会\n", encoding="utf-8")
    result = agree(folders, "a", "b")
    assert result.exit_code == 1
    assert f"{folders / 'a' / 'q.ann'}:1: covers" in result.stderr
    assert row(result.stdout, "all") == ["all", "7", "1", "1", "0.875"]


def test_agree_refuses_folders_without_a_common_report(folders):
    (folders / "b" / "r.ann").rename(folders / "b" / "s.ann")
    result = agree(folders, "a", "b")
    assert result.exit_code == 1
    assert "no report in common" in result.stderr
