"""The mean of pipelines' weights."""

from __future__ import annotations

import numpy
import pytest
import spacy
import typer
from typer.testing import CliRunner

from training.average_pipelines import average, main


def trained(examples, seed=0):
    """A pipeline that has learned nothing yet, with the weights of its seed."""
    spacy.util.fix_random_seed(seed)
    nlp = spacy.blank("zh")
    nlp.add_pipe("entity_tagger")
    nlp.add_pipe("relation_extractor")
    nlp.initialize(lambda: examples)
    return nlp


def weights(nlp, name):
    return [
        node.get_param(parameter).copy()
        for node in nlp.get_pipe(name).model.walk()
        for parameter in node.param_names
        if node.has_param(parameter)
    ]


def test_every_weight_is_the_mean(examples, tmp_path):
    a, b = trained(examples, seed=0), trained(examples, seed=1)
    means = {
        name: [(x + y) / 2 for x, y in zip(weights(a, name), weights(b, name), strict=True)]
        for name in a.pipe_names
    }
    assert any(
        (x != y).any() for x, y in zip(weights(a, "entity_tagger"), means["entity_tagger"], strict=True)
    )
    a.to_disk(tmp_path / "a"), b.to_disk(tmp_path / "b")
    result = invoke(tmp_path / "mean", tmp_path / "a", tmp_path / "b")
    assert result.exit_code == 0, result.output
    averaged = spacy.load(tmp_path / "mean")
    for name in averaged.pipe_names:
        for got, wanted in zip(weights(averaged, name), means[name], strict=True):
            numpy.testing.assert_allclose(got, wanted, rtol=1e-5, atol=1e-7)
    averaged("全年召开常委会会议7次。")


def invoke(*arguments):
    app = typer.Typer()
    app.command()(main)
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def test_the_mean_of_a_pipeline_and_itself_predicts_the_same(examples):
    text = examples[0].reference.text
    first = trained(examples)
    before = [(e.start, e.end, e.label_) for e in first(text).ents]
    averaged = average([first, trained(examples)])
    assert [(e.start, e.end, e.label_) for e in averaged(text).ents] == before


def test_other_components_or_labels_are_refused(examples, nlp):
    with pytest.raises(ValueError, match="different components"):
        average([trained(examples), nlp])
    with pytest.raises(ValueError, match="labels"):
        average([trained(examples), trained(examples[:1])])


def test_one_pipeline_is_no_mean(examples, tmp_path):
    trained(examples).to_disk(tmp_path / "a")
    result = invoke(tmp_path / "mean", tmp_path / "a")
    assert result.exit_code == 2 and "two pipelines" in result.output
    assert not (tmp_path / "mean").exists()


def test_a_folder_without_a_pipeline_is_named(examples, tmp_path):
    trained(examples).to_disk(tmp_path / "a")
    result = invoke(tmp_path / "mean", tmp_path / "a", tmp_path / "b")
    assert result.exit_code == 2 and str(tmp_path / "b") in result.output.replace("\n", "").replace("│ ", "")


def test_weights_of_torch_are_averaged_too(examples, save_stem_checkpoint, tmp_path):
    torch = pytest.importorskip("torch")
    pipelines = []
    for seed in (0, 1):
        nlp = spacy.blank("zh")
        nlp.add_pipe(
            "tok2vec",
            config={
                "model": {
                    "@architectures": "baogao.CharTransformer.v1",
                    "name": str(save_stem_checkpoint(tmp_path / "encoder", 1)),
                }
            },
        )
        nlp.initialize(lambda: examples)
        with torch.no_grad():
            for parameter in nlp.get_pipe("tok2vec").model.shims[0].encoder.parameters():
                parameter.fill_(seed)
        pipelines.append(nlp)
    encoder = average(pipelines).get_pipe("tok2vec").model.shims[0].encoder
    assert all((parameter == 0.5).all() for parameter in encoder.parameters())
