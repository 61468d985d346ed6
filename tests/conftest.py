"""Small annotated documents, written by hand, for the tests of the components."""

from __future__ import annotations

from pathlib import Path

import pytest
import spacy
from spacy.language import Language
from spacy.tokens import Doc
from spacy.training import Example
from spacy.util import load_config, load_model_from_config
from thinc.api import Adam

from baogao.formats.inline import read_inline
from baogao.formats.spacy_doc import to_doc
from training import finish_pipeline

CONFIG = Path(__file__).parents[1] / "configs" / "zh_baogao_sm.cfg"

INLINE = [
    "⟦全年|DATE:1⟧⟦常委会|BODY:2⟧召开⟦常委会会议|ITEM:3⟧⟦7次|COUNT:4⟧、⟦主任会议|ITEM:5⟧⟦12次|COUNT:6⟧。\n"
    "@ QUANTITY_OF 4>3; QUANTITY_OF 6>5; AGENT 3>2; AGENT 5>2; TIME 3>1; TIME 5>1",
    "⟦区政协|BODY:1⟧提交⟦提案|ITEM:2⟧⟦437件|COUNT:3⟧,立案⟦374件|COUNT:4⟧。\n"
    "@ QUANTITY_OF 3>2; QUANTITY_OF 4>2; AGENT 2>1; SUBSET_OF 4>3",
    "深刻领悟“⟦两个确立|SLOGAN⟧”,⟦区人大常委会|BODY:1⟧制定《⟦监督办法|DOCUMENT:2⟧》。\n@ ISSUED_BY 2>1",
    "各位代表,大家好。",
]


@pytest.fixture
def nlp() -> Language:
    return spacy.blank("zh")


@pytest.fixture
def gold_docs(nlp: Language, tmp_path: Path) -> list[Doc]:
    docs = []
    for i, paragraph in enumerate(INLINE):
        path = tmp_path / f"paragraph-{i}.txt"
        path.write_text(paragraph, encoding="utf-8")
        docs.append(to_doc(nlp, read_inline(path)))
    return docs


@pytest.fixture
def examples(nlp: Language, gold_docs: list[Doc]) -> list[Example]:
    return [Example(nlp.make_doc(doc.text), doc) for doc in gold_docs]


@pytest.fixture(scope="session")
def small_pipeline(tmp_path_factory) -> Path:
    """Folder of a finished zh_baogao_sm that has learned the paragraphs above by heart."""
    nlp = load_model_from_config(load_config(CONFIG), auto_fill=True)
    folder = tmp_path_factory.mktemp("small_pipeline")
    docs = []
    for i, paragraph in enumerate(INLINE):
        (folder / f"{i}.txt").write_text(paragraph, encoding="utf-8")
        docs.append(to_doc(nlp, read_inline(folder / f"{i}.txt")))
    examples = [Example(nlp.make_doc(doc.text), doc) for doc in docs]
    nlp.initialize(lambda: examples, sgd=Adam())
    optimizer = Adam(0.002)
    for _ in range(60):
        nlp.update(examples, sgd=optimizer)
    nlp.to_disk(folder / "trained")
    finish_pipeline.main(folder / "trained", folder / "finished", version="0.0.0")
    return folder / "finished"


@pytest.fixture(scope="session")
def save_stem_checkpoint():
    """Saves a small encoder that was not trained, with so many transformer layers, into a folder."""
    torch = pytest.importorskip("torch")
    pytest.importorskip("transformers")
    from baogao.encoders.configuration import StemTransformerConfig
    from baogao.encoders.stem_transformer import StemTransformerModel

    def save(folder: Path, layers: int) -> Path:
        torch.manual_seed(0)
        config = StemTransformerConfig(
            ngram_rows=[50, 200],
            embed_width=8,
            stem_width=16,
            dilations=[1, 2],
            hidden_size=32,
            num_hidden_layers=layers,
            num_attention_heads=2,
            intermediate_size=64,
        )
        StemTransformerModel(config).save_pretrained(folder)
        return folder

    return save


@pytest.fixture(scope="session")
def save_bert_checkpoint():
    """Saves a small BERT that was not trained, with this tokenizer, into a folder."""
    torch = pytest.importorskip("torch")
    transformers = pytest.importorskip("transformers")

    def save(folder: Path, tokenizer, positions: int = 512) -> Path:
        torch.manual_seed(0)
        tokenizer.save_pretrained(folder)
        config = transformers.BertConfig(
            vocab_size=len(tokenizer),
            hidden_size=32,
            num_hidden_layers=1,
            num_attention_heads=2,
            intermediate_size=64,
            max_position_embeddings=positions,
        )
        transformers.BertModel(config).save_pretrained(folder)
        return folder

    return save


@pytest.fixture(scope="session")
def unigram_checkpoint(tmp_path_factory, save_bert_checkpoint):
    """Saves a small encoder that was not trained, with a vocabulary in the manner of XLM-R's, into a folder."""
    transformers = pytest.importorskip("transformers")
    tokenizers = pytest.importorskip("tokenizers")

    def save(pieces: list[str]) -> Path:
        """pieces: The first four are the special ones, in XLM-R's order."""
        vocabulary = [(piece, -float(len(pieces) - len(piece))) for piece in pieces]
        tokenizer = tokenizers.Tokenizer(tokenizers.models.Unigram(vocabulary, unk_id=3))
        tokenizer.pre_tokenizer = tokenizers.pre_tokenizers.Metaspace()
        special = dict(zip(("bos_token", "pad_token", "eos_token", "unk_token"), pieces, strict=False))
        fast = transformers.PreTrainedTokenizerFast(tokenizer_object=tokenizer, **special)
        return save_bert_checkpoint(tmp_path_factory.mktemp("unigrams"), fast)

    return save
