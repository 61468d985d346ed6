"""A convolutional encoder that sees further than a few characters.

Stacked dilated convolutions after Strubell et al. (2017), "Fast and Accurate Entity Recognition with Iterated
Dilated Convolutions", with the maxout, layer norm and residual connections of spaCy's ``MaxoutWindowEncoder``.
"""

from __future__ import annotations

from collections.abc import Callable

from spacy.util import registry
from thinc.api import Model, chain, residual
from thinc.types import Floats2d

from .normalized_maxout import NormalizedMaxout
from .ops import multithreaded_ops
from .portions import with_portions


def dilated_window(dilation: int) -> Model[Floats2d, Floats2d]:
    """Concatenate each row with the rows ``dilation`` before and after it (zeros past the ends).

    Input (n, width), output (n, 3 * width), in the order before, centre, after.
    """
    return Model("dilated_window", _dilated_window_forward, attrs={"dilation": dilation})


def _dilated_window_forward(
    model: Model[Floats2d, Floats2d], X: Floats2d, is_train: bool
) -> tuple[Floats2d, Callable[[Floats2d], Floats2d]]:
    d, (n, width) = model.attrs["dilation"], X.shape
    Y = model.ops.xp.empty((n, 3 * width), dtype=X.dtype)
    Y[:d, :width] = 0.0
    Y[d:, :width] = X[:-d]
    Y[:, width : 2 * width] = X
    Y[:-d, 2 * width :] = X[d:]
    Y[-d:, 2 * width :] = 0.0

    def backprop(dY: Floats2d) -> Floats2d:
        dX = model.ops.as_contig(dY[:, width : 2 * width])
        dX[:-d] += dY[d:, :width]
        dX[d:] += dY[:-d, 2 * width :]
        return dX

    return Y, backprop


def dilated_convolution(width: int, dilation: int, maxout_pieces: int) -> Model[Floats2d, Floats2d]:
    """A residual convolution over three positions, ``dilation`` apart."""
    maxout = NormalizedMaxout(width, 3 * width, maxout_pieces)
    return residual(chain(dilated_window(dilation), maxout))


@registry.architectures("baogao.DilatedMaxoutEncoder.v1")
def DilatedMaxoutEncoder(
    width: int, dilations: list[int], maxout_pieces: int = 2
) -> Model[list[Floats2d], list[Floats2d]]:
    """One residual convolution over three positions per dilation.

    width: Size of the input and output vectors.
    dilations: Distance, in tokens, that each layer reaches to both sides. Their sum is the receptive field.
    maxout_pieces: Pieces of each maxout activation.
    """
    with multithreaded_ops():
        layers = [dilated_convolution(width, dilation, maxout_pieces) for dilation in dilations]
    encoder = chain(*layers) if len(layers) > 1 else layers[0]
    encoder.set_dim("nO", width)
    # Zero rows between documents keep a batch's documents from seeing each other.
    return with_portions(encoder, reach=sum(dilations))
