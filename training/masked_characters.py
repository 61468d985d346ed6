"""Masked characters: text and silver as batches for pretraining."""

from __future__ import annotations

import json
import lzma
from collections.abc import Iterator
from pathlib import Path

import numpy
import torch
from spacy.strings import hash_string

from baogao.layers.char_ngrams import ngram_keys
from baogao.layers.character_inputs import hash_rows
from baogao.typography import character_norms
from training.sm_encoder import ROWS, SIZES

CHUNK = 256  # characters per row of a batch
MASK_RATE = 0.15
MASK_KEY = numpy.uint64(hash_string("[MASK]"))
IGNORE = -100  # target of positions where nothing is asked


def read_text(paths: list[Path], max_characters: int | None) -> str:
    """Paragraphs of the ``.txt.xz`` files, one per line, in one typography."""
    norms = str.maketrans(character_norms())
    parts, n = [], 0
    for path in paths:
        with lzma.open(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                if line := line.strip():
                    parts.append(line.lower().translate(norms))
                    n += len(line) + 1
                    if max_characters and n >= max_characters:
                        return "\n".join(parts)
    return "\n".join(parts)


def read_silver(path: Path) -> tuple[str, list[str]]:
    """Text and one ``B-tag``/``I-tag`` per character from JSON lines ``[text, [[length, tag], …]]``.

    Raises ValueError if a line's words are not as long as its text: all later tags would be shifted.
    """
    norms = str.maketrans(character_norms())
    parts, tags = [], []
    for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
        text, words = json.loads(line)
        parts.append(text.lower().translate(norms))
        if sum(length for length, _ in words) != len(parts[-1]):
            raise ValueError(f"{path}, line {number}: the lengths of the words do not add up to the text's")
        for length, tag in words:
            tags += [f"B-{tag}"] + [f"I-{tag}"] * (length - 1)
        tags.append("O")  # the line break
    return "\n".join(parts), tags[:-1]


class Corpus:
    """Characters as vocabulary ids and as the hashes that spaCy's NORM attribute would give."""

    def __init__(self, text: str, vocabulary: dict[str, int], tags: numpy.ndarray | None = None) -> None:
        codes = numpy.frombuffer(text.encode("utf-32-le"), dtype="uint32")
        distinct, inverse = numpy.unique(codes, return_inverse=True)
        chars = [chr(code) for code in distinct]
        self.ids = numpy.array([vocabulary.get(c, 0) for c in chars], dtype="int64")[inverse]
        self.keys = numpy.array([hash_string(c) for c in chars], dtype="uint64")[inverse]
        self.tags = tags

    def sample(self, rng: numpy.random.Generator, n: int) -> tuple[numpy.ndarray, ...]:
        """Ids, keys and tags of n rows from random places, each of shape (n, CHUNK)."""
        starts = rng.integers(0, len(self.ids) - CHUNK, size=n)
        index = starts[:, None] + numpy.arange(CHUNK)
        tags = numpy.full(index.shape, IGNORE) if self.tags is None else self.tags[index]
        return self.ids[index], self.keys[index], tags


def mask_spans(rng: numpy.random.Generator, shape: tuple[int, int]) -> numpy.ndarray:
    """Boolean mask of about ``MASK_RATE`` of the positions, in spans of one to four characters."""
    lengths = rng.choice([1, 2, 3, 4], p=[0.3, 0.4, 0.15, 0.15], size=shape)
    starts = rng.random(shape) < MASK_RATE / lengths.mean()
    masked = numpy.zeros(shape, dtype=bool)
    for offset in range(4):
        covers = starts & (lengths > offset)
        masked[:, offset:] |= covers[:, : shape[1] - offset]
    return masked


def mask_words(rng: numpy.random.Generator, begins: numpy.ndarray) -> numpy.ndarray:
    """Boolean mask of about ``MASK_RATE`` of the positions, in whole words.

    begins (bool, shape (rows, length)): Where words begin.
    """
    words = begins.cumsum(axis=1)
    chosen = rng.random((len(begins), begins.shape[1] + 1)) < MASK_RATE
    return numpy.take_along_axis(chosen, words, axis=1)


def ngram_rows(keys: numpy.ndarray) -> list[torch.Tensor]:
    """Rows of each hash table, as thinc's ``HashEmbed`` computes them: (batch * CHUNK, 4) per n-gram size."""
    grams = numpy.concatenate([ngram_keys(row, SIZES) for row in keys])
    return list(torch.from_numpy(hash_rows(grams, ROWS)).unbind(dim=1))


def stack_rows(rows: list[torch.Tensor]) -> torch.Tensor:
    """The rows of :func:`ngram_rows` as the encoders in torch take them: (batch, CHUNK, n-gram sizes, 4)."""
    return torch.stack([table.view(-1, CHUNK, 4) for table in rows], dim=2)


def batches(text: Corpus, silver: Corpus | None, n: int, seed: int) -> Iterator[tuple[torch.Tensor, ...]]:
    """Masked batches of n rows, a third of them silver, without end.

    YIELDS: The rows of :func:`ngram_rows`, and the vocabulary ids asked for and the tags, each of shape
        (n * CHUNK,) and IGNORE where there is none.
    """
    rng = numpy.random.default_rng(seed)
    n_silver = n // 3 if silver else 0
    while True:
        parts = [text.sample(rng, n - n_silver)]
        if silver:
            parts.append(silver.sample(rng, n_silver))
        ids, keys, tags = (numpy.concatenate(arrays) for arrays in zip(*parts, strict=True))
        masked = mask_spans(rng, ids.shape)
        hidden = masked & (rng.random(ids.shape) < 0.9)  # a tenth stays readable, as in BERT
        targets = numpy.where(masked & (ids > 0), ids, IGNORE)
        rows = ngram_rows(numpy.where(hidden, MASK_KEY, keys))
        yield rows, torch.from_numpy(targets.reshape(-1)), torch.from_numpy(tags.reshape(-1))
