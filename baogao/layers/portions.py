"""A layer over the rows of all documents, a portion at a time where nothing is learned.

A report has some ten thousand characters, and a layer's arrays of them are larger than a processor's caches and too
large for the allocator to keep: writing them costs as much as the arithmetic. Portions of them stay in the cache.
"""

from __future__ import annotations

from collections.abc import Callable

from thinc.api import Model
from thinc.types import Floats2d

ROWS = 2048


def with_portions(
    layer: Model[Floats2d, Floats2d], reach: int = 0, rows: int = ROWS
) -> Model[list[Floats2d], list[Floats2d]]:
    """Like thinc's ``with_array`` for lists, with the same result.

    layer: A layer whose output at a row depends on the rows up to ``reach`` before and after it.
    reach: Also the number of zero rows between documents, so that none sees another.
    rows: Rows of a portion. Each is computed with ``reach`` rows more on both sides.
    """
    return Model(
        f"with_portions({layer.name})",
        _forward,
        init=_init,
        layers=[layer],
        attrs={"pad": reach, "rows": rows},
        dims={name: layer.maybe_get_dim(name) for name in layer.dim_names},
    )


def _init(
    model: Model[list[Floats2d], list[Floats2d]],
    X: list[Floats2d] | None = None,
    Y: list[Floats2d] | None = None,
) -> None:
    layer = model.layers[0]
    layer.initialize(
        X=None if X is None else model.ops.flatten(X), Y=None if Y is None else model.ops.flatten(Y)
    )
    for name in layer.dim_names:
        if layer.has_dim(name):
            model.set_dim(name, layer.get_dim(name))


def _forward(
    model: Model[list[Floats2d], list[Floats2d]], Xs: list[Floats2d], is_train: bool
) -> tuple[list[Floats2d], Callable[[list[Floats2d]], list[Floats2d]]]:
    layer, pad = model.layers[0], model.attrs["pad"]
    lengths = model.ops.asarray1i([len(X) for X in Xs])
    X = model.ops.flatten(Xs, pad=pad)
    if is_train:
        Y, backprop_layer = layer(X, is_train)
    else:
        Y, backprop_layer = _predict(layer, X, pad, model.attrs["rows"]), None

    def backprop(dYs: list[Floats2d]) -> list[Floats2d]:
        dX = backprop_layer(model.ops.flatten(dYs, pad=pad))
        return model.ops.unflatten(dX, lengths, pad=pad)

    return model.ops.unflatten(Y, lengths, pad=pad), backprop


def _predict(layer: Model[Floats2d, Floats2d], X: Floats2d, reach: int, rows: int) -> Floats2d:
    if len(X) <= rows + 2 * reach:
        return layer.predict(X)
    portions = []
    for start in range(0, len(X), rows):
        first = max(0, start - reach)
        Y = layer.predict(X[first : start + rows + reach])
        portions.append(Y[start - first : start - first + rows])
    return layer.ops.xp.vstack(portions)
