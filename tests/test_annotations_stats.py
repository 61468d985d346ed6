"""The counts of the data card, and that ``annotations/README.md`` says what the data say."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from baogao.annotations.agreement import measure_agreement
from baogao.annotations.stats import read_splits, statistics
from baogao.cli.annotations import app
from baogao.formats import AnnotatedText, AnnotationError, RelationAnnotation, SpanAnnotation, read_annotated

ROOT = Path(__file__).parent.parent
TEXTS = ROOT / "corpus" / "texts"
REPORTS = ROOT / "corpus" / "reports.csv"
CARD = ROOT / "annotations" / "README.md"

ITEM, COUNT = SpanAnnotation(0, 2, "ITEM"), SpanAnnotation(2, 4, "COUNT")
FIRST = AnnotatedText("a", "会议7次", [ITEM, COUNT], [RelationAnnotation("QUANTITY_OF", COUNT, ITEM)])
SECOND = AnnotatedText("b", "会议\n甲", [ITEM])


def cells(table, label):
    line = next(line for line in table.splitlines() if line.startswith(f"| {label} |"))
    return [cell.strip() for cell in line.strip("|").split("|")]


def test_tables_count_by_split():
    reports, spans, relations = statistics([SECOND, FIRST], {"a": "train", "b": "test"}).split("\n\n")
    assert cells(reports, "a") == ["a", "train", "5", "2", "1"]
    assert cells(reports, "**all**") == ["**all**", "", "10", "3", "1"]
    assert reports.index("| a |") < reports.index("| b |")  # train before test
    assert cells(spans, "ITEM") == ["ITEM", "1", "0", "1", "2"]
    assert cells(spans, "BODY") == ["BODY", "0", "0", "0", "0"]
    assert cells(spans, "**all**") == ["**all**", "2", "0", "1", "3"]
    assert cells(relations, "QUANTITY_OF") == ["QUANTITY_OF", "1", "0", "0", "1"]


def test_a_report_without_a_split_is_refused():
    with pytest.raises(AnnotationError, match="b has annotations but no split"):
        statistics([FIRST, SECOND], {"a": "train"})


@pytest.mark.parametrize(
    ("content", "cause"),
    [("report,title\na,b\n", "no column split"), ("report,split\na,holdout\n", "a has the split 'holdout'")],
)
def test_a_table_without_usable_splits_is_refused(tmp_path, content, cause):
    path = tmp_path / "reports.csv"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(AnnotationError, match=cause) as error:
        read_splits(path)
    assert str(path) in str(error.value)


def test_the_tables_of_the_data_card_are_those_of_the_stats_command():
    arguments = ["stats", str(ROOT / "annotations" / "gold"), "--texts", str(TEXTS)]
    result = CliRunner().invoke(app, [*arguments, "--reports", str(REPORTS)])
    assert result.exit_code == 0, result.output
    for table in result.stdout.strip().split("\n\n"):
        assert table in CARD.read_text(encoding="utf-8"), "paste the output of `baogao annotations stats`"


def test_the_agreement_of_the_data_card_is_that_of_the_agree_command():
    second = sorted((ROOT / "annotations" / "second").glob("*.ann"))
    agreement = measure_agreement(
        [read_annotated(path, TEXTS / f"{gold.stem}.txt") for path in (gold, other)]
        for other in second
        for gold in [ROOT / "annotations" / "gold" / other.name]
    )
    card = CARD.read_text(encoding="utf-8")
    for name, overlap in (
        ("spans", agreement.spans),
        ("relations", agreement.relations),
        ("relations between spans in both", agreement.relations_on_shared_spans),
    ):
        both, only_a, only_b = (c.total() for c in (overlap.both, overlap.only_a, overlap.only_b))
        assert f"| {name} | {both} | {only_a} | {only_b} | {overlap.f1():.3f} |" in card
    assert f"Cohen's kappa on characters is {agreement.kappa:.3f}" in card


def test_the_data_card_says_how_much_of_test_is_known_from_train():
    splits = read_splits(REPORTS)
    spans = {"train": [], "dev": [], "test": []}
    for path in (ROOT / "annotations" / "gold").glob("*.ann"):
        report = read_annotated(path, TEXTS / f"{path.stem}.txt")
        spans[splits[report.name]] += [(report.covered(span), span.label) for span in report.spans]
    known = sum(span in spans["train"] for span in spans["test"])
    assert f"{known} of the {len(spans['test'])} test spans" in CARD.read_text(encoding="utf-8")
