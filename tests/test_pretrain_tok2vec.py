"""The encoder in torch and the one that the pipeline runs must be the same."""

from __future__ import annotations

import lzma

import numpy
import pytest
import spacy
from numpy.testing import assert_allclose
from spacy.training.initialize import init_vocab

torch = pytest.importorskip("torch")

from baogao.typography import create_typography_lookups  # noqa: E402
from training import masked_characters  # noqa: E402
from training import pretrain_tok2vec as pretrain  # noqa: E402
from training.sm_encoder import build_encoder  # noqa: E402

TEXT = "全年召开常委会会议7次，听取和审议专项工作报告18项。深刻领悟「兩個確立」的决定性意义。"


@pytest.fixture(scope="module")
def nlp():
    nlp = spacy.blank("zh")
    init_vocab(nlp, lookups=create_typography_lookups())
    return nlp


def corpus_of(text: str) -> masked_characters.Corpus:
    normed = text.translate(str.maketrans(masked_characters.character_norms()))
    return masked_characters.Corpus(normed, {char: i for i, char in enumerate(sorted(set(normed)), 1)})


def test_exported_weights_give_the_same_vectors(nlp):
    text = (TEXT * 10)[: masked_characters.CHUNK]
    torch.manual_seed(0)
    encoder = pretrain.Encoder()
    with torch.no_grad():
        expected = encoder(masked_characters.ngram_rows(corpus_of(text).keys[None])).numpy()
    model = build_encoder().from_bytes(encoder.export().to_bytes())
    (found,) = model.predict([nlp(text)])
    inner = slice(sum(pretrain.DILATIONS), -sum(pretrain.DILATIONS))  # at the ends the padding differs
    assert_allclose(found[inner], expected[inner], atol=1e-3)


def test_masked_characters_are_hidden_from_their_bigrams():
    corpus = corpus_of(TEXT * 20)
    rng = numpy.random.default_rng(0)
    _, keys, _ = corpus.sample(rng, 2)
    masked = masked_characters.mask_spans(rng, keys.shape)
    assert 0.1 < masked.mean() < 0.2
    rows = masked_characters.ngram_rows(numpy.where(masked, masked_characters.MASK_KEY, keys))
    plain = masked_characters.ngram_rows(keys)
    touched = masked.copy()
    touched[:, :-1] |= masked[:, 1:]  # the bigram that begins one character before
    for size, (hidden, seen) in enumerate(zip(rows, plain, strict=True), 1):
        changed = (hidden != seen).any(dim=1).numpy().reshape(masked.shape)
        assert (changed == (masked if size == 1 else touched)).all()


@pytest.mark.slow
def test_pretraining_writes_weights_that_fit(tmp_path):
    with lzma.open(tmp_path / "a.txt.xz", "wt", encoding="utf-8") as file:
        file.write((TEXT + "\n") * 3000)
    out = tmp_path / "weights"
    pretrain.main(tmp_path, out, minutes=0.1, batch_size=4)
    build_encoder().from_bytes(out.read_bytes())


def test_a_folder_without_text_is_refused(tmp_path):
    with pytest.raises(pretrain.typer.BadParameter, match="holds no"):
        pretrain.main(tmp_path, tmp_path / "weights")
