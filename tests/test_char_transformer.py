"""Encoders in torch as the tok2vec of a pipeline."""

from __future__ import annotations

import numpy
import pytest
import spacy
from numpy.testing import assert_allclose
from spacy.tokens import Doc

torch = pytest.importorskip("torch")
transformers = pytest.importorskip("transformers")

from small_tagger import TRAIN, train_pipeline  # noqa: E402

from baogao.layers.char_transformer import CharTransformer  # noqa: E402

TEXT = "全年召开常委会会议7次，听取和审议专项工作报告18项。"
LONG = "".join(f"第{i}次会议听取报告{i % 7}项，" for i in range(12))


@pytest.fixture(scope="module")
def stem_checkpoint(tmp_path_factory, save_stem_checkpoint):
    return save_stem_checkpoint(tmp_path_factory.mktemp("stem"), layers=2)


@pytest.fixture(scope="module")
def bert_checkpoint(tmp_path_factory, save_bert_checkpoint):
    folder = tmp_path_factory.mktemp("bert")
    pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "报告", "##告", *sorted(set(TEXT) - {"项"})]
    (folder / "vocab.txt").write_text("\n".join(pieces), encoding="utf-8")
    tokenizer = transformers.BertTokenizer(vocab=str(folder / "vocab.txt"))
    return save_bert_checkpoint(folder, tokenizer, positions=64)


@pytest.fixture(params=["stem", "bert"])
def checkpoint(request, stem_checkpoint, bert_checkpoint):
    return stem_checkpoint if request.param == "stem" else bert_checkpoint


@pytest.fixture(scope="module")
def nlp():
    return spacy.blank("zh")


def create_model(name, **settings):
    return CharTransformer(name, **{"window": 40, "stride": 20} | settings).initialize()


def test_each_token_gets_a_vector_of_the_encoders_width(nlp, checkpoint):
    model = create_model(checkpoint)
    docs = [nlp(TEXT), nlp("报告"), nlp(LONG)]
    assert model.get_dim("nO") == 32
    assert [vectors.shape for vectors in model.predict(docs)] == [(len(doc), 32) for doc in docs]


def test_empty_documents_get_no_vectors(nlp, checkpoint):
    model = create_model(checkpoint)
    assert [vectors.shape for vectors in model.predict([nlp(""), nlp("报告"), nlp("")])] == [
        (0, 32),
        (2, 32),
        (0, 32),
    ]
    assert [vectors.shape for vectors in model.predict([nlp("")])] == [(0, 32)]


def test_a_documents_vectors_do_not_depend_on_its_batch(nlp, checkpoint):
    model = create_model(checkpoint)
    docs = [nlp(text) for text in (LONG, TEXT, "报告", LONG[:41], LONG[:33])]
    for doc, together in zip(docs, model.predict(docs), strict=True):
        assert_allclose(together, model.predict([doc])[0], atol=1e-5)


def test_vectors_are_those_of_the_checkpoint(nlp, bert_checkpoint):
    tokenizer = transformers.AutoTokenizer.from_pretrained(bert_checkpoint)
    bert = transformers.AutoModel.from_pretrained(bert_checkpoint).eval()
    # A character that is no piece (项) and pieces of several characters (报告).
    numbers = tokenizer.convert_tokens_to_ids(["[CLS]", *"工作报告", "[UNK]", "[SEP]"])
    with torch.no_grad():
        expected = bert(torch.tensor([numbers])).last_hidden_state[0, 1:-1].numpy()
    assert_allclose(create_model(bert_checkpoint).predict([nlp("工作报告项")])[0], expected, atol=1e-5)


def test_a_character_in_two_windows_is_read_where_it_is_central(nlp, checkpoint):
    model = create_model(checkpoint, window=20, stride=10)
    vectors = model.predict([nlp(LONG[:30])])[0]
    first, second = model.predict([nlp(LONG[:20])])[0], model.predict([nlp(LONG[10:30])])[0]
    if "bert" in str(checkpoint):  # no window sees past its edges, so windows equal documents
        assert_allclose(vectors[:15], first[:15], atol=1e-5)
        assert_allclose(vectors[15:], second[5:], atol=1e-5)
    assert numpy.abs(vectors[15:20] - first[15:20]).max() > 1e-3


def test_a_token_of_several_characters_has_the_mean_of_their_vectors(nlp, checkpoint):
    model = create_model(checkpoint)
    characters = model.predict([nlp("审议报告")])[0]
    words = model.predict([Doc(nlp.vocab, ["审议", "报", "告"], spaces=[False] * 3)])[0]
    assert_allclose(words, [characters[:2].mean(axis=0), *characters[2:]], atol=1e-5)


def test_a_trained_pipeline_is_the_same_after_loading(checkpoint, tmp_path):
    pipeline = train_pipeline(checkpoint, steps=40)
    for text, entities in TRAIN:
        found = [(ent.start_char, ent.end_char, ent.label_) for ent in pipeline(text).ents]
        assert found == entities
    pipeline.to_disk(tmp_path / "pipeline")
    config = (tmp_path / "pipeline" / "config.cfg").read_text(encoding="utf-8")
    (tmp_path / "pipeline" / "config.cfg").write_text(config.replace(str(checkpoint), "/no/such/folder"))
    assert str(checkpoint).encode() not in (tmp_path / "pipeline" / "tok2vec" / "model").read_bytes()
    loaded = spacy.load(tmp_path / "pipeline")
    assert_allclose(loaded(LONG).tensor, pipeline(LONG).tensor, atol=1e-6)


def test_a_frozen_encoder_keeps_its_vectors(nlp, checkpoint):
    before = create_model(checkpoint).predict([nlp(TEXT)])[0]
    frozen = train_pipeline(checkpoint, steps=3, freeze=True)
    trained = train_pipeline(checkpoint, steps=3)
    assert_allclose(frozen(TEXT).tensor, before, atol=1e-6)
    assert numpy.abs(trained(TEXT).tensor - before).max() > 1e-3


def test_mixed_precision_is_for_training_only(nlp, checkpoint):
    exact = create_model(checkpoint, dropout=0.0)
    mixed = create_model(checkpoint, dropout=0.0, mixed_precision=True)
    expected = exact.predict([nlp(LONG)])[0]
    assert_allclose(mixed.predict([nlp(LONG)])[0], expected, atol=1e-6)
    rounded = mixed.begin_update([nlp(LONG)])[0][0]
    assert rounded.dtype == "float32"
    assert 1e-5 < numpy.abs(rounded - expected).max() < 0.1
    pipeline = train_pipeline(checkpoint, steps=40, mixed_precision=True)
    for text, entities in TRAIN:
        assert [(ent.start_char, ent.end_char, ent.label_) for ent in pipeline(text).ents] == entities


def test_of_frozen_layers_only_those_above_learn(stem_checkpoint):
    before = transformers.AutoModel.from_pretrained(stem_checkpoint).state_dict()
    pipeline = train_pipeline(stem_checkpoint, steps=2, frozen_layers=1)
    after = pipeline.get_pipe("tok2vec").model.shims[0].encoder.model.state_dict()
    changed = {name for name in before if not torch.equal(before[name], after[name])}
    assert changed and all(name.startswith("layers.1.") for name in changed)


def test_freezing_all_layers_is_refused(bert_checkpoint):
    with pytest.raises(ValueError, match=r"frozen_layers = 1, but the encoder \(bert\) has 1"):
        create_model(bert_checkpoint, frozen_layers=1)


def test_the_factor_scales_the_steps_of_the_encoder(checkpoint):
    def mean_step(factor):
        # The tagger's last layer is zero at first, so the encoder moves in the second step only.
        pipeline = train_pipeline(checkpoint, steps=2, learn_rate_factor=factor)
        after = pipeline.get_pipe("tok2vec").model.shims[0].encoder.model.state_dict()
        before = transformers.AutoModel.from_pretrained(checkpoint).state_dict()
        return torch.cat([(after[name] - before[name]).abs().flatten() for name in before]).mean().item()

    assert mean_step(1.0) > 0
    assert mean_step(0.1) == pytest.approx(0.1 * mean_step(1.0), rel=0.05)


def test_a_missing_checkpoint_is_named(tmp_path):
    with pytest.raises(ValueError, match="nowhere"):
        CharTransformer(tmp_path / "nowhere").initialize()


def test_positions_of_roberta_begin_after_the_padding(nlp, bert_checkpoint, tmp_path):
    config = transformers.XLMRobertaConfig(
        vocab_size=64,
        hidden_size=32,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=34,
    )
    transformers.XLMRobertaModel(config).save_pretrained(tmp_path)
    transformers.AutoTokenizer.from_pretrained(bert_checkpoint).save_pretrained(tmp_path)
    with pytest.raises(ValueError, match="at most 30"):
        CharTransformer(tmp_path, window=31, stride=20).initialize()
    model = CharTransformer(tmp_path, window=30, stride=20).initialize()
    assert model.predict([nlp(LONG)])[0].shape == (len(LONG), 32)


def test_a_window_that_the_encoder_cannot_read_is_refused(bert_checkpoint):
    with pytest.raises(ValueError, match="at most 62"):
        CharTransformer(bert_checkpoint, window=63, stride=20).initialize()
