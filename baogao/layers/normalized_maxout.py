"""Maxout with layer normalisation and dropout, as thinc's, faster where nothing is learned.

thinc's layer norm goes over its input eight times, which took a twelfth of a pipeline's time.
"""

from __future__ import annotations

from collections.abc import Callable

from thinc.api import Maxout, Model, NumpyOps
from thinc.layers import layernorm
from thinc.types import Floats2d

_EPSILON = 1e-8  # thinc's


def NormalizedMaxout(nO: int | None, nI: int | None, nP: int) -> Model[Floats2d, Floats2d]:
    """``Maxout(nO, nI, nP, normalize=True, dropout=0.0)``: the same nodes, so that either reads what the other wrote.

    The rate of dropout is set from outside, by spaCy's training.
    """
    model = Maxout(nO=nO, nI=nI, nP=nP, normalize=True, dropout=0.0)
    for node in list(model.walk()):
        if node.name == "layernorm":
            model.replace_node(node, _layer_norm(node.maybe_get_dim("nI")))
    return model


def _layer_norm(nI: int | None) -> Model[Floats2d, Floats2d]:
    return Model(
        "layernorm", _forward, init=layernorm.init, dims={"nI": nI, "nO": nI}, params={"G": None, "b": None}
    )


def _forward(
    model: Model[Floats2d, Floats2d], X: Floats2d, is_train: bool
) -> tuple[Floats2d, Callable[[Floats2d], Floats2d]]:
    if is_train or not isinstance(model.ops, NumpyOps):
        return layernorm.forward(model, X, is_train)
    xp = model.ops.xp
    Y = X - X.mean(axis=1, keepdims=True)
    variances = xp.einsum("ij,ij->i", Y, Y) / Y.shape[1]
    Y *= ((variances + _EPSILON) ** -0.5)[:, None]
    Y *= model.get_param("G")
    Y += model.get_param("b")

    def backprop(dY: Floats2d) -> Floats2d:
        raise ValueError("nothing can be learned from a prediction")

    return Y, backprop
