"""Official text as rows of characters, masked for pretraining. Every batch is a function of seed and step."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy
import torch
from datasets import Dataset, load_dataset
from spacy.strings import hash_string

from baogao.typography import character_norms
from training.masked_characters import (
    CHUNK,
    IGNORE,
    MASK_KEY,
    Corpus,
    batches,
    mask_spans,
    mask_words,
    ngram_rows,
    read_silver,
    stack_rows,
)

MIN_COUNT = 10  # rarer characters are not predicted


def load_rows(folder: Path, cache_dir: Path | None = None) -> Dataset:
    """The ``.txt.xz`` files in alphabetical order as rows of CHUNK code points, in one typography.

    The rows are cached by ``datasets`` and memory-mapped. The last one is shorter. Raises ValueError if the
    folder holds no such files.
    """
    paths = sorted(folder.glob("*.txt.xz"))
    if not paths:
        raise ValueError(f"{folder}: holds no .txt.xz files")
    lines = load_dataset("text", data_files=[str(path) for path in paths], split="train", cache_dir=cache_dir)
    return lines.map(
        _pack,
        batched=True,
        batch_size=None,
        remove_columns=lines.column_names,
        fn_kwargs={"norms": {ord(char): norm for char, norm in character_norms().items()}},
        desc="one typography",
    ).with_format("numpy")


def _pack(batch: dict[str, list[str]], norms: dict[int, str]) -> dict[str, list[numpy.ndarray]]:
    text = "\n".join(line.strip().lower().translate(norms) for line in batch["text"] if line.strip())
    codes = numpy.frombuffer(text.encode("utf-32-le"), dtype="uint32")
    return {"codes": [codes[i : i + CHUNK] for i in range(0, len(codes), CHUNK)]}


def count_characters(rows: Dataset) -> dict[str, int]:
    """The characters that occur at least MIN_COUNT times, most frequent first."""
    counts: Counter[int] = Counter()
    for batch in rows.iter(batch_size=20_000):
        codes, n = numpy.unique(numpy.concatenate(batch["codes"]), return_counts=True)
        counts.update(dict(zip(codes.tolist(), n.tolist(), strict=True)))
    return {chr(code): n for code, n in counts.most_common() if n >= MIN_COUNT}


def split_held_out(rows: Dataset) -> tuple[Dataset, str]:
    """All but the last hundredth of the text, as rows, and that hundredth.

    It is the same hundredth that ``training.pretrain_tok2vec`` holds out. Raises ValueError if it is shorter than
    a row.
    """
    n = CHUNK * (len(rows) - 1) + len(rows[-1]["codes"])
    held_out = n // 100
    if held_out <= CHUNK:
        raise ValueError(
            f"{n:,} characters of text are too few: a hundredth, which is held out, needs more than {CHUNK}"
        )
    n_train = (n - held_out) // CHUNK
    tail = numpy.concatenate([row["codes"] for row in rows.select(range(n_train, len(rows)))])
    return rows.select(range(n_train)), tail[-held_out:].astype("uint32").tobytes().decode("utf-32-le")


@dataclass
class Silver:
    """Tagged text: code points, tag numbers, and where words begin."""

    codes: numpy.ndarray
    tags: numpy.ndarray
    begins: numpy.ndarray
    names: list[str]

    @classmethod
    def read(cls, path: Path) -> Silver:
        """What training.tag_silver wrote. Raises ValueError if it is shorter than a row, or see ``read_silver``."""
        text, tags = read_silver(path)
        if len(text) <= CHUNK:
            raise ValueError(f"{path}: {len(text)} characters are too few, more than {CHUNK} are needed")
        names = sorted(set(tags))
        numbers = {name: i for i, name in enumerate(names)}
        return cls(
            numpy.frombuffer(text.encode("utf-32-le"), dtype="uint32"),
            numpy.array([numbers[tag] for tag in tags]),
            numpy.array([not tag.startswith("I-") for tag in tags]),
            names,
        )


@dataclass
class Batch:
    """rows (batch, CHUNK, n-gram sizes, 4); characters and tags (batch, CHUNK), IGNORE where nothing is asked."""

    rows: torch.Tensor
    characters: torch.Tensor
    tags: torch.Tensor | None


class Batches:
    """Batch number ``step``, the same whenever it is asked for: a resumed run goes on where it was stopped.

    rows: Text as :func:`load_rows` gives it, all of CHUNK characters.
    vocabulary: The characters that are predicted.
    batch_size, silver_rows: Rows of a batch, and how many of them are silver.
    """

    def __init__(
        self,
        rows: Dataset,
        vocabulary: str,
        silver: Silver | None,
        batch_size: int,
        silver_rows: int,
        seed: int,
    ) -> None:
        self.rows, self.silver, self.seed = rows, silver, seed
        self.n_silver = silver_rows if silver else 0
        self.n_text = batch_size - self.n_silver
        # Tables over all code points: a hash and a vocabulary id per character.
        self.ids = numpy.zeros(0x110000, dtype="int64")
        self.ids[[ord(char) for char in vocabulary]] = numpy.arange(1, len(vocabulary) + 1)
        self.keys = numpy.zeros(0x110000, dtype="uint64")
        self._known = numpy.zeros(0x110000, dtype=bool)

    def __call__(self, step: int) -> Batch:
        rng = numpy.random.default_rng([self.seed, step])
        codes = numpy.stack(self.rows[numpy.sort(rng.choice(len(self.rows), self.n_text))]["codes"])
        masked = mask_spans(rng, codes.shape)
        tags = None
        if self.silver:
            starts = rng.integers(0, len(self.silver.codes) - CHUNK, size=self.n_silver)
            index = starts[:, None] + numpy.arange(CHUNK)
            codes = numpy.concatenate([codes, self.silver.codes[index]])
            masked = numpy.concatenate([masked, mask_words(rng, self.silver.begins[index])])
            tags = numpy.full(codes.shape, IGNORE)
            tags[self.n_text :] = self.silver.tags[index]
        hidden = masked & (rng.random(codes.shape) < 0.9)  # a tenth stays readable, as in BERT
        ids = self.ids[codes]
        targets = numpy.where(masked & (ids > 0), ids, IGNORE)
        rows = stack_rows(ngram_rows(numpy.where(hidden, MASK_KEY, self._hash(codes))))
        return Batch(rows, torch.from_numpy(targets), None if tags is None else torch.from_numpy(tags))

    def _hash(self, codes: numpy.ndarray) -> numpy.ndarray:
        for code in numpy.unique(codes[~self._known[codes]]).tolist():
            self.keys[code] = hash_string(chr(code))
            self._known[code] = True
        return self.keys[codes]


def held_out_batches(text: str, vocabulary: str, batch_size: int = 48, n: int = 5) -> list[Batch]:
    """The masked batches that ``training.pretrain_tok2vec`` evaluates on, if the text is the same."""
    corpus = Corpus(text, {char: i for i, char in enumerate(vocabulary, 1)})
    stream = batches(corpus, None, batch_size, seed=1)
    drawn = (next(stream) for _ in range(n))
    return [Batch(stack_rows(rows), targets.view(-1, CHUNK), None) for rows, targets, _ in drawn]
