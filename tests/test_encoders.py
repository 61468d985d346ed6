"""The encoder in torch: its stem is zh_baogao_sm's, and its checkpoints are those of transformers."""

from __future__ import annotations

import numpy
import pytest
import spacy
from numpy.testing import assert_allclose

torch = pytest.importorskip("torch")
transformers = pytest.importorskip("transformers")

from baogao.encoders.configuration import StemTransformerConfig  # noqa: E402
from baogao.encoders.stem import ConvolutionalStem  # noqa: E402
from baogao.encoders.stem_transformer import (  # noqa: E402
    IGNORE,
    StemTransformerForPreTraining,
    StemTransformerModel,
    rotary_tables,
    rotate,
)
from baogao.layers.character_inputs import HashInputs, doc_characters  # noqa: E402
from training import sm_encoder  # noqa: E402

TEXT = "全年召开常委会会议7次，听取和审议专项工作报告18项。" * 4


@pytest.fixture(scope="module")
def nlp():
    return spacy.blank("zh")


def rows_of(doc) -> torch.Tensor:
    keys, _ = doc_characters(doc)
    return torch.from_numpy(HashInputs(sm_encoder.SIZES, sm_encoder.ROWS)(keys, doc.vocab.strings))[None]


def create_stem() -> ConvolutionalStem:
    return ConvolutionalStem(
        sm_encoder.ROWS,
        sm_encoder.EMBED_WIDTH,
        sm_encoder.WIDTH,
        sm_encoder.MAXOUT_PIECES,
        sm_encoder.DILATIONS,
    )


def tiny_config(**settings) -> StemTransformerConfig:
    return StemTransformerConfig(
        **{
            "ngram_rows": [50, 200],
            "embed_width": 8,
            "stem_width": 16,
            "dilations": [1, 2],
            "hidden_size": 32,
            "num_attention_heads": 2,
            "intermediate_size": 64,
        }
        | settings
    )


def test_the_stem_with_thincs_weights_gives_thincs_vectors(nlp):
    doc = nlp(TEXT)
    model = sm_encoder.build_encoder()
    for node in model.walk():  # thinc begins with biases of zero
        for name in node.param_names:
            if node.has_param(name) and name == "b":
                node.set_param(name, numpy.random.default_rng(0).normal(size=node.get_param(name).shape))
    stem = create_stem()
    stem.from_thinc(model)
    with torch.no_grad():
        found = stem(rows_of(doc))[0].numpy()
    inner = slice(sum(sm_encoder.DILATIONS), -sum(sm_encoder.DILATIONS))  # at the ends the padding differs
    assert_allclose(found[inner], model.predict([doc])[0][inner], atol=1e-3)


def test_the_stems_weights_survive_the_way_to_thinc_and_back():
    first, second, model = create_stem(), create_stem(), sm_encoder.build_encoder()
    first.to_thinc(model)
    second.from_thinc(model)
    for name, weight in first.state_dict().items():
        assert torch.equal(second.state_dict()[name], weight), name


def test_weights_of_another_shape_are_refused():
    stem = ConvolutionalStem(sm_encoder.ROWS, 8, 16, sm_encoder.MAXOUT_PIECES, sm_encoder.DILATIONS)
    with pytest.raises(ValueError, match="shape"):
        stem.from_thinc(sm_encoder.build_encoder())


def test_padding_does_not_change_vectors():
    model = StemTransformerModel(tiny_config()).eval()
    rows = torch.randint(0, 50, (1, 20, 2, 4))
    padded = torch.cat([rows, torch.randint(0, 50, (1, 12, 2, 4))], dim=1)
    mask = torch.arange(32)[None] < 20
    with torch.no_grad():
        expected = model(rows).last_hidden_state
        found = model(padded, attention_mask=mask).last_hidden_state[:, :20]
    assert_allclose(found.numpy(), expected.numpy(), atol=1e-5)


def test_the_encoder_stays_on_its_device():
    model = StemTransformerModel(tiny_config()).to("meta")  # no GPU is needed to see a tensor left on the CPU
    rows = torch.zeros((2, 6, 2, 4), dtype=torch.int64, device="meta")
    mask = torch.ones((2, 6), dtype=torch.bool, device="meta")
    assert model(rows, attention_mask=mask).last_hidden_state.device.type == "meta"


def test_rotated_products_depend_on_the_distance_alone():
    query, key = torch.randn(8), torch.randn(8)
    tables = rotary_tables(30, 8, 10_000.0)
    products = rotate(query.expand(30, 8), *tables) @ rotate(key.expand(30, 8), *tables).T
    for distance in (0, 3, 17):
        diagonal = products.diagonal(distance)
        assert_allclose(diagonal.numpy(), diagonal[0].expand_as(diagonal).numpy(), atol=1e-5)
    assert (products[0, 0] - products[0, 17]).abs() > 1e-4


def test_the_transformer_adds_little_before_it_is_trained():
    torch.manual_seed(0)
    deep = StemTransformerModel(tiny_config(num_hidden_layers=3)).eval()
    shallow = StemTransformerModel(tiny_config(num_hidden_layers=0)).eval()
    shallow.load_state_dict(deep.state_dict(), strict=False)
    rows = torch.randint(0, 50, (2, 40, 2, 4))
    with torch.no_grad():
        expected, found = shallow(rows).last_hidden_state, deep(rows).last_hidden_state
    assert torch.nn.functional.cosine_similarity(found, expected, dim=-1).min() > 0.9


def test_a_checkpoint_loads_through_automodel(tmp_path):
    model = StemTransformerModel(tiny_config(vocabulary="报告", tags=["B-n"])).eval()
    model.save_pretrained(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["config.json", "model.safetensors"]
    loaded = transformers.AutoModel.from_pretrained(tmp_path)
    assert isinstance(loaded, StemTransformerModel)
    assert (loaded.config.vocabulary, loaded.config.tags) == ("报告", ["B-n"])
    rows = torch.randint(0, 50, (1, 20, 2, 4))
    with torch.no_grad():
        assert torch.equal(loaded(rows).last_hidden_state, model(rows).last_hidden_state)


def test_the_loss_counts_labelled_positions_only():
    model = StemTransformerForPreTraining(tiny_config(vocabulary="全年报告", tags=["B-n", "I-n"])).eval()
    rows = torch.randint(0, 50, (1, 6, 2, 4))
    characters = torch.tensor([[1, IGNORE, 4, IGNORE, IGNORE, IGNORE]])
    tags = torch.tensor([[0, 1, 0, 1, IGNORE, IGNORE]])
    with torch.no_grad():
        output = model(rows, characters, tags)
        vectors = model.encoder(rows).last_hidden_state[0]
        expected = -model.characters(vectors).log_softmax(-1)[[0, 2], [1, 4]].mean()
        expected_tags = -model.tags(vectors).log_softmax(-1)[range(4), [0, 1, 0, 1]].mean()
    assert output.character_loss.item() == pytest.approx(expected.item(), rel=1e-5)
    assert output.tag_loss.item() == pytest.approx(expected_tags.item(), rel=1e-5)
    assert output.loss.item() == pytest.approx((expected + expected_tags).item(), rel=1e-5)
    with torch.no_grad():
        assert model(rows, characters).tag_loss.item() == 0
