"""Overlapping windows over long documents, as batches of equal length for an encoder with attention."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy

BATCH_CHARACTERS = 2560  # of a batch, padding included: attention's memory grows with it
_PAD_TO = 32


@dataclass
class WindowBatch:
    """Windows of one padded length, and where their characters' vectors belong.

    inputs (int64, shape (windows, length, …)): Zero where padded.
    mask (bool, shape (windows, length)): False where padded.
    rows, columns, targets (int64, shape (kept,)): The vector at ``[rows, columns]`` of the encoder's output is
        that of character number ``targets``, counted over all documents. Characters that lie in several windows
        are taken from the one in which they are most central, so each is a target of one batch only.
    """

    inputs: numpy.ndarray
    mask: numpy.ndarray
    rows: numpy.ndarray
    columns: numpy.ndarray
    targets: numpy.ndarray


@dataclass
class _Window:
    inputs: numpy.ndarray
    keep: range  # positions in the window
    target: int  # number of the first kept character


def window_starts(length: int, window: int, stride: int) -> list[int]:
    """Starts of windows that cover ``length`` characters; the last one ends with them."""
    if length <= window:
        return [0]
    return [*range(0, length - window, stride), length - window]


def batch_windows(
    inputs: Sequence[numpy.ndarray],
    window: int,
    stride: int,
    begin: int | None = None,
    end: int | None = None,
) -> Iterator[WindowBatch]:
    """Cut each document's inputs into windows and batch those of similar length.

    inputs: Per document, shape (characters, …).
    window: Characters of a window.
    stride: Characters from one window's start to the next one's, between 1 and ``window``.
    begin, end: Inputs that the encoder wants around each window, such as [CLS] and [SEP].

    Raises ValueError, once iterated over, if the stride leaves gaps. No batch is longer than a window with its begin
    and end: padding must not ask for more positions than the encoder has.
    """
    if not 1 <= stride <= window:
        raise ValueError(f"stride must be between 1 and the window ({window}), got {stride}")
    windows: list[_Window] = []
    offset = 0
    for document in inputs:
        if len(document):
            windows += _cut(document, offset, window, stride, begin, end)
        offset += len(document)
    windows.sort(key=lambda w: len(w.inputs))
    longest = window + (begin is not None) + (end is not None)
    first = 0
    while first < len(windows):
        length = _padded(len(windows[first].inputs), longest)
        last = first
        while (
            last < len(windows)
            and _padded(len(windows[last].inputs), longest) == length
            and (last == first or (last - first + 1) * length <= BATCH_CHARACTERS)
        ):
            last += 1
        yield _batch(windows[first:last], length)
        first = last


def _padded(length: int, longest: int) -> int:
    return min(-(-length // _PAD_TO) * _PAD_TO, longest)


def _cut(
    document: numpy.ndarray, offset: int, window: int, stride: int, begin: int | None, end: int | None
) -> list[_Window]:
    starts = window_starts(len(document), window, stride)
    # In the middle of the overlap of two windows, a character is as far from either one's edge.
    seams = [(start + window + following) // 2 for start, following in pairwise(starts)]
    bounds = list(pairwise([0, *seams, len(document)]))
    before = [] if begin is None else [numpy.array([begin], dtype=document.dtype)]
    after = [] if end is None else [numpy.array([end], dtype=document.dtype)]
    return [
        _Window(
            numpy.concatenate([*before, document[start : start + window], *after]),
            range(kept_from - start + len(before), kept_to - start + len(before)),
            offset + kept_from,
        )
        for start, (kept_from, kept_to) in zip(starts, bounds, strict=True)
    ]


def _batch(windows: list[_Window], length: int) -> WindowBatch:
    shape = windows[0].inputs.shape[1:]
    inputs = numpy.zeros((len(windows), length, *shape), dtype="int64")
    mask = numpy.zeros((len(windows), length), dtype=bool)
    for row, window in enumerate(windows):
        inputs[row, : len(window.inputs)] = window.inputs
        mask[row, : len(window.inputs)] = True
    counts = [len(window.keep) for window in windows]
    return WindowBatch(
        inputs,
        mask,
        rows=numpy.repeat(numpy.arange(len(windows)), counts),
        columns=numpy.concatenate([numpy.asarray(window.keep) for window in windows]),
        targets=numpy.concatenate(
            [
                numpy.arange(window.target, window.target + n)
                for window, n in zip(windows, counts, strict=True)
            ]
        ),
    )
