"""A pipeline with new transformer layers predicts what it did without them, and learns from there."""

from __future__ import annotations

import pytest
import spacy

torch = pytest.importorskip("torch")
pytest.importorskip("transformers")

import typer  # noqa: E402
from numpy.testing import assert_allclose  # noqa: E402
from spacy.util import load_config  # noqa: E402

from training.init_transformer import main  # noqa: E402
from training.sm_encoder import CONFIG  # noqa: E402

TEXT = "全年召开常委会会议7次、主任会议12次，听取和审议专项工作报告18项，作出决议决定9项。" * 3
EDGE = 14  # characters; the convolutions see past the ends of a document in another way


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """zh_baogao_sm, untrained."""
    config = load_config(CONFIG, interpolate=True)
    nlp = spacy.blank("zh")
    for name in ("tok2vec", "entity_tagger"):
        section = {k: v for k, v in config["components"][name].items() if k != "factory"}
        nlp.add_pipe(name, config=section)
    nlp.get_pipe("entity_tagger").add_label("BODY")
    nlp.initialize()
    folder = tmp_path_factory.mktemp("small")
    nlp.to_disk(folder)
    return folder


@pytest.fixture(scope="module")
def started(small, tmp_path_factory):
    folder = tmp_path_factory.mktemp("started") / "trf"
    main(small, folder, layers=1, heads=4, window=80, stride=40, learn_rate_factor=0.5, dropout=0.2)
    return folder


def test_the_encoder_gives_the_same_vectors(small, started):
    before, after = (spacy.load(folder)(TEXT) for folder in (small, started))
    assert_allclose(after.tensor[EDGE:-EDGE], before.tensor[EDGE:-EDGE], atol=1e-3)
    assert [(e.start, e.end) for e in after.ents if e.start >= EDGE and e.end <= len(TEXT) - EDGE] == [
        (e.start, e.end) for e in before.ents if e.start >= EDGE and e.end <= len(TEXT) - EDGE
    ]


def test_the_new_layers_learn(started, examples):
    nlp = spacy.load(started)
    encoder = nlp.get_pipe("tok2vec").model.shims[0].encoder.model
    before = encoder.layers[0].output.weight.detach().clone()
    assert (before == 0).all()
    optimizer = nlp.resume_training()
    for _ in range(3):
        losses = nlp.update(examples, sgd=optimizer)
    assert losses["entity_tagger"] > 0
    assert not (encoder.layers[0].output.weight == before).all()


def test_a_pipeline_with_another_encoder_is_refused(tmp_path):
    nlp = spacy.blank("zh")
    nlp.add_pipe("tok2vec")
    nlp.initialize()
    nlp.to_disk(tmp_path / "other")
    with pytest.raises(typer.BadParameter, match="other"):
        main(tmp_path / "other", tmp_path / "out")
    assert not (tmp_path / "out").exists()
