"""A pretrained encoder in torch as a thinc layer. Needs the extra ``trf``."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import torch
from spacy.tokens import Doc
from spacy.util import registry
from thinc.api import ArgsKwargs, Model, Optimizer, PyTorchShim, torch2xp, xp2torch
from thinc.types import Floats2d
from thinc.util import get_torch_default_device

from ..encoders.character_encoder import CharacterEncoder
from .character_inputs import read_docs
from .pooling import pool_tokens
from .windows import batch_windows

TokenVectors = list[Floats2d]


class EncoderShim(PyTorchShim):
    """thinc's shim of a :class:`CharacterEncoder`: serialised without pickle, with a learning rate of its own.

    learn_rate_factor: The optimizer's learning rate is multiplied by it. Scaling gradients instead, as is often
        done, has no effect with Adam, which divides by their size.
    """

    def __init__(self, learn_rate_factor: float) -> None:
        super().__init__(
            None,
            # Nothing, as long as it is not initialised.
            serialize_model=lambda encoder: encoder.to_bytes() if encoder else b"",
            deserialize_model=lambda _, data, device: (
                CharacterEncoder.from_bytes(data, device) if data else None
            ),
        )
        self.learn_rate_factor = learn_rate_factor

    @property
    def encoder(self) -> CharacterEncoder | None:
        """None until the model is initialised or loaded."""
        return self._model

    @encoder.setter
    def encoder(self, encoder: CharacterEncoder) -> None:
        self._model = encoder

    @property
    def device(self) -> torch.device:
        return get_torch_default_device() if self.encoder is None else super().device

    def finish_update(self, optimizer: Optimizer) -> None:
        super().finish_update(partial(optimizer, lr_scale=self.learn_rate_factor))


@registry.architectures("baogao.CharTransformer.v1")
def CharTransformer(
    name: str | Path | None,
    window: int = 254,
    stride: int = 126,
    learn_rate_factor: float = 1.0,
    dropout: float = 0.1,
    freeze: bool = False,
    subwords: bool = False,
    frozen_layers: int = 0,
    mixed_precision: bool = False,
) -> Model[list[Doc], TokenVectors]:
    """Vectors of tokens from an encoder of ``transformers`` that reads characters.

    The checkpoint is read when the model is initialised for training. A saved pipeline holds the encoder and does
    not ask for it again.

    name: Folder of a checkpoint or its name on the Hugging Face Hub: ``baogao-stem`` as training.pretrain_encoder
        writes it, any encoder with a BERT-style vocabulary, or any with a fast tokenizer (``subwords``).
    window: Characters (pieces with ``subwords``) that the encoder sees at once, without its special pieces.
    stride: From one window's start to the next one's, where a document is longer than one.
    learn_rate_factor: Multiplies the optimizer's learning rate.
    dropout: Rate of all of the encoder's dropout.
    freeze: Leave the encoder's weights as they are.
    subwords: Let the checkpoint's own tokenizer cut the characters' norms into pieces, a character having the vector
        of its piece, instead of a piece for each character: for vocabularies of words, such as XLM-R's.
    frozen_layers: Only the layers above so many of the lowest learn: of a deep encoder, the upper ones may be
        enough, in less time.
    mixed_precision: While training, compute in bfloat16 where torch holds that to be safe (``torch.autocast``): twice
        as fast on processors with AMX. Weights, gradients and predictions remain in float32.
    Output: for each document (n_tokens, width); a token of several characters has the mean of their vectors.

    Initialising raises ValueError if there is no name, if the checkpoint cannot be read, if it has fewer layers than
    are to be frozen, or if the window is longer than it allows.
    """
    return Model(
        "char_transformer",
        _forward,
        init=partial(_init, name=name, subwords=subwords),
        shims=[EncoderShim(learn_rate_factor)],
        dims={"nO": None},
        attrs={
            "window": window,
            "stride": stride,
            "dropout": dropout,
            "freeze": freeze,
            "frozen_layers": frozen_layers,
            "mixed_precision": mixed_precision,
        },
    )


def _init(
    model: Model[list[Doc], TokenVectors],
    X: list[Doc] | None = None,
    Y: TokenVectors | None = None,
    *,
    name: str | Path | None,
    subwords: bool,
) -> None:
    shim: EncoderShim = model.shims[0]
    if shim.encoder is None:
        if name is None:
            raise ValueError("baogao.CharTransformer.v1 needs the name or folder of a checkpoint")
        shim.encoder = CharacterEncoder.from_pretrained(name, subwords=subwords).to(shim.device)
    shim.encoder.freeze_layers(model.attrs["frozen_layers"])
    limit = shim.encoder.max_window
    if limit is not None and model.attrs["window"] > limit:
        raise ValueError(f"a window of {model.attrs['window']}: the encoder sees at most {limit}")
    model.set_dim("nO", shim.encoder.width)


def _forward(
    model: Model[list[Doc], TokenVectors], docs: list[Doc], is_train: bool
) -> tuple[TokenVectors, Callable[[TokenVectors], list]]:
    shim: EncoderShim = model.shims[0]
    encoder, ops = shim.encoder, model.ops
    if encoder is None:
        raise ValueError("the encoder is neither initialised nor loaded")
    learns = is_train and not model.attrs["freeze"]
    rounds = learns and model.attrs["mixed_precision"]
    encoder.set_dropout(model.attrs["dropout"])
    if learns:
        encoder.freeze_layers(model.attrs["frozen_layers"])
    units, unit_of, lengths = read_docs(docs, encoder.inputs)
    vectors = ops.alloc2f(sum(map(len, units)), encoder.width)
    backward = []
    for batch in batch_windows(
        units, model.attrs["window"], model.attrs["stride"], encoder.inputs.begin, encoder.inputs.end
    ):
        arguments = [torch.from_numpy(array).to(shim.device) for array in (batch.inputs, batch.mask)]
        with torch.autocast(shim.device.type, torch.bfloat16, enabled=rounds):
            outputs, backprop = shim(ArgsKwargs(args=tuple(arguments), kwargs={}), learns)
        vectors[batch.targets] = torch2xp(outputs)[batch.rows, batch.columns]
        if learns:
            backward.append((batch, outputs, backprop))
    means, backprop_pool = pool_tokens(ops, vectors, unit_of, lengths)

    def backprop_windows(d_tokens: TokenVectors) -> list:
        d_vectors = backprop_pool(ops.flatten(d_tokens))
        for batch, outputs, backprop in backward:
            d_outputs = ops.alloc3f(*outputs.shape)
            d_outputs[batch.rows, batch.columns] = d_vectors[batch.targets]
            backprop(
                ArgsKwargs(
                    args=((outputs,),), kwargs={"grad_tensors": (xp2torch(d_outputs, device=shim.device),)}
                )
            )
        return []

    return ops.unflatten(means, [len(doc) for doc in docs]), backprop_windows
