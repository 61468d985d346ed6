"""Reading ResumeNER, and a run that is too short to learn much."""

from __future__ import annotations

from pathlib import Path

import pytest
from spacy.tokens import DocBin
from spacy.training.initialize import init_nlp
from spacy.vocab import Vocab

from evaluate.external.resume_ner import ResumeError, read_bmes, run, spans_of, training_config
from evaluate.external.subwords import SubwordEncoder

CONFIG = Path(__file__).parents[1] / "configs" / "zh_baogao_sm.cfg"
BMES = "高 B-NAME\n勇 E-NAME\n: O\n男 O\n\n中 B-CONT\n国 M-CONT\n籍 E-CONT\n董 S-TITLE\n"


@pytest.fixture
def bmes(tmp_path):
    path = tmp_path / "train.char.bmes"
    path.write_text(BMES, encoding="utf-8")
    return path


def test_sentences_and_their_spans(bmes):
    docs = list(read_bmes(bmes, Vocab()))
    assert [doc.text for doc in docs] == ["高勇:男", "中国籍董"]
    assert [[(ent.text, ent.label_) for ent in doc.ents] for doc in docs] == [
        [("高勇", "NAME")],
        [("中国籍", "CONT"), ("董", "TITLE")],
    ]


def test_neighbouring_spans_stay_apart():
    assert list(spans_of(["B-A", "E-A", "B-A", "M-A", "E-A", "S-B"])) == [
        (0, 2, "A"),
        (2, 5, "A"),
        (5, 6, "B"),
    ]


def test_another_format_is_refused_with_its_line(bmes):
    bmes.write_text(BMES + "\n三 列 B-NAME\n", encoding="utf-8")
    with pytest.raises(ResumeError, match=r"train\.char\.bmes:11: not a character and a tag"):
        list(read_bmes(bmes, Vocab()))


def test_a_run_scores_dev_and_test(bmes, tmp_path):
    docs = list(read_bmes(bmes, Vocab()))
    for split in ("train", "dev", "test"):
        DocBin(docs=docs).to_disk(tmp_path / f"{split}.spacy")
    config = training_config(CONFIG, tmp_path, None, seed=0, max_steps=2, batch_size=8)
    config["training"]["eval_frequency"] = 1
    scores = run(config, tmp_path / "test.spacy")
    assert scores.keys() == {"dev_f", "p", "r", "f"} and all(0 <= score <= 1 for score in scores.values())


def test_another_encoder_is_a_feature_of_the_tagger(bmes, tmp_path, unigram_checkpoint):
    docs = list(read_bmes(bmes, Vocab()))
    for split in ("train", "dev", "test"):
        DocBin(docs=docs).to_disk(tmp_path / f"{split}.spacy")
    checkpoint = unigram_checkpoint(["<s>", "<pad>", "</s>", "<unk>", "\u2581", "\u4e2d\u56fd", "\u7c4d"])
    encoder = SubwordEncoder(checkpoint, frozen_layers=0, learn_rate_factor=0.1)
    config = training_config(CONFIG, tmp_path, None, seed=0, max_steps=2, encoder=encoder)
    config["training"]["eval_frequency"] = 1
    assert "char_transformer" in {
        node.name for node in init_nlp(config).get_pipe("entity_tagger").model.walk()
    }
    assert run(config, tmp_path / "test.spacy").keys() == {"dev_f", "p", "r", "f"}
