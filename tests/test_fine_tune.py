"""``configs/fine_tune.cfg`` goes on from a pipeline, and what it trains can be finished."""

from __future__ import annotations

from pathlib import Path

import numpy
import pytest
import spacy
from spacy.cli.train import train
from spacy.tokens import DocBin
from spacy.util import load_config

from training import finish_pipeline

CONFIG = Path(__file__).parents[1] / "configs" / "fine_tune.cfg"


@pytest.mark.parametrize("other", ["zh_baogao_sm.cfg", "zh_baogao_trf.cfg"])
def test_the_configs_train_in_the_same_way(other):
    fine, whole = load_config(CONFIG), load_config(CONFIG.with_name(other))
    for config in (fine, whole):
        del config["training"]["max_steps"], config["training"]["eval_frequency"]
    assert fine["corpora"] == whole["corpora"] and fine["training"] == whole["training"]


def fine_tune(start, docs, folder, steps, rate):
    DocBin(docs=docs, store_user_data=True).to_disk(folder / "docs.spacy")
    overrides = {
        "paths.start": str(start),
        "paths.train": str(folder / "docs.spacy"),
        "paths.dev": str(folder / "docs.spacy"),
        "training.max_steps": steps,
        "training.eval_frequency": steps,
        "training.optimizer.learn_rate.initial_rate": rate,
        "training.optimizer.learn_rate.warmup_steps": 0,
    }
    train(CONFIG, folder / "run", overrides=overrides)
    return folder / "run" / "model-last"


def test_it_starts_from_the_pipelines_weights(small_pipeline, gold_docs, tmp_path):
    trained = spacy.load(fine_tune(small_pipeline, gold_docs, tmp_path, steps=1, rate=1e-9))
    start = spacy.load(small_pipeline)
    text = gold_docs[0].text
    numpy.testing.assert_allclose(
        trained(text).tensor, spacy.load(small_pipeline, exclude=["quote_norms"])(text).tensor, atol=1e-4
    )
    for name in ("entity_tagger", "relation_extractor"):
        assert trained.get_pipe(name).cfg == start.get_pipe(name).cfg


def test_it_learns_and_can_be_finished(small_pipeline, gold_docs, tmp_path):
    trained = fine_tune(small_pipeline, gold_docs, tmp_path, steps=3, rate=1e-3)
    finish_pipeline.main(trained, tmp_path / "finished", version="1.2.3")
    nlp, start = spacy.load(tmp_path / "finished"), spacy.load(small_pipeline)
    assert nlp.pipe_names == start.pipe_names
    text = gold_docs[0].text
    assert abs(nlp(text).tensor - start(text).tensor).max() > 1e-4
    # The norms' table is there: full-width forms are read as ASCII.
    assert nlp.vocab["\uff0c"].norm_ == ","
    assert str(tmp_path) not in (tmp_path / "finished" / "config.cfg").read_text(encoding="utf-8")
