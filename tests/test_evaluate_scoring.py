"""From predictions to scores, tables and checked documentation."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from baogao.formats.annotated import AnnotatedText, AnnotationError, RelationAnnotation, SpanAnnotation
from baogao.ledger.record import CountValue, Period, Record
from baogao.ledger.report import Report
from baogao.metrics.items import Entity
from evaluate import benchmark, published
from evaluate.data import BenchmarkError, load_split, surfaces_of
from evaluate.ledger import read_rows
from evaluate.measure import measure
from evaluate.normalisation import score_normalisers
from evaluate.plots import write_plots
from evaluate.provenance import files_digest, pipeline_digest
from evaluate.scoring import Gold, nesting, score_ledger_code, score_shared, score_system
from evaluate.systems import Prediction
from evaluate.tables import render_card, render_results

BODY = SpanAnnotation(3, 5, "BODY")
ITEM = SpanAnnotation(7, 9, "ITEM")
COUNT = SpanAnnotation(9, 12, "COUNT")
DATE = SpanAnnotation(0, 2, "DATE")
REPORT = AnnotatedText(
    "a-rd-2022",
    "今年,区委组织视察12次",
    [BODY, ITEM, COUNT, DATE],
    [
        RelationAnnotation("QUANTITY_OF", COUNT, ITEM),
        RelationAnnotation("AGENT", ITEM, BODY),
        RelationAnnotation("TIME", ITEM, DATE),
    ],
)

# What a reader takes 今年 to be, which the ledger leaves open.
READ_ROW = Record(
    id="r1",
    kind="activity",
    item="视察",
    count=CountValue(text="12次", value=12, lower=12, upper=12, unit="次", kind="count"),
    period=Period(text="今年", start="2022-01-01", end="2022-12-31"),
    start=9,
    end=12,
    sentence=REPORT.text,
    sentence_start=0,
)


class FixedSystem:
    """Finds 视察, 12次 and their relation, and takes 今 for a DATE; with gold entities it finds AGENT too."""

    name = "fixed"
    packages = ("numpy",)
    entity_labels = frozenset({"BODY", "ITEM", "COUNT", "DATE"})
    relation_labels = frozenset({"QUANTITY_OF", "AGENT"})  # TIME is out of its scope

    def predict(self, text: str) -> Prediction:
        start = text.find("视察12次")
        if start < 0:
            return Prediction()
        item, count = SpanAnnotation(start, start + 2, "ITEM"), SpanAnnotation(start + 2, start + 5, "COUNT")
        relation = RelationAnnotation("QUANTITY_OF", count, item)
        return Prediction([item, count, SpanAnnotation(0, 1, "DATE")], [relation])

    def predict_relations(self, text: str, entities: list[SpanAnnotation]) -> list[RelationAnnotation]:
        assert entities == REPORT.spans
        return [RelationAnnotation("QUANTITY_OF", COUNT, ITEM), RelationAnnotation("AGENT", ITEM, BODY)]


class DateSystem:
    """A peer that knows dates alone."""

    name = "dates"
    packages = ()
    entity_labels = frozenset({"DATE"})
    relation_labels: frozenset[str] = frozenset()

    def predict(self, text: str) -> Prediction:
        return Prediction([DATE])


@pytest.fixture(scope="module")
def measurements():
    """As they come out of the measuring process: through JSON."""
    return [json.loads(json.dumps(measure(system, [REPORT], runs=2))) for system in (FixedSystem, DateSystem)]


@pytest.fixture(scope="module")
def gold():
    return Gold(
        [REPORT],
        {("ITEM", "视察"), ("BODY", "市委")},
        seed=0,
        known={REPORT.name: Report(place="重庆市巴南区", organ="rd", year=2022)},
        rows={REPORT.name: [READ_ROW], "another-rd-2022": [READ_ROW]},
    )


@pytest.fixture(scope="module")
def results(measurements, gold):
    return {
        "split": "test",
        "seed": 0,
        "environment": {
            "date": "2023-01-01",
            "python": "3.10.0",
            "system": "Linux x86_64",
            "cpu": "a processor",
            "cores": 2,
            "revision": "abc",
        },
        "reports": {REPORT.name: len(REPORT.text)},
        "systems": [score_system(measurement, gold) for measurement in measurements],
        "shared": score_shared(measurements, gold),
        "ledger_code": score_ledger_code(gold),
        "normalisation": {
            part: {
                name: {"correct": 3, "total": 4, "accuracy": 0.75} for name in ("counts", "dates", "bodies")
            }
            for part in ("all", "split")
        },
    }


def counts(score: dict) -> tuple[float, int, int]:
    return (score["tp"], score["predicted"], score["support"])


def test_entities_match_the_hand_count(results):
    entities = results["systems"][0]["entities"]
    assert counts(entities["strict"]) == (2, 3, 4)
    assert counts(entities["partial"]) == (2.5, 3, 4)
    assert counts(entities["by_label"]["DATE"]["strict"]) == (0, 1, 1)
    assert counts(entities["by_surface"]["seen"]) == (1, 1, 1)
    assert counts(entities["by_surface"]["unseen"]) == (1, 2, 3)
    assert entities["macro"]["f1"] == pytest.approx(0.5)
    assert entities["errors"]["missed"] == 1
    assert entities["errors"]["right_short"] == 1


def test_relations_are_scored_on_the_labels_the_system_knows(results):
    system = results["systems"][0]
    assert counts(system["relations"]["rel_strict"]) == (1, 1, 2)
    assert system["relations"]["recall_ceiling"] == pytest.approx(1 / 2)
    assert counts(system["gold_entity_relations"]["rel_strict"]) == (2, 2, 2)
    assert "relations" not in results["systems"][1]


def test_systems_are_compared_on_the_labels_they_share(results):
    shared = results["shared"]
    assert shared["labels"] == ["DATE"]
    assert {name: counts(score) for name, score in shared["strict"].items()} == {
        "fixed": (0, 1, 1),
        "dates": (1, 1, 1),
    }


def test_errors_of_relations_are_counted_end_to_end_and_with_gold_entities(results):
    system = results["systems"][0]
    kinds = {kind: n for kind, n in system["relations"]["errors"].items() if n}
    assert kinds == {"missed_span": 1}  # AGENT: 区委 was not found
    assert not any(system["gold_entity_relations"]["errors"].values())


@pytest.mark.parametrize(
    ("start", "end", "kind"),
    [
        (4, 6, "boundary_inside_gold"),
        (3, 6, "boundary_inside_gold"),
        (2, 8, "boundary_around_gold"),
        (2, 5, "boundary_crossing"),
    ],
)
def test_boundary_errors_are_inside_around_or_across_the_gold_span(start, end, kind):
    counts = nesting({Entity("a", 3, 7, "BODY")}, {Entity("a", start, end, "PLACE")})
    assert {key: n for key, n in counts.items() if n} == {kind: 1}


def test_ledger_is_scored_in_every_setting(results):
    ledger = results["systems"][0]["ledger"]
    # 视察 12次 without a period, as in the gold ledger, where 今年 is open
    assert counts(ledger["end_to_end"]["rows"]) == (1, 1, 1)
    assert counts(ledger["gold_entities"]["rows"]) == (1, 1, 1)
    assert counts(ledger["read_rows"]["rows"]) == (0, 1, 1)
    assert ledger["read_rows"]["totals"] == {"right": 1, "reports": 1, "share": 1.0}  # no period in a total
    assert "ledger" not in results["systems"][1]


def test_ledger_of_the_gold_annotations_is_held_against_the_reader(results):
    score = results["ledger_code"]
    assert counts(score["rows"]) == (0, 1, 1)
    assert list(score["by_report"]) == [REPORT.name]  # no row of a report that is not in the split


def test_robustness_is_scored_against_the_transformed_gold(results):
    robustness = results["systems"][0]["robustness"]
    assert counts(robustness["full-width punctuation"]["entities"]) == (2, 3, 4)
    assert counts(robustness["Chinese numerals"]["entities"]) == (0, 0, 4)  # 视察十二次: nothing found
    assert robustness["paragraphs cut at 512"]["dropped_spans"] == 0


def test_speed_counts_the_original_reports(measurements):
    speed = measurements[0]["speed"]
    assert speed["characters"] == len(REPORT.text)
    assert len(speed["runs"]) == 2
    assert min(speed["runs"]) <= speed["median"] <= max(speed["runs"])
    assert measurements[0]["peak_memory"] > 1


def test_page_and_plots_cover_all_systems(results, tmp_path):
    page = render_results(results)
    assert "| fixed | strict | 66.7 | 50.0 | 57.1 | 2 | 3 | 4 |" in page
    assert "| fixed | gold | rel_strict | 100.0 | 100.0 | 100.0 | 2 | 2 | 2 |" in page
    assert (
        "| BODY | 1 | 0.0 (0.0–0.0) | – | – |" in page
    )  # dates does not know BODY, and fixed does not find it
    assert "| DATE | 1 | 0.0 (0.0–0.0) | 100.0 (100.0–100.0) | dates |" in page
    assert "| missed span | 1 | 0 |" in page
    assert "| boundary inside gold | 1 | 0 |" in page
    assert (
        "| fixed | the text alone | ledger of the gold annotations "
        "| 100.0 | 100.0 | 100.0 | 1 | 1 | 1 | 1 of 1 |" in page
    )
    assert "| counts | 3 of 4 | 75.0 | 3 of 4 | 75.0 |" in page
    write_plots(results, tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["test-f1.png", "test-speed.png"]


@pytest.fixture
def repository(results, tmp_path):
    """A repository in which results, README, pipeline and card agree."""
    model = tmp_path / "models" / "zh_baogao_sm"
    model.mkdir(parents=True)
    (model / "meta.json").write_text('{"lang": "zh", "name": "baogao_sm"}', encoding="utf-8")
    (model / "weights").write_bytes(b"\0\1")
    for file in (tmp_path / "README.md", model / "README.md"):
        file.write_text(f"before\n{published.START}\n{published.END}\nafter\n", encoding="utf-8")
    own = results["systems"][0] | {
        "name": "zh_baogao_sm",
        "pipeline": {"name": "zh_baogao_sm", "version": "0.1.0", "sha256": pipeline_digest(model)},
    }
    # A trained baseline, whose weights are nowhere in the repository.
    baseline = results["systems"][1] | {
        "name": "spaCy default",
        "pipeline": {"name": "zh_pipeline", "version": "0.0.0", "sha256": "0" * 64},
    }
    strict = results["shared"]["strict"]
    scores = {"zh_baogao_sm": strict["fixed"], "spaCy default": strict["dates"]}
    shared = results["shared"] | {"strict": scores}
    with_own = results | {"systems": [own, baseline], "shared": shared}
    folder = tmp_path / "evaluate" / "results"
    folder.mkdir(parents=True)
    (folder / "test.json").write_text(json.dumps(with_own), encoding="utf-8")
    for path, content in published.expected_files(tmp_path).items():
        path.write_text(content, encoding="utf-8")
    return tmp_path


def test_generated_parts_that_agree_pass(repository):
    assert published.differences(repository) == []
    card = (repository / "models/zh_baogao_sm/README.md").read_text(encoding="utf-8")
    results = json.loads((repository / "evaluate/results/test.json").read_text(encoding="utf-8"))
    assert card.startswith("before\n") and card.endswith("after\n")
    assert render_card(results, "zh_baogao_sm") in card


def test_every_system_has_a_row_in_the_readme_and_baselines_ahead_are_named(repository):
    readme = (repository / "README.md").read_text(encoding="utf-8")
    rows = [line.split(" | ")[0] for line in readme.splitlines() if line.startswith("| ")]
    assert rows == ["| system", "| ---", "| zh_baogao_sm", "| spaCy default"]
    page = (repository / "evaluate/results/test.md").read_text(encoding="utf-8")
    assert "Baselines ahead of zh_baogao_sm: DATE (0.0; spaCy default 100.0)." in page
    assert "Baselines ahead of spaCy default" not in page


RUN = {
    "seed": 0,
    "training": ["b"],
    "training_characters": 10,
    "with_extra": False,
    "seconds": 60.0,
    "packages": {"spacy": "3.8.18"},
    "revision": "abc",
    "reports": {"a": {"entities": {"paragraphs": [[1], [1], [2]], "by_label": {"BODY": [1, 1, 2]}}}},
}
ENVIRONMENT = {"cpu": "a processor", "python": "3.10.0", "date": "2023-01-01", "revision": "abc"}
VARIANT = {
    "settings": {"config": "x.cfg", "overrides": {}, "extra": None},
    "environment": ENVIRONMENT,
    "planned": 1,
    "runs": {"0: a": RUN},
}
OTHER_RESULTS = {
    "cross_validation": (
        {"variants": {"zh_baogao_sm": VARIANT}},
        "| zh_baogao_sm | entities | 100.0 | 50.0 | 66.7 |",
    ),
    "learning_curve": ({"variants": {"zh_baogao_sm": VARIANT}}, "| 1 report | 10 | 1 | 66.7 |"),
    "resume_ner": (
        {
            "data": "ResumeNER, test",
            "results": {"pretrained": {"f_mean": 0.951, "f_sd": None, "runs": [{}]}},
            "published": {"Lattice LSTM": 0.9446},
            "environment": ENVIRONMENT | {"packages": {"spacy": "3.8.18"}},
        },
        "| pretrained | 95.1 | – | 1 |\n| Lattice LSTM | 94.5 | – | published |",
    ),
    "segmentation": (
        {
            "split": "train",
            "spans": 1234,
            "representable": {"jieba": {"BODY": 0.5, "all": 0.75}},
            "environment": ENVIRONMENT | {"packages": {"jieba": "0.42"}},
        },
        "| all | 75.0 |",
    ),
}


@pytest.mark.parametrize("name", OTHER_RESULTS)
def test_results_of_every_kind_have_a_page_that_is_checked(repository, name):
    results, line = OTHER_RESULTS[name]
    folder = repository / "evaluate" / "results"
    (folder / f"{name}.json").write_text(json.dumps(results), encoding="utf-8")
    assert any(f"{name}.md: missing" in message for message in published.differences(repository))
    pages = published.expected_files(repository)
    assert line in pages[folder / f"{name}.md"]


def test_the_readme_tells_the_cross_validation_of_published_pipelines(repository):
    results, _ = OTHER_RESULTS["cross_validation"]
    (repository / "evaluate/results/cross_validation.json").write_text(json.dumps(results), encoding="utf-8")
    readme = published.expected_files(repository)[repository / "README.md"]
    assert "strict F1 of entities 66.7 (66.7–66.7)" in readme
    assert readme.endswith(f"\n\n{published.END}\nafter\n")


def test_results_of_unknown_kind_are_left_alone(repository):
    (repository / "evaluate/results/speed.json").write_text('{"seconds": 1}', encoding="utf-8")
    assert published.differences(repository) == []


@pytest.mark.parametrize("file", ["README.md", "models/zh_baogao_sm/README.md", "evaluate/results/test.md"])
def test_a_figure_changed_by_hand_is_found(repository, file):
    path = repository / file
    path.write_text(path.read_text(encoding="utf-8").replace("57.1", "97.1"), encoding="utf-8")
    messages = published.differences(repository)
    assert len(messages) == 1
    assert messages[0].startswith(f"{path}: differs")


def test_results_of_another_pipeline_are_refused(repository):
    (repository / "models/zh_baogao_sm/weights").write_bytes(b"\0\2")
    with pytest.raises(BenchmarkError, match="measured with other files"):
        published.differences(repository)


def test_a_pipeline_without_results_is_refused(repository):
    meta = repository / "models/zh_baogao_sm/meta.json"
    meta.write_text('{"lang": "zh", "name": "baogao_trf"}', encoding="utf-8")
    with pytest.raises(BenchmarkError, match="zh_baogao_trf is not in the test results"):
        published.differences(repository)


def test_a_readme_without_markers_is_refused(repository):
    (repository / "README.md").write_text("no table here\n", encoding="utf-8")
    with pytest.raises(BenchmarkError, match=r"README\.md: needs one pair of lines"):
        published.differences(repository)


def write_corpus(folder, reports: dict[str, str]) -> None:
    """Reports with a split each, all with the text and the gold of REPORT."""
    (folder / "texts").mkdir()
    (folder / "gold").mkdir()
    rows = [f"{name},{split},,重庆市巴南区,rd,2022\n" for name, split in reports.items()]
    header = "report,split,title,place,organ,year\n"
    (folder / "reports.csv").write_text("".join([header, *rows]), encoding="utf-8")
    for name in reports:
        (folder / "texts" / f"{name}.txt").write_text(REPORT.text + "\n", encoding="utf-8")
        lines = [
            f"T{i}\t{span.label} {span.start} {span.end}\t{REPORT.covered(span)}\n"
            for i, span in enumerate(REPORT.spans)
        ]
        (folder / "gold" / f"{name}.ann").write_text("".join(lines), encoding="utf-8")


COUNTS = "report,start,end,text,value,lower,upper,unit,approximate,kind,context\n"
DATES = "report,start,end,text,report_year,date_start,date_end,precision,kind,rrule,context\n"
BODIES = "report,start,end,mention,context,expected\n"
ROWS = "report,start,end,count,item,value,lower,upper,unit,kind,period_start,period_end,share_of,sentence\n"


def write_read_values(folder) -> None:
    """Two counts (one wrong), a date and a body of the reports a and b; one ledger row of b."""
    files = {
        "counts.csv": COUNTS + "a,9,12,12次,12,12,12,次,no,count,x\nb,9,12,12次,13,13,13,次,no,count,x\n",
        "dates.csv": DATES + "a,0,2,去年,2022,2022-01-01,2022-12-31,year,relative,,x\n",
        "bodies.csv": BODIES + "b,3,5,区委,x,中共重庆市巴南区委员会\n",
        "rows.csv": ROWS + "b,9,12,12次,视察,12,12,12,次,count,,,,x\n",
    }
    for name, content in files.items():
        (folder / name).write_text(content, encoding="utf-8")


def test_normalisers_are_scored_on_all_reports_and_on_those_of_the_split(tmp_path):
    write_corpus(tmp_path, {"a": "train", "b": "test"})
    write_read_values(tmp_path)
    scores = score_normalisers(tmp_path, tmp_path / "reports.csv", {"b"})
    assert scores["all"]["counts"] == {"correct": 1, "total": 2, "accuracy": 0.5}
    assert scores["split"]["counts"] == {"correct": 0, "total": 1, "accuracy": 0.0}
    assert scores["split"]["dates"]["total"] == 0
    assert scores["split"]["bodies"]["correct"] == 1


def test_ledger_rows_are_read_and_their_errors_located(tmp_path):
    write_read_values(tmp_path)
    (record,) = read_rows(tmp_path / "rows.csv")["b"]
    assert (record.item, record.count.value, record.count.unit, record.share_of) == ("视察", 12, "次", None)
    (tmp_path / "rows.csv").write_text(
        ROWS + "b,9,12,12次,视察,a dozen,12,12,次,count,,,,x\n", encoding="utf-8"
    )
    with pytest.raises(BenchmarkError, match=r"rows\.csv, line 2: value 'a dozen'"):
        read_rows(tmp_path / "rows.csv")
    with pytest.raises(BenchmarkError, match=r"none\.csv: No such file"):
        read_rows(tmp_path / "none.csv")


def test_a_split_is_read_in_the_order_of_the_index(tmp_path):
    write_corpus(tmp_path, {"b": "test", "c": "train", "a": "test"})
    reports = load_split(tmp_path, tmp_path / "gold", "test")
    assert [report.name for report in reports] == ["b", "a"]
    assert surfaces_of(reports) == {("DATE", "今年"), ("BODY", "区委"), ("ITEM", "视察"), ("COUNT", "12次")}


def test_what_is_missing_is_named(tmp_path):
    with pytest.raises(BenchmarkError, match=r"reports\.csv: No such file"):
        load_split(tmp_path, tmp_path / "gold", "test")
    write_corpus(tmp_path, {"a": "train"})
    with pytest.raises(BenchmarkError, match=r"no report of split 'test' \(there are: train\)"):
        load_split(tmp_path, tmp_path / "gold", "test")
    (tmp_path / "gold" / "a.ann").unlink()
    with pytest.raises(AnnotationError, match=r"a\.ann"):
        load_split(tmp_path, tmp_path / "gold", "train")


def test_the_benchmark_goes_on_after_a_system_that_fails(tmp_path):
    write_corpus(tmp_path, {"a": "train", "b": "test"})
    write_read_values(tmp_path)
    app = benchmark.typer.Typer()
    app.command()(benchmark.main)
    arguments = ["--pipeline", "no_such_pipeline", "--baseline", "jieba", "--runs", "1"]
    paths = ["--corpus", tmp_path, "--annotations", tmp_path / "gold", "--out", tmp_path / "results"]
    paths += ["--ledger-rows", tmp_path / "rows.csv", "--normalisation", tmp_path]
    outcome = CliRunner().invoke(app, [*arguments, *map(str, paths)])
    assert outcome.exit_code == 1
    assert "no_such_pipeline" in outcome.output
    results = json.loads((tmp_path / "results" / "test.json").read_text(encoding="utf-8"))
    assert [system["name"] for system in results["systems"]] == ["jieba"]
    assert (
        (tmp_path / "results" / "test.md")
        .read_text(encoding="utf-8")
        .startswith("# Results on the test reports")
    )


def test_a_folder_has_the_digest_of_its_files(tmp_path):
    for name in ("a", "b"):
        (tmp_path / name / "sub").mkdir(parents=True)
        (tmp_path / name / "sub" / "file").write_text("x", encoding="utf-8")
    before = files_digest([tmp_path / "a"])
    assert files_digest([tmp_path / "a"]) == before != files_digest([tmp_path / "b"])
    (tmp_path / "a" / "sub" / "file").write_text("y", encoding="utf-8")
    assert files_digest([tmp_path / "a"]) != before
