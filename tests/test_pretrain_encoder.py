"""Pretraining of the encoder: its data, and runs that are stopped and go on."""

from __future__ import annotations

import json
import lzma

import numpy
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("transformers")
pytest.importorskip("datasets")

import typer  # noqa: E402
from spacy.util import load_config  # noqa: E402

from training import masked_characters, pretrain_encoder, pretraining_data, sm_encoder  # noqa: E402
from training.schedule import warmup_cosine  # noqa: E402

LINE = "全年召開常委會會議7次，聽取和審議專項工作報告18項。"
SILVER = ["召开会议", [[2, "v"], [2, "n"]]]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("text")
    with lzma.open(folder / "b.txt.xz", "wt", encoding="utf-8") as file:
        file.write(f"{LINE}\n\n  {LINE} \n" * 700)
    with lzma.open(folder / "a.txt.xz", "wt", encoding="utf-8") as file:
        file.write("A先来。\n" * 20)
    (folder / "silver.jsonl").write_text("\n".join([json.dumps(SILVER)] * 400), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def rows(folder, tmp_path_factory):
    return pretraining_data.load_rows(folder, tmp_path_factory.mktemp("cache"))


@pytest.fixture
def config(tmp_path):
    config = load_config(pretrain_encoder.CONFIG)
    config["encoder"] = {
        "hidden_size": 16,
        "num_hidden_layers": 1,
        "num_attention_heads": 2,
        "intermediate_size": 16,
    }
    config["training"] |= {"batch_size": 3, "silver_rows": 1, "log_every": 1, "eval_every": 1000}
    config.to_disk(tmp_path / "pretrain.cfg")
    return tmp_path / "pretrain.cfg"


def text_of(rows) -> str:
    codes = numpy.concatenate([row["codes"] for row in rows])
    return codes.astype("uint32").tobytes().decode("utf-32-le")


def test_rows_hold_the_files_in_order_and_in_one_typography(folder, rows):
    text = text_of(rows)
    assert text.startswith("a先来。\na先来。\n")
    assert text.endswith("\n全年召开常委会会议7次,听取和审议专项工作报告18项。")
    assert text == masked_characters.read_text(sorted(folder.glob("*.txt.xz")), None)
    assert {len(codes) for codes in rows[:-1]["codes"]} == {masked_characters.CHUNK}


def test_the_last_hundredth_is_held_out(rows):
    text = text_of(rows)
    train, held_out = pretraining_data.split_held_out(rows)
    assert len(held_out) == len(text) // 100
    assert text.endswith(held_out)
    assert text_of(train) == text[: len(train) * masked_characters.CHUNK]
    assert 0 <= len(text) - len(held_out) - len(train) * masked_characters.CHUNK < masked_characters.CHUNK


def test_text_too_short_to_hold_some_out_is_refused(rows):
    with pytest.raises(ValueError, match="25,600 characters of text are too few"):
        pretraining_data.split_held_out(rows.select(range(100)))


def test_silver_that_does_not_fit_its_text_is_refused(tmp_path):
    lines = [json.dumps(SILVER), json.dumps(["召开", [[3, "v"]]])]
    (tmp_path / "silver.jsonl").write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(ValueError, match=r"silver\.jsonl, line 2"):
        pretraining_data.Silver.read(tmp_path / "silver.jsonl")


def test_rare_characters_are_not_predicted(rows):
    counts = pretraining_data.count_characters(rows)
    assert counts["会"] == 2800  # 会 and 會, twice in each of 1400 lines
    assert counts["来"] == 20
    assert list(counts.values()) == sorted(counts.values(), reverse=True)


def test_a_batch_is_a_function_of_its_step(folder, rows):
    silver = pretraining_data.Silver.read(folder / "silver.jsonl")
    vocabulary = "".join(pretraining_data.count_characters(rows))
    first, second = (pretraining_data.Batches(rows, vocabulary, silver, 4, 2, seed=0) for _ in range(2))
    first(0)
    for name in ("rows", "characters", "tags"):
        assert torch.equal(getattr(first(7), name), getattr(second(7), name))
    assert not torch.equal(first(7).characters, first(8).characters)


def test_silver_rows_have_tags_and_whole_words_masked(folder, rows):
    silver = pretraining_data.Silver.read(folder / "silver.jsonl")
    assert silver.names == ["B-n", "B-v", "I-n", "I-v", "O"]
    batch = pretraining_data.Batches(rows, "召开会议", silver, 5, 2, seed=0)(0)
    assert (batch.tags[:3] == masked_characters.IGNORE).all()
    tags, asked = batch.tags[3:].numpy(), batch.characters[3:].numpy() != masked_characters.IGNORE
    assert (tags >= 0).all()
    assert asked.any()
    begins = numpy.isin(tags, [0, 1])  # B-n and B-v: the second character shares the first one's fate
    assert (asked[:, :-1] == asked[:, 1:])[begins[:, :-1]].all()


def test_words_are_masked_whole_at_the_rate():
    rng = numpy.random.default_rng(0)
    begins = rng.random((40, 256)) < 0.5
    masked = masked_characters.mask_words(rng, begins)
    assert 0.12 < masked.mean() < 0.18
    inside = ~begins[:, 1:]
    assert (masked[:, 1:] == masked[:, :-1])[inside].all()


def test_the_stem_starts_from_thincs_weights(tmp_path):
    weights = sm_encoder.build_encoder()
    (tmp_path / "stem").write_bytes(weights.to_bytes())
    shape = {"hidden_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 16}
    model = pretrain_encoder.build_model(shape, {"的": 30, "会": 10}, ["B-n"], tmp_path / "stem")
    table = next(node for node in weights.walk() if node.name == "hashembed").get_param("E")
    assert (model.encoder.stem.tables[0].weight.detach().numpy() == table).all()
    assert model.characters.bias[1:].exp().tolist() == pytest.approx([0.75, 0.25])


def test_the_learning_rate_rises_then_falls_to_zero():
    assert warmup_cosine(0.0, 0.1) == 0
    assert warmup_cosine(0.05, 0.1) == pytest.approx(0.5)
    assert warmup_cosine(0.1, 0.1) == pytest.approx(1)
    assert warmup_cosine(0.55, 0.1) == pytest.approx(0.5)
    assert warmup_cosine(1.0, 0.1) == pytest.approx(0)


def test_a_stopped_run_goes_on_where_it_was(folder, config, tmp_path):
    out, cache = tmp_path / "out", tmp_path / "cache"
    options = {"silver": folder / "silver.jsonl", "config": config, "cache_dir": cache}
    pretrain_encoder.main(folder, out, minutes=0.03, **options)
    before = [json.loads(line) for line in (out / "losses.jsonl").read_text().splitlines()]
    pretrain_encoder.main(folder, out, minutes=0.06, **options)
    after = [json.loads(line) for line in (out / "losses.jsonl").read_text().splitlines()]
    assert after[: len(before)] == before
    steps = [record["step"] for record in after if "seconds" in record]
    assert steps == list(range(1, len(steps) + 1))
    assert after[-1]["perplexity"] == pytest.approx(numpy.exp(after[-1]["held_out"]), rel=1e-3)
    assert after[-1]["held_out"] < before[-1]["held_out"]
    assert [path.name for path in out.glob("step-*")] == [f"step-{steps[-1]:06d}"]
    assert (out / "losses.png").read_bytes().startswith(b"\x89PNG")
    assert (out / "encoder" / "model.safetensors").exists()


def test_a_checkpoint_holds_the_optimizers_moments(tmp_path):
    settings = load_config(pretrain_encoder.CONFIG)["training"]
    shape = {"hidden_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 16}
    model = pretrain_encoder.build_model(shape, {"的": 30}, ["B-n"], None)
    optimizer = pretrain_encoder.build_optimizer(model, settings)
    rows, labels = torch.randint(0, 5000, (1, 8, 2, 4)), torch.ones((1, 8), dtype=torch.int64)
    model(rows, labels, labels * 0).loss.backward()
    optimizer.step()
    progress = pretrain_encoder.Progress(step=3, seconds=1.5, records=[{"step": 3}])
    (tmp_path / ".step-000002.1.tmp").mkdir()  # by a run that was killed
    for _ in range(2):  # the last one of a run may be there already
        pretrain_encoder.save_checkpoint(tmp_path, model, optimizer, progress)
    assert [path.name for path in tmp_path.iterdir()] == ["step-000003"]
    loaded, loaded_optimizer, loaded_progress = pretrain_encoder.load_checkpoint(
        tmp_path / "step-000003", settings
    )
    assert loaded_progress == progress
    for name, weight in model.state_dict().items():
        assert torch.equal(loaded.state_dict()[name], weight), name
    moments, expected = loaded_optimizer.state_dict()["state"], optimizer.state_dict()["state"]
    assert moments.keys() == expected.keys()
    assert all(torch.equal(moments[i][key], expected[i][key]) for i in expected for key in expected[i])


def test_a_folder_without_text_is_refused(tmp_path):
    with pytest.raises(typer.BadParameter, match="holds no"):
        pretrain_encoder.main(tmp_path, tmp_path / "out")
