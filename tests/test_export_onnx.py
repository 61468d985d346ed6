"""The exported encoder does what the one in torch does, without torch."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy
import pytest
import spacy
from numpy.testing import assert_allclose

torch = pytest.importorskip("torch")
transformers = pytest.importorskip("transformers")
pytest.importorskip("onnxruntime")
pytest.importorskip("onnxscript")

from baogao.layers.onnx_encoder import OnnxEncoder  # noqa: E402
from training import export_onnx  # noqa: E402

TEXTS = ["", "报告", "全年召开常委会会议7次。" * 8]
MODEL = {"@architectures": "baogao.CharTransformer.v1", "window": 40, "stride": 20}
WITHOUT_TORCH = """
import sys
for name in ("torch", "transformers", "safetensors", "onnx"):
    sys.modules[name] = None  # importing it raises ImportError
import numpy, spacy
nlp = spacy.load(sys.argv[1])
numpy.savez(sys.argv[2], *[nlp(text).tensor for text in sys.argv[3:]])
"""


@pytest.fixture(scope="module")
def pipeline(tmp_path_factory, save_stem_checkpoint):
    """A pipeline whose encoder was not trained."""
    checkpoint = save_stem_checkpoint(tmp_path_factory.mktemp("stem"), layers=1)
    nlp = spacy.blank("zh")
    nlp.add_pipe("tok2vec", config={"model": MODEL | {"name": str(checkpoint)}}).model.initialize()
    return nlp


@pytest.fixture(scope="module")
def exported(pipeline, tmp_path_factory):
    folder = tmp_path_factory.mktemp("exported") / "fp32"
    export_onnx.export_pipeline(pipeline, folder, int8=False)
    return folder


def test_the_exported_pipeline_gives_the_same_vectors_without_torch(pipeline, exported, tmp_path):
    expected = [pipeline(text).tensor for text in TEXTS]
    script, vectors = tmp_path / "run.py", tmp_path / "vectors.npz"
    script.write_text(WITHOUT_TORCH, encoding="utf-8")
    command = [sys.executable, str(script), str(exported), str(vectors), *TEXTS]
    root = Path(__file__).parents[1]
    subprocess.run(command, check=True, cwd=root, env={"PYTHONPATH": str(root), "OMP_NUM_THREADS": "1"})
    found = numpy.load(vectors)
    for name, vectors_of_text in zip(found, expected, strict=True):
        assert_allclose(found[name], vectors_of_text, atol=1e-4)


@pytest.mark.parametrize("subwords", [False, True])
def test_an_encoder_of_pieces_is_exported(subwords, unigram_checkpoint, tmp_path):
    pieces = ["<s>", "<pad>", "</s>", "<unk>", "\u2581", "\u62a5\u544a", "7", *"\u62a5\u544a\u5168\u5e74"]
    model = MODEL | {"name": str(unigram_checkpoint(pieces)), "subwords": subwords}
    nlp = spacy.blank("zh")
    nlp.add_pipe("tok2vec", config={"model": model}).model.initialize()
    export_onnx.export_pipeline(nlp, tmp_path / "out", int8=False)
    exported = spacy.load(tmp_path / "out")
    for text in TEXTS:
        assert_allclose(exported(text).tensor, nlp(text).tensor, atol=1e-4)


def test_vectors_do_not_depend_on_the_batch(exported):
    nlp = spacy.load(exported)
    for text, doc in zip(TEXTS, nlp.pipe(TEXTS), strict=True):
        assert_allclose(doc.tensor, nlp(text).tensor, atol=1e-5)


def test_a_copy_gives_the_same_vectors(exported):
    nlp = spacy.load(exported)  # spaCy copies a tok2vec when it replaces listeners
    model, doc = nlp.get_pipe("tok2vec").model, nlp.make_doc(TEXTS[2])
    assert_allclose(model.copy().predict([doc])[0], model.predict([doc])[0])


def test_eight_bits_give_nearly_the_same_vectors(pipeline, exported, tmp_path, monkeypatch):
    model = spacy.load(exported).get_pipe("tok2vec").model.shims[0].model
    monkeypatch.setattr(export_onnx, "export_encoder", lambda encoder: model)  # once is enough
    export_onnx.export_pipeline(pipeline, tmp_path / "int8", int8=True)
    expected, found = pipeline(TEXTS[2]).tensor, spacy.load(tmp_path / "int8")(TEXTS[2]).tensor
    cosines = (
        (expected * found).sum(axis=1)
        / numpy.linalg.norm(expected, axis=1)
        / numpy.linalg.norm(found, axis=1)
    )
    assert cosines.min() > 0.99
    assert numpy.abs(expected - found).max() > 1e-4


def test_other_pipelines_are_refused(tmp_path):
    with pytest.raises(ValueError, match=r"CharTransformer"):
        export_onnx.export_pipeline(spacy.blank("zh"), tmp_path / "out", int8=False)
    assert not list(tmp_path.iterdir())


def test_there_is_no_encoder_to_initialise_from():
    with pytest.raises(ValueError, match=r"export_onnx"):
        OnnxEncoder().initialize()
