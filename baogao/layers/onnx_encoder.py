"""A trained encoder in ONNX as a thinc layer: spaCy, numpy and onnxruntime are all it needs.

One that reads pieces of words needs tokenizers, too.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy
import srsly
from onnxruntime import InferenceSession, SessionOptions
from spacy.tokens import Doc
from spacy.util import registry
from thinc.api import Model
from thinc.shims import Shim
from thinc.types import Floats2d

from .character_inputs import CharacterInputs, inputs_from_dict, inputs_to_dict, read_docs
from .pooling import pool_tokens
from .windows import batch_windows

TokenVectors = list[Floats2d]


class OnnxShim(Shim):
    """An ONNX model, given as bytes, with what turns characters into its inputs.

    threads: Threads of one operation; 0 means one per core.
    """

    def __init__(self, threads: int) -> None:
        super().__init__(None)
        self.threads = threads
        self.inputs: CharacterInputs | None = None
        self._session: InferenceSession | None = None

    def set_model(self, model: bytes, inputs: CharacterInputs) -> None:
        """model: As ``training.export_onnx`` makes it: ``inputs`` and ``mask`` in, ``vectors`` out."""
        options = SessionOptions()
        options.intra_op_num_threads = self.threads
        self._model, self.inputs = model, inputs
        self._session = InferenceSession(model, options, providers=["CPUExecutionProvider"])

    @property
    def model(self) -> bytes:
        return self._model

    @property
    def width(self) -> int:
        return self._session.get_outputs()[0].shape[-1]

    def copy(self) -> OnnxShim:
        """A shim with a session of its own: sessions cannot be copied."""
        shim = OnnxShim(self.threads)
        if self.inputs is not None:
            shim.set_model(self._model, self.inputs)
        return shim

    def __call__(
        self, inputs: dict[str, numpy.ndarray], is_train: bool
    ) -> tuple[numpy.ndarray, Callable[[Any], None]]:
        (vectors,) = self._session.run(["vectors"], inputs)
        return vectors, lambda d_vectors: None

    def finish_update(self, optimizer: Any) -> None:
        pass  # there is nothing to train

    def to_bytes(self) -> bytes:
        return srsly.msgpack_dumps({"model": self._model, "inputs": inputs_to_dict(self.inputs)})

    def from_bytes(self, bytes_data: bytes) -> OnnxShim:
        content = srsly.msgpack_loads(bytes_data)
        self.set_model(content["model"], inputs_from_dict(content["inputs"]))
        return self


@registry.architectures("baogao.OnnxEncoder.v1")
def OnnxEncoder(window: int = 254, stride: int = 126, threads: int = 0) -> Model[list[Doc], TokenVectors]:
    """Vectors of tokens from an exported ``baogao.CharTransformer.v1``; it is not trained any further.

    window, stride: As in ``baogao.CharTransformer.v1``.
    threads: Threads of one operation; 0 means one per core.
    """
    return Model(
        "onnx_encoder",
        _forward,
        init=_init,
        shims=[OnnxShim(threads)],
        dims={"nO": None},
        attrs={"window": window, "stride": stride},
    )


def _init(
    model: Model[list[Doc], TokenVectors], X: list[Doc] | None = None, Y: TokenVectors | None = None
) -> None:
    if model.shims[0].inputs is None:
        raise ValueError(
            "baogao.OnnxEncoder.v1 holds a trained encoder: export one with training.export_onnx"
        )
    model.set_dim("nO", model.shims[0].width)


def _forward(
    model: Model[list[Doc], TokenVectors], docs: list[Doc], is_train: bool
) -> tuple[TokenVectors, Callable[[TokenVectors], list]]:
    shim: OnnxShim = model.shims[0]
    if shim.inputs is None:
        raise ValueError("the encoder is not loaded")
    units, unit_of, lengths = read_docs(docs, shim.inputs)
    vectors = model.ops.alloc2f(sum(map(len, units)), model.get_dim("nO"))
    for batch in batch_windows(
        units, model.attrs["window"], model.attrs["stride"], shim.inputs.begin, shim.inputs.end
    ):
        outputs, _ = shim({"inputs": batch.inputs, "mask": batch.mask}, is_train)
        vectors[batch.targets] = model.ops.asarray2f(outputs[batch.rows, batch.columns])
    means, _ = pool_tokens(model.ops, vectors, unit_of, lengths)
    return model.ops.unflatten(means, [len(doc) for doc in docs]), lambda d_tokens: []
