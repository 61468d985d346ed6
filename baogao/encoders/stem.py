"""zh_baogao_sm's convolutional encoder in torch, and its exchange of weights with thinc."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence

import numpy
import torch
import torch.nn.functional as F
from thinc.api import Model
from torch import nn


class MaxoutNorm(nn.Module):
    """thinc's ``Maxout(normalize=True)``: weights (nO, nP, nI), then a layer norm."""

    def __init__(self, n_in: int, n_out: int, pieces: int) -> None:
        super().__init__()
        self.linear = nn.Linear(n_in, n_out * pieces)
        self.norm = nn.LayerNorm(n_out, eps=1e-8)
        self.dropout = nn.Dropout(0.0)  # set by what trains the encoder
        self.shape = (pieces, n_out)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        # Pieces apart, not interleaved as in thinc, and max(a, b) as a + relu(b - a): several times faster.
        pieces = self.linear(x).split(self.shape[1], dim=-1)
        return self.dropout(self.norm(functools.reduce(lambda a, b: a + F.relu(b - a), pieces)))

    def to_thinc(self, maxout: Model, norm: Model) -> None:
        """Set the weights of thinc's maxout and layer norm."""
        weight, bias = self.linear.weight.detach().numpy(), self.linear.bias.detach().numpy()
        maxout.set_param("W", weight.reshape(*self.shape, -1).swapaxes(0, 1).copy())
        maxout.set_param("b", bias.reshape(self.shape).T.copy())
        norm.set_param("G", self.norm.weight.detach().numpy().copy())
        norm.set_param("b", self.norm.bias.detach().numpy().copy())

    def from_thinc(self, maxout: Model, norm: Model) -> None:
        """Take the weights of thinc's maxout and layer norm. Raises ValueError if the shapes differ."""
        weight, bias = maxout.get_param("W"), maxout.get_param("b")
        _copy(self.linear.weight, weight.swapaxes(0, 1).reshape(-1, weight.shape[-1]))
        _copy(self.linear.bias, bias.T.reshape(-1))
        _copy(self.norm.weight, norm.get_param("G"))
        _copy(self.norm.bias, norm.get_param("b"))


def _copy(parameter: nn.Parameter, values: numpy.ndarray) -> None:
    if tuple(parameter.shape) != values.shape:
        raise ValueError(f"weights of shape {values.shape} for a parameter of shape {tuple(parameter.shape)}")
    with torch.no_grad():
        parameter.copy_(torch.from_numpy(values.copy()))


class ConvolutionalStem(nn.Module):
    """``baogao.CharNgramEmbed.v1`` and ``baogao.DilatedMaxoutEncoder.v1``: rows of hash tables to vectors.

    n_rows: Rows of each n-gram length's table. The other arguments are those of the two architectures.
    """

    def __init__(
        self,
        n_rows: Sequence[int],
        embed_width: int,
        width: int,
        maxout_pieces: int,
        dilations: Sequence[int],
    ) -> None:
        super().__init__()
        self.tables = nn.ModuleList(nn.Embedding(n, embed_width) for n in n_rows)
        for table in self.tables:
            nn.init.uniform_(table.weight, -0.1, 0.1)
        self.mix = MaxoutNorm(embed_width * len(n_rows), width, maxout_pieces)
        self.dilations = tuple(dilations)
        self.convolutions = nn.ModuleList(MaxoutNorm(3 * width, width, maxout_pieces) for _ in self.dilations)

    def forward(self, rows: torch.Tensor, mask: torch.Tensor | None = None) -> torch.Tensor:
        """Vectors of characters.

        rows (int64, shape (batch, length, tables, 4)): See :func:`baogao.layers.character_inputs.hash_rows`.
        mask (bool, shape (batch, length)): False where a sequence is padded.
        RETURNS (shape (batch, length, width)).
        """
        keep = None if mask is None else mask.unsqueeze(-1)
        # Indexing, not nn.EmbeddingBag, which ONNX would express as a loop over characters.
        embedded = [table(rows[:, :, i]).sum(dim=2) for i, table in enumerate(self.tables)]
        x = self.mix(torch.cat(embedded, dim=-1))
        if keep is not None:
            x = x * keep
        for dilation, convolution in zip(self.dilations, self.convolutions, strict=True):
            padded = F.pad(x, (0, 0, dilation, dilation))
            window = torch.cat([padded[:, : -2 * dilation], x, padded[:, 2 * dilation :]], dim=-1)
            x = x + convolution(window)
            if keep is not None:  # what lies past the end is zero for the next convolution, too
                x = x * keep
        return x

    def to_thinc(self, model: Model) -> None:
        """Set the weights of a thinc model with the same layers. Raises ValueError if the shapes differ."""
        for table, node in zip(self.tables, _nodes(model, "hashembed"), strict=True):
            node.set_param("E", table.weight.detach().numpy().copy())
        for layer, maxout, norm in self._maxouts(model):
            layer.to_thinc(maxout, norm)

    def from_thinc(self, model: Model) -> None:
        """Take the weights of a thinc model with the same layers. Raises ValueError if the shapes differ."""
        for table, node in zip(self.tables, _nodes(model, "hashembed"), strict=True):
            _copy(table.weight, node.get_param("E"))
        for layer, maxout, norm in self._maxouts(model):
            layer.from_thinc(maxout, norm)

    def _maxouts(self, model: Model) -> Iterator[tuple[MaxoutNorm, Model, Model]]:
        layers = [self.mix, *self.convolutions]
        return zip(layers, _nodes(model, "maxout"), _nodes(model, "layernorm"), strict=True)


def _nodes(model: Model, name: str) -> list[Model]:
    return [node for node in model.walk() if node.name == name]
