"""Encoders whose pieces are words and parts of words: each character has the vector of its piece."""

from __future__ import annotations

import numpy
import pytest
import spacy
from numpy.testing import assert_allclose
from spacy.tokens import Doc
from thinc.api import NumpyOps

torch = pytest.importorskip("torch")
transformers = pytest.importorskip("transformers")
tokenizers = pytest.importorskip("tokenizers")

from small_tagger import TRAIN, train_pipeline  # noqa: E402

from baogao.layers.char_transformer import CharTransformer  # noqa: E402
from baogao.layers.character_inputs import SubwordInputs, read_docs  # noqa: E402
from baogao.layers.pooling import pool_tokens  # noqa: E402

PIECES = ["<s>", "<pad>", "</s>", "<unk>", "\u2581", "\u2581\u53ec\u5f00", "\u53ec\u5f00", "\u4f1a\u8bae"]
PIECES += ["7", "\u6b21", "\u5ba1", "\u8bae", "\u62a5\u544a", "1", "8", "\u9879", "\u5de5\u4f5c", "\uff0c"]
(HELD, _), (READ, _) = TRAIN


@pytest.fixture
def checkpoint(unigram_checkpoint):
    return unigram_checkpoint(PIECES)


@pytest.fixture(scope="module")
def nlp():
    return spacy.blank("zh")


def create_model(checkpoint, **settings):
    return CharTransformer(checkpoint, window=20, stride=10, subwords=True, **settings).initialize()


def test_a_character_has_the_vector_of_its_piece(nlp, checkpoint):
    bert = transformers.AutoModel.from_pretrained(checkpoint).eval()
    # The mark of a word's beginning is part of the first piece, or a piece of its own that no character needs.
    for text, pieces, piece_of in (
        (HELD, ["\u2581\u53ec\u5f00", "\u4f1a\u8bae", "7", "\u6b21"], [0, 0, 1, 1, 2, 3]),
        (READ, ["\u2581", *"\u5ba1\u8bae", "\u62a5\u544a", "1", "8", "\u9879"], [1, 2, 3, 3, 4, 5, 6]),
    ):
        numbers = [PIECES.index(piece) for piece in ["<s>", *pieces, "</s>"]]
        with torch.no_grad():
            vectors = bert(torch.tensor([numbers])).last_hidden_state[0, 1:-1].numpy()
        assert_allclose(create_model(checkpoint).predict([nlp(text)])[0], vectors[piece_of], atol=1e-5)


def test_every_character_has_a_vector(nlp, checkpoint):
    # Unknown characters, blanks, more pieces than a window has, none at all.
    texts = ["\u9f98\u53ec\u5f00\U00020000", " \u53ec\u5f00\n\u4f1a\u8bae ", (HELD + READ) * 5, "", "  "]
    docs = [nlp(text) for text in texts]
    vectors = create_model(checkpoint).predict(docs)
    assert [v.shape for v in vectors] == [(len(doc), 32) for doc in docs]
    assert all(numpy.isfinite(v).all() and (v.any(axis=1)).all() for v in vectors)


def test_blanks_of_which_a_tokenizer_makes_no_piece_have_vectors(nlp, tmp_path, save_bert_checkpoint):
    pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *HELD]
    (tmp_path / "vocab.txt").write_text("\n".join(pieces), encoding="utf-8")
    save_bert_checkpoint(tmp_path, transformers.BertTokenizer(vocab=str(tmp_path / "vocab.txt")))
    model = create_model(tmp_path)
    docs = [nlp("\n\n"), nlp(HELD), nlp("\n")]
    together = model.predict(docs)
    assert [vectors.shape for vectors in together] == [(len(doc), 32) for doc in docs]
    for doc, vectors in zip(docs, together, strict=True):
        assert_allclose(vectors, model.predict([doc])[0], atol=1e-5)


def test_a_copy_predicts_the_same(nlp, checkpoint):
    model = create_model(checkpoint)
    assert_allclose(model.copy().predict([nlp(HELD)])[0], model.predict([nlp(HELD)])[0], atol=1e-6)


def test_a_documents_vectors_do_not_depend_on_its_batch(nlp, checkpoint):
    model = create_model(checkpoint)
    docs = [nlp(text) for text in (HELD, (HELD + READ) * 5, "", READ)]
    for doc, together in zip(docs, model.predict(docs), strict=True):
        assert_allclose(together, model.predict([doc])[0], atol=1e-5)


def test_a_trained_pipeline_is_the_same_after_loading(checkpoint, tmp_path):
    pipeline = train_pipeline(checkpoint, steps=60, subwords=True)
    pipeline.to_disk(tmp_path / "pipeline")
    for trained in (pipeline, spacy.load(tmp_path / "pipeline")):
        for text, entities in TRAIN:
            assert [(ent.start_char, ent.end_char, ent.label_) for ent in trained(text).ents] == entities


def test_a_checkpoint_without_a_fast_tokenizer_is_refused(checkpoint, monkeypatch):
    monkeypatch.setattr(transformers.PreTrainedTokenizerFast, "is_fast", False)
    with pytest.raises(ValueError, match="no fast tokenizer"):
        create_model(checkpoint)


def test_a_piece_has_the_gradients_of_all_its_characters():
    # Two tokens of one piece, and one of two characters, the first of the same piece.
    vectors = numpy.array([[1.0, 2.0], [3.0, 4.0]], dtype="float32")
    unit_of, lengths = numpy.array([0, 0, 0, 1]), numpy.array([1, 1, 2])
    means, backprop = pool_tokens(NumpyOps(), vectors, unit_of, lengths)
    assert_allclose(means, [[1, 2], [1, 2], [2, 3]])
    d_means = numpy.array([[1, 0], [10, 0], [100, 8]], dtype="float32")
    assert_allclose(backprop(d_means), [[1 + 10 + 50, 4], [50, 4]])


def test_the_encoder_learns(checkpoint):
    before = transformers.AutoModel.from_pretrained(checkpoint).state_dict()
    model = train_pipeline(checkpoint, steps=3, subwords=True).get_pipe("tok2vec").model
    encoder = next(shim for node in model.walk() for shim in node.shims).encoder
    name = "embeddings.word_embeddings.weight"
    learned = (encoder.model.state_dict()[name] - before[name]).abs().sum(dim=1)
    # One piece is in the texts, the other has nothing but weight decay.
    assert learned[PIECES.index("\u4f1a\u8bae")] > 10 * learned[PIECES.index("\u5de5\u4f5c")]


def test_a_character_that_the_tokenizer_leaves_out_goes_with_the_piece_before_it(nlp):
    tokenizer = tokenizers.Tokenizer(tokenizers.models.WordLevel({"?": 0, "a": 1, "b": 2}, unk_token="?"))
    tokenizer.pre_tokenizer = tokenizers.pre_tokenizers.WhitespaceSplit()
    inputs = SubwordInputs(tokenizer.to_str(), begin=0, end=0)
    doc = Doc(nlp.vocab, list(" a\n\nb "), spaces=[False] * 6)
    units, unit_of, _ = read_docs([doc, doc], inputs)
    assert [numbers.tolist() for numbers in units] == [[1, 2]] * 2
    assert unit_of.tolist() == [0, 0, 0, 0, 1, 1, 2, 2, 2, 2, 3, 3]


def test_long_texts_are_not_cut_where_the_checkpoint_would(nlp):
    tokenizer = tokenizers.Tokenizer(tokenizers.models.WordLevel({"?": 0, "a": 1}, unk_token="?"))
    tokenizer.pre_tokenizer = tokenizers.pre_tokenizers.Split("", "isolated")
    tokenizer.enable_truncation(8)
    tokenizer.enable_padding(length=16)
    inputs = SubwordInputs(tokenizer.to_str(), begin=0, end=0)
    units, unit_of, _ = read_docs([nlp("a" * 40), nlp("")], inputs)
    assert [len(numbers) for numbers in units] == [40, 0]
    assert unit_of.tolist() == list(range(40))


def test_an_encoder_that_reads_characters_has_no_pieces(save_stem_checkpoint, tmp_path):
    with pytest.raises(ValueError, match="baogao-stem reads characters"):
        create_model(save_stem_checkpoint(tmp_path, layers=1))
