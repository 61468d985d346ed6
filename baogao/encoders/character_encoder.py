"""A ``transformers`` encoder together with what turns characters into its inputs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import safetensors.torch
import srsly
import torch
from torch import nn
from transformers import AutoConfig, AutoModel, AutoTokenizer, PreTrainedConfig, PreTrainedModel

from ..layers.character_inputs import (
    CharacterInputs,
    HashInputs,
    PieceInputs,
    SubwordInputs,
    inputs_from_dict,
    inputs_to_dict,
)
from . import stem_transformer  # noqa: F401  registers baogao-stem with AutoModel
from .configuration import StemTransformerConfig


class CharacterEncoder(nn.Module):
    """One vector per unit of its inputs.

    Either ``baogao-stem``, which reads rows of hash tables, or an encoder of pieces. In a BERT-style vocabulary most
    Chinese characters are a piece of their own; others are read in the pieces of their own tokenizer.
    """

    def __init__(self, model: PreTrainedModel, inputs: CharacterInputs) -> None:
        super().__init__()
        self.model = model
        self.inputs = inputs

    @classmethod
    def from_pretrained(cls, name: str | Path, *, subwords: bool = False) -> CharacterEncoder:
        """A checkpoint by its name on the Hugging Face Hub or its folder.

        subwords: Read the pieces into which its tokenizer cuts a text, not a piece for each character.

        Raises ValueError if it cannot be loaded, or if its tokenizer lacks what is needed.
        """
        try:
            config = AutoConfig.from_pretrained(name)
            model = AutoModel.from_pretrained(name, dtype=torch.float32)
            if isinstance(config, StemTransformerConfig):
                if subwords:
                    raise ValueError(f"{name}: baogao-stem reads characters, it has no pieces of words")
                return cls(model, HashInputs(config.ngram_sizes, config.ngram_rows))
            tokenizer = AutoTokenizer.from_pretrained(name)
        except OSError as error:
            raise ValueError(f"{name}: cannot be loaded as an encoder of transformers: {error}") from error
        begin = tokenizer.cls_token_id if tokenizer.cls_token_id is not None else tokenizer.bos_token_id
        end = tokenizer.sep_token_id if tokenizer.sep_token_id is not None else tokenizer.eos_token_id
        special = {"unknown": tokenizer.unk_token_id, "begin": begin, "end": end}
        if missing := [kind for kind, number in special.items() if number is None]:
            raise ValueError(f"{name}: its tokenizer has no piece for: {', '.join(missing)}")
        if subwords:
            if not tokenizer.is_fast:
                raise ValueError(f"{name}: has no fast tokenizer, which tells where its pieces stand")
            return cls(model, SubwordInputs(tokenizer.backend_tokenizer.to_str(), begin, end))
        pieces = {piece: number for piece, number in tokenizer.get_vocab().items() if len(piece) == 1}
        return cls(model, PieceInputs(pieces, **special))

    @property
    def width(self) -> int:
        return self.model.config.hidden_size

    @property
    def max_window(self) -> int | None:
        """How many units it can see at once; None if any number."""
        positions = getattr(self.model.config, "max_position_embeddings", None)
        if positions is None:
            return None
        # RoBERTa and its kin count positions from the one after the padding's.
        embedding = getattr(getattr(self.model, "embeddings", None), "position_embeddings", None)
        padding = getattr(embedding, "padding_idx", None)
        return positions - (0 if padding is None else padding + 1) - 2  # two special pieces

    def forward(self, inputs: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Vectors, shape (batch, length, width), of a :class:`baogao.layers.windows.WindowBatch`, in float32."""
        # Positionally: what transformers calls input_ids, baogao-stem calls rows.
        return self.model(inputs, attention_mask=mask).last_hidden_state.float()

    def set_dropout(self, rate: float) -> None:
        """Set the rate of all dropout, that of attention included."""
        for module in self.modules():
            if isinstance(module, nn.Dropout):
                module.p = rate

    def freeze_layers(self, number: int) -> None:
        """Let nothing learn but the transformer layers above so many of the lowest; with 0, everything may.

        Raises ValueError if none is left to learn, or if the model has no list of its layers.
        """
        if number == 0:
            self.requires_grad_(True)
            return
        layers = self._layers()
        if not 0 < number < len(layers):
            raise ValueError(
                f"frozen_layers = {number}, but the encoder ({self.model.config.model_type}) has {len(layers)} "
                "layers to tell apart; freeze = true leaves all of it as it is"
            )
        self.requires_grad_(False)
        layers[number:].requires_grad_(True)

    def _layers(self) -> nn.ModuleList:
        """Models of transformers have various names for them, so they are found by their number; empty if not."""
        if isinstance(self.model.config, StemTransformerConfig):
            return self.model.layers
        n_layers = getattr(self.model.config, "num_hidden_layers", None)
        lists = (module for module in self.model.modules() if isinstance(module, nn.ModuleList))
        return next((layers for layers in lists if len(layers) == n_layers), nn.ModuleList())

    def to_bytes(self) -> bytes:
        """All there is to it: configuration, inputs, and weights as safetensors."""
        config = self.model.config.to_dict()
        config.pop("_name_or_path", None)  # where the checkpoint was on the machine that trained
        weights = {name: weight.contiguous() for name, weight in self.model.state_dict().items()}
        return srsly.msgpack_dumps(
            {
                "config": config,
                "inputs": inputs_to_dict(self.inputs),
                "weights": safetensors.torch.save(weights),
            }
        )

    @classmethod
    def from_bytes(cls, data: bytes, device: torch.device | str = "cpu") -> CharacterEncoder:
        """The encoder that :meth:`to_bytes` wrote; nothing else is read."""
        content: dict[str, Any] = srsly.msgpack_loads(data)
        config: PreTrainedConfig = AutoConfig.for_model(**content["config"])
        model = AutoModel.from_config(config)
        model.load_state_dict(safetensors.torch.load(content["weights"]))
        return cls(model, inputs_from_dict(content["inputs"])).to(device)
