"""A pipeline with new transformer layers predicts what it did without them, and learns from there."""

from __future__ import annotations

import pytest
import spacy

torch = pytest.importorskip("torch")
pytest.importorskip("transformers")

import typer  # noqa: E402
from numpy.testing import assert_allclose  # noqa: E402
from thinc.api import Adam  # noqa: E402

from training.init_transformer import main  # noqa: E402

EDGE = 14  # characters; at the ends of a text the convolutions see something else


@pytest.fixture(scope="module")
def started(small_pipeline, tmp_path_factory):
    folder = tmp_path_factory.mktemp("started") / "trf"
    main(small_pipeline, folder, layers=1, heads=4, window=80, stride=40)
    return folder


def inner(doc):
    return [(e.start, e.end, e.label_) for e in doc.ents if e.start >= EDGE and e.end <= len(doc) - EDGE]


@pytest.mark.parametrize("quotes", ["“”", '""'])
def test_it_predicts_the_same(small_pipeline, started, examples, quotes):
    first, last = quotes
    text = "".join(example.reference.text for example in examples) + f"深刻领悟{first}两个确立{last}。"
    before, after = (spacy.load(folder) for folder in (small_pipeline, started))
    assert after.pipe_names == before.pipe_names
    expected, found = before(text), after(text)
    assert_allclose(found.tensor[EDGE:-EDGE], expected.tensor[EDGE:-EDGE], atol=1e-3)
    assert inner(found) == inner(expected) != []


def test_the_new_layers_learn(started, examples):
    nlp = spacy.load(started)
    weights = nlp.get_pipe("tok2vec").model.shims[0].encoder.model.layers[0].output.weight
    assert (weights == 0).all()
    optimizer = Adam(0.001)
    for _ in range(3):
        nlp.update(examples, sgd=optimizer)
    assert not (weights == 0).any()


def test_a_pipeline_with_another_encoder_is_refused(tmp_path):
    nlp = spacy.blank("zh")
    nlp.add_pipe("tok2vec")
    nlp.initialize()
    nlp.to_disk(tmp_path / "other")
    with pytest.raises(typer.BadParameter, match="other"):
        main(tmp_path / "other", tmp_path / "out")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("heads", [3, 32])
def test_heads_that_do_not_make_up_the_width_are_refused(small_pipeline, tmp_path, heads):
    with pytest.raises(typer.BadParameter, match="heads"):
        main(small_pipeline, tmp_path / "out", heads=heads)
