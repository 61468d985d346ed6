"""Cross-validation and learning curve: what is trained on what, counted, kept, pooled and written."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import spacy
import typer
from rich.console import Console
from spacy.cli.init_config import init_config
from spacy.tokens import DocBin
from spacy.util import load_config
from typer.testing import CliRunner

from baogao.formats.annotated import AnnotatedText, RelationAnnotation, SpanAnnotation
from baogao.metrics.prf import PRF
from evaluate import cross_validate, learning_curve
from evaluate.counts import count_report, label_counts, paragraph_counts
from evaluate.data import BenchmarkError
from evaluate.fit import Job, fit
from evaluate.folds import folds_by_place
from evaluate.pooled import difference, pool
from evaluate.study import describe_variant, parse_overrides, read_study, run_study
from evaluate.study_tables import render_cross_validation, summarise_cross_validation

SPACY_DEFAULT = Path(__file__).parent.parent / "configs" / "spacy_default.cfg"
TEXT = "今年,区委组织视察12次\n区委部署。"
BODY, ITEM, COUNT = SpanAnnotation(3, 5, "BODY"), SpanAnnotation(7, 9, "ITEM"), SpanAnnotation(9, 12, "COUNT")
SECOND_BODY = SpanAnnotation(13, 15, "BODY")
GOLD = AnnotatedText(
    "a",
    TEXT,
    [BODY, ITEM, COUNT, SECOND_BODY],
    [RelationAnnotation("QUANTITY_OF", COUNT, ITEM), RelationAnnotation("AGENT", ITEM, BODY)],
)
REPORTS = {"a": ("train", "甲"), "b": ("train", "乙"), "c": ("dev", "乙"), "d": ("test", "丙")}
"""Name to split and place."""


@pytest.fixture
def corpus(tmp_path):
    """Four reports, all with text and gold of GOLD."""
    (tmp_path / "texts").mkdir()
    (tmp_path / "gold").mkdir()
    rows = [f"{name},{split},{place}\n" for name, (split, place) in REPORTS.items()]
    (tmp_path / "reports.csv").write_text("".join(["report,split,place\n", *rows]), encoding="utf-8")
    for name in REPORTS:
        (tmp_path / "texts" / f"{name}.txt").write_text(TEXT + "\n", encoding="utf-8")
        lines = [f"T{i}\t{s.label} {s.start} {s.end}\t{GOLD.covered(s)}\n" for i, s in enumerate(GOLD.spans)]
        (tmp_path / "gold" / f"{name}.ann").write_text("".join(lines), encoding="utf-8")
    return tmp_path


def figure(*paragraphs: tuple[int, int, int], label: str = "BODY") -> dict:
    """Counts of a figure by paragraph, all of one label."""
    columns = [list(column) for column in zip(*paragraphs, strict=True)]
    return {"paragraphs": columns, "by_label": {label: [sum(column) for column in columns]}}


def make_run(seed: int, **reports: dict) -> dict:
    """A run's result with the given entity counts of each report."""
    return {
        "seed": seed,
        "training": ["x"],
        "held_out": list(reports),
        "training_characters": 100,
        "seconds": 60.0,
        "packages": {"spacy": "3.8.18"},
        "revision": "abc",
        "reports": {report: {"entities": counts} for report, counts in reports.items()},
    }


def found_all(job: Job) -> dict:
    """Stands for a training run whose pipeline finds one of one span in each held-out report."""
    run = make_run(job.seed, **{report: figure((1, 1, 1)) for report in job.held_out})
    return run | {"training": job.training}


# Folds


def test_reports_of_one_place_are_held_out_together():
    places = {"a": "甲", "b": "乙", "c": "甲", "d": "丙"}
    assert folds_by_place(places, dict.fromkeys(places, 1)) == [["a", "c"], ["b"], ["d"]]


def test_fewer_folds_are_alike_in_size():
    places = {name: name for name in "abcd"}
    folds = folds_by_place(places, {"a": 9, "b": 4, "c": 3, "d": 3}, 2)
    assert folds == [["a"], ["b", "c", "d"]]


@pytest.mark.parametrize("n", [1, 4])
def test_impossible_numbers_of_folds_are_refused(n):
    with pytest.raises(ValueError, match=f"3 places cannot be cut into {n} folds"):
        folds_by_place({name: name for name in "abc"}, dict.fromkeys("abc", 1), n)


# Counts


def test_counts_of_a_report_match_the_hand_count():
    wrong = SpanAnnotation(13, 16, "BODY")
    link = GOLD.relations[0]
    predicted = AnnotatedText("a", TEXT, [BODY, ITEM, COUNT, wrong], [link])
    counts = count_report(GOLD, predicted, AnnotatedText("a", TEXT, GOLD.spans, GOLD.relations))
    assert paragraph_counts(counts["entities"]) == [PRF(3, 3, 3), PRF(0, 1, 1)]
    assert label_counts(counts["entities"])["BODY"] == PRF(1, 2, 2)
    assert paragraph_counts(counts["relations"]) == [PRF(1, 1, 2), PRF(0, 0, 0)]
    assert label_counts(counts["gold_entity_relations"])["AGENT"] == PRF(1, 1, 1)


def test_pipelines_without_relations_are_counted_on_entities_alone():
    assert list(count_report(GOLD, GOLD)) == ["entities"]


# Pooled scores


def test_counts_are_pooled_over_reports_and_seeds():
    runs = [
        make_run(0, a=figure((1, 1, 2), (0, 0, 0))),
        make_run(0, b=figure((2, 2, 2))),
        make_run(1, a=figure((2, 2, 2), (0, 0, 0))),
        make_run(1, b=figure((2, 2, 2))),
    ]
    scores = pool(runs, "entities")
    assert scores.total == PRF(7, 7, 8)
    assert scores.by_report == {"a": PRF(3, 3, 4), "b": PRF(4, 4, 4)}
    assert scores.by_label == {"BODY": PRF(7, 7, 8)}
    # F1 of the seeds: 6/7 and 1; of the reports: 6/7 and 1
    assert scores.sd_seeds == pytest.approx((1 - 6 / 7) / 2**0.5)
    assert scores.sd_reports == pytest.approx((1 - 6 / 7) / 2**0.5)
    assert scores.over_reports == pytest.approx((6 / 7, 1.0))
    assert pool(runs, "relations") is None


def test_one_seed_and_one_report_have_no_spread():
    scores = pool([make_run(0, a=figure((1, 2, 2)))], "entities")
    assert scores.sd_seeds is scores.sd_reports is None
    assert scores.over_reports == (0.5, 0.5)


def test_variants_are_compared_on_what_both_were_scored_on():
    better = [
        make_run(0, a=figure((2, 2, 2))),
        make_run(0, b=figure((2, 2, 2))),
        make_run(1, a=figure((0, 2, 2))),
    ]
    worse = [make_run(0, a=figure((1, 2, 2))), make_run(0, b=figure((1, 2, 2)))]
    gain, (low, high) = difference(better, worse, "entities")  # seed 1 is not compared
    assert gain == pytest.approx(0.5)
    assert (low, high) == pytest.approx((0.5, 0.5))
    assert difference(better, [make_run(0, z=figure((1, 1, 1)))], "entities") is None


# Studies


@pytest.fixture
def study(tmp_path, corpus):
    """Runs jobs of two seeds by a function; the console is silent."""
    path = tmp_path / "results" / "study.json"

    def run(do, name="v", settings=None, seeds=(0, 1), **options):
        jobs = {
            f"{seed}: a": Job(
                config="x.cfg", seed=seed, corpus=corpus, annotations=corpus, training=["b"], held_out=["a"]
            )
            for seed in seeds
        }
        settings = settings or {"config": "x.cfg", "overrides": {}, "extra": []}
        return run_study(path, name, settings, jobs, do, workers=1, console=Console(quiet=True), **options)

    run.path = path
    return run


def test_finished_runs_are_not_done_again(study):
    done = []

    def fails_on_seed_1(job):
        done.append(job.seed)
        if job.seed == 1:
            raise BenchmarkError("out of memory")
        return found_all(job)

    assert study(fails_on_seed_1) is False
    assert list(read_study(study.path)["v"]["runs"]) == ["0: a"]
    assert study(lambda job: done.append(job.seed) or found_all(job)) is True
    assert done == [0, 1, 1]
    assert list(read_study(study.path)["v"]["runs"]) == ["0: a", "1: a"]
    assert study(lambda job: pytest.fail("nothing is left to do")) is True


def test_a_kill_loses_only_the_run_under_way(study):
    def killed_on_seed_1(job):
        if job.seed == 1:
            raise KeyboardInterrupt
        return found_all(job)

    with pytest.raises(KeyboardInterrupt):
        study(killed_on_seed_1)
    assert list(read_study(study.path)["v"]["runs"]) == ["0: a"]


def test_other_settings_need_another_name_or_a_restart(study):
    study(found_all)
    other = {"config": "x.cfg", "overrides": {"training.dropout": 0.5}, "extra": []}
    with pytest.raises(BenchmarkError, match=r"runs of v had other settings \(overrides\)"):
        study(found_all, settings=other)
    study(found_all, name="w", settings=other)
    assert list(read_study(study.path)) == ["v", "w"]
    study(found_all, settings=other, seeds=(0,), restart=True)
    assert read_study(study.path)["v"]["settings"] == other
    assert list(read_study(study.path)["v"]["runs"]) == ["0: a"]


def test_lists_of_numbers_stand_on_one_line(study):
    study(lambda job: make_run(job.seed, a=figure((1, 1, 1), (0, 2, 3))))
    content = study.path.read_text(encoding="utf-8")
    assert '"BODY": [ 1, 3, 4 ]' in content
    assert read_study(study.path)["v"]["runs"]["0: a"]["reports"]["a"]["entities"]["paragraphs"][2] == [1, 3]


def test_a_damaged_file_is_named(tmp_path):
    (tmp_path / "study.json").write_text("{", encoding="utf-8")
    with pytest.raises(BenchmarkError, match=r"study\.json: not the results of training runs"):
        read_study(tmp_path / "study.json")


def test_overrides_are_json_or_strings():
    settings = ["training.max_steps=20", "paths.init_tok2vec=null", "nlp.lang=zh", "a.b=[1, 2]"]
    assert parse_overrides(settings) == {
        "training.max_steps": 20,
        "paths.init_tok2vec": None,
        "nlp.lang": "zh",
        "a.b": [1, 2],
    }
    for wrong in ("training.max_steps", "seed=1"):
        with pytest.raises(BenchmarkError, match=r"not of the form section\.key=value"):
            parse_overrides([wrong])


def test_settings_change_with_every_file_that_decides_the_results(corpus):
    weights, extra = corpus / "weights", corpus / "extra.spacy"
    for path in (weights, extra):
        path.write_bytes(b"0")
    overrides = {"paths.init_tok2vec": str(weights)}

    def describe():
        return describe_variant(SPACY_DEFAULT, overrides, [extra], corpus, corpus / "gold", ["a", "b"])

    seen = [describe()]
    assert describe() == seen[0]
    for path in (weights, extra, corpus / "gold" / "b.ann", corpus / "texts" / "a.txt"):
        path.write_bytes(path.read_bytes() + b" ")
        assert describe() not in seen
        seen.append(describe())


def test_overrides_and_files_that_are_not_there_are_named(corpus):
    with pytest.raises(BenchmarkError, match=r"spacy_default\.cfg: .*nonsense"):
        describe_variant(SPACY_DEFAULT, {"nonsense.x": 1}, (), corpus, corpus / "gold", ["a"])
    with pytest.raises(BenchmarkError, match=r"none\.spacy: No such file"):
        describe_variant(SPACY_DEFAULT, {}, [corpus / "none.spacy"], corpus, corpus / "gold", ["a"])
    with pytest.raises(BenchmarkError, match=r"none\.cfg"):
        describe_variant(corpus / "none.cfg", {}, (), corpus, corpus / "gold", ["a"])


# Training


def test_the_baseline_config_is_what_spacy_generates():
    generated = init_config(lang="zh", pipeline=["ner"], optimize="efficiency", gpu=False, silent=True)
    assert load_config(SPACY_DEFAULT) == generated


def make_job(corpus, **settings) -> Job:
    small = {
        "training.max_steps": 2,
        "training.eval_frequency": 1,
        "components.tok2vec.model.encode.width": 8,
    }
    defaults = {"training": ["a", "b"], "held_out": ["c"], "seed": 3}
    return Job(
        config=SPACY_DEFAULT,
        overrides=small,
        corpus=corpus,
        annotations=corpus / "gold",
        **defaults | settings,
    )


def test_a_run_trains_on_reports_and_extra_documents_and_counts_the_held_out_ones(corpus, tmp_path):
    nlp = spacy.blank("zh")
    extra = tmp_path / "extra.spacy"
    DocBin(docs=[nlp("十个字十个字十个字十")], store_user_data=True).to_disk(extra)
    result = fit(make_job(corpus, extra=[extra, extra], repeat_reports=3), tmp_path)
    assert result["training_characters"] == 3 * 2 * len(TEXT) + 2 * 10
    assert list(result["reports"]) == ["c"]
    assert list(result["reports"]["c"]) == ["entities"]  # this config has no relations
    assert sum(result["reports"]["c"]["entities"]["paragraphs"][2]) == len(GOLD.spans)
    assert load_config(tmp_path / "pipeline" / "model-last" / "config.cfg")["system"]["seed"] == 3
    assert result["seconds"] > 0


def test_training_on_a_held_out_report_is_refused(corpus, tmp_path):
    with pytest.raises(BenchmarkError, match="b: both to be trained on and held out"):
        fit(make_job(corpus, held_out=["b", "c"]), tmp_path)


# Commands


def invoke(main, *arguments):
    app = typer.Typer()
    app.command()(main)
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


@pytest.fixture
def options(corpus):
    return [
        "--config", SPACY_DEFAULT, "--name", "tiny", "--workers", 1, "--corpus", corpus,
        "--annotations", corpus / "gold", "--out", corpus / "results",
    ]  # fmt: skip


def test_cross_validation_trains_on_no_report_of_the_place_it_scores(corpus, options, monkeypatch):
    jobs = []
    monkeypatch.setattr(cross_validate, "fit_in_subprocess", lambda job: jobs.append(job) or found_all(job))
    outcome = invoke(cross_validate.main, *options, "--set", "training.max_steps=5", "--repeat-reports", "2")
    assert outcome.exit_code == 0, outcome.output
    assert [(job.seed, job.training, job.held_out) for job in jobs] == [
        (seed, *fold) for seed in (0, 1) for fold in ((["b", "c"], ["a"]), (["a"], ["b", "c"]))
    ]
    assert {(job.overrides["training.max_steps"], job.repeat_reports) for job in jobs} == {(5, 2)}
    page = (corpus / "results" / "cross_validation.md").read_text(encoding="utf-8")
    assert "| tiny | entities | 100.0 | 100.0 | 100.0 | 100.0–100.0 | 0.0 | 0.0 | 4 | 1.0 |" in page
    assert "`training.max_steps = 5`" in page and "each report 2 times in the training data" in page


def test_cross_validation_says_what_is_wrong(corpus, options):
    outcome = invoke(cross_validate.main, *options, "--folds", 3)
    assert outcome.exit_code == 1
    assert "2 places cannot be cut into 3 folds" in outcome.output


def test_a_failed_run_is_reported_and_the_others_are_kept(corpus, options, monkeypatch):
    def fails_on_a(job):
        if job.held_out == ["a"]:
            raise BenchmarkError("out of memory")
        return found_all(job)

    monkeypatch.setattr(cross_validate, "fit_in_subprocess", fails_on_a)
    outcome = invoke(cross_validate.main, *options, "--seeds", 1)
    assert outcome.exit_code == 1
    assert "out of memory" in outcome.output
    assert "1 of 2 runs" in (corpus / "results" / "cross_validation.md").read_text(encoding="utf-8")


def test_training_sets_hold_the_smaller_ones_and_differ_between_seeds():
    reports = list("abcdefgh")
    sets = learning_curve.training_sets(reports, [1, 2, 8], seed=0)
    assert [len(training) for training in sets.values()] == [1, 2, 8]
    assert set(sets[1]) < set(sets[2]) < set(sets[8]) == set(reports)
    assert sets == learning_curve.training_sets(reports, [1, 2, 8], seed=0)
    assert sets != learning_curve.training_sets(reports, [1, 2, 8], seed=1)


def test_sizes_double_up_to_all():
    assert learning_curve.default_sizes(13) == [1, 2, 4, 8, 13]
    assert learning_curve.default_sizes(8) == [1, 2, 4, 8]
    assert learning_curve.default_sizes(1) == [1]


def test_the_learning_curve_is_scored_on_dev_and_ends_with_the_extra_documents(corpus, options, monkeypatch):
    jobs = []
    monkeypatch.setattr(learning_curve, "fit_in_subprocess", lambda job: jobs.append(job) or found_all(job))
    extra = corpus / "excerpts.spacy"
    DocBin().to_disk(extra)
    outcome = invoke(learning_curve.main, *options, "--seeds", 1, "--extra", extra)
    assert outcome.exit_code == 0, outcome.output
    assert [(len(job.training), bool(job.extra)) for job in jobs] == [(1, False), (2, False), (2, True)]
    assert {name for job in jobs for name in job.training} == {"a", "b"}
    assert all(job.held_out == ["c"] for job in jobs)
    page = (corpus / "results" / "learning_curve.md").read_text(encoding="utf-8")
    titles = ["1 report", "2 reports", "2 reports and extra documents"]
    assert [line.split(" | ")[0] for line in page.splitlines() if "100.0–100.0" in line] == [
        f"| {title}" for title in titles
    ]
    assert (corpus / "results" / "learning_curve.png").read_bytes().startswith(b"\x89PNG")


def test_more_reports_than_there_are_is_refused(options):
    outcome = invoke(learning_curve.main, *options, "--size", 3)
    assert outcome.exit_code == 1
    assert "only 2 training reports, not 3" in outcome.output


# Tables


def make_variant(*runs: dict, planned: int = 2) -> dict:
    return {
        "settings": {"config": "configs/x.cfg", "overrides": {}, "extra": []},
        "environment": {"cpu": "a processor", "python": "3.10.0", "date": "2023-01-01"},
        "planned": planned,
        "runs": {str(i): run for i, run in enumerate(runs)},
    }


def test_variants_stand_in_one_table_and_are_compared_with_the_first():
    variants = {
        "full": make_variant(make_run(0, a=figure((1, 1, 2)), b=figure((2, 2, 2)))),
        "ablated": make_variant(make_run(0, a=figure((0, 1, 2)), b=figure((1, 2, 2)))),
    }
    page = render_cross_validation(json.loads(json.dumps(variants)))
    assert "| full | entities | 100.0 | 75.0 | 85.7 |" in page
    assert "| ablated | -57.1 (" in page
    assert "| BODY | 85.7 | 28.6 |" in page
    assert "| a | 66.7 | 0.0 |" in page
    assert "1 of 2 runs" in page


def test_the_summary_speaks_of_published_systems_alone():
    variants = {
        "zh_baogao_sm": make_variant(make_run(0, a=figure((1, 1, 2)))),
        "ablated": make_variant(make_run(0, a=figure((0, 1, 2)))),
    }
    summary = summarise_cross_validation(variants, {"zh_baogao_sm", "rules"})
    assert "over 1 train and dev reports, 1 seed: strict F1 of entities 66.7 (66.7–66.7)" in summary
    assert "ablated" not in summary
