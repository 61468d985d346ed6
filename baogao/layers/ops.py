"""Which matrix multiplication our layers run on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from thinc.api import NumpyOps, get_current_ops, use_ops


@contextmanager
def multithreaded_ops() -> Iterator[None]:
    """Layers made in this context multiply matrices with numpy's BLAS, if they run on the CPU.

    It works on all cores, thinc's own (BLIS) on one; a pipeline spends half of its time there.
    """
    if not isinstance(get_current_ops(), NumpyOps):
        yield
        return
    with use_ops("numpy", use_blis=False):
        yield
