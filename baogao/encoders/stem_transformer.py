"""A transformer over convolutions: local patterns from the stem, the rest of the paragraph from attention."""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import nn
from transformers import AutoConfig, AutoModel, PreTrainedModel
from transformers.modeling_outputs import BaseModelOutput
from transformers.utils import ModelOutput

from .configuration import StemTransformerConfig
from .stem import ConvolutionalStem

IGNORE = -100  # label of positions that count for nothing, as in torch's cross-entropy


def rotary_tables(
    length: int, width: int, base: float, device: torch.device | None = None
) -> tuple[torch.Tensor, torch.Tensor]:
    """Cosines and sines, each of shape (length, width), by which :func:`rotate` turns queries and keys."""
    frequencies = base ** (-torch.arange(0, width, 2, dtype=torch.float32, device=device) / width)
    angles = torch.arange(length, dtype=torch.float32, device=device)[:, None] * frequencies
    angles = torch.cat([angles, angles], dim=-1)
    return angles.cos(), angles.sin()


def rotate(x: torch.Tensor, cosines: torch.Tensor, sines: torch.Tensor) -> torch.Tensor:
    """Turn x (shape (…, length, width)) by its positions, so that products depend on distances alone."""
    first, second = x.chunk(2, dim=-1)
    return x * cosines + torch.cat([-second, first], dim=-1) * sines


class TransformerLayer(nn.Module):
    """Pre-norm attention and feed-forward, each added to its input."""

    def __init__(self, config: StemTransformerConfig) -> None:
        super().__init__()
        width = config.hidden_size
        self.n_heads = config.num_attention_heads
        self.attention_norm = nn.LayerNorm(width, eps=config.layer_norm_eps)
        self.query_key_value = nn.Linear(width, 3 * width)
        self.attention_output = nn.Linear(width, width)
        self.feed_forward_norm = nn.LayerNorm(width, eps=config.layer_norm_eps)
        self.intermediate = nn.Linear(width, config.intermediate_size)
        self.output = nn.Linear(config.intermediate_size, width)
        self.dropout = nn.Dropout(0.0)  # set by what trains the encoder

    def forward(
        self, x: torch.Tensor, positions: tuple[torch.Tensor, torch.Tensor], mask: torch.Tensor | None
    ) -> torch.Tensor:
        batch, length, width = x.shape
        heads = self.query_key_value(self.attention_norm(x)).view(batch, length, 3, self.n_heads, -1)
        query, key, value = heads.permute(2, 0, 3, 1, 4).unbind(0)
        attended = F.scaled_dot_product_attention(
            rotate(query, *positions), rotate(key, *positions), value, attn_mask=mask
        )
        attended = attended.transpose(1, 2).reshape(batch, length, width)
        x = x + self.dropout(self.attention_output(attended))
        hidden = F.gelu(self.intermediate(self.feed_forward_norm(x)))
        return x + self.dropout(self.output(hidden))


class StemTransformerPreTrainedModel(PreTrainedModel):
    config_class = StemTransformerConfig
    base_model_prefix = "encoder"
    main_input_name = "rows"
    _supports_sdpa = True

    @torch.no_grad()
    def _init_weights(self, module: nn.Module) -> None:
        # Through nn.init, which transformers keeps from touching weights that it has loaded.
        scale = self.config.initializer_range
        if isinstance(module, nn.Linear):
            nn.init.normal_(module.weight, std=scale)
            nn.init.zeros_(module.bias)
        elif isinstance(module, nn.Embedding):
            nn.init.uniform_(module.weight, -0.1, 0.1)
        elif isinstance(module, nn.LayerNorm):
            nn.init.ones_(module.weight)
            nn.init.zeros_(module.bias)
        if isinstance(module, TransformerLayer):
            # Little is added at first, so that the encoder starts as good as its pretrained stem.
            for linear in (module.attention_output, module.output):
                nn.init.normal_(linear.weight, std=scale / math.sqrt(2 * self.config.num_hidden_layers))
        elif isinstance(module, StemTransformerModel):
            nn.init.orthogonal_(module.projection.weight)  # the stem's vectors, whole, in a wider space


class StemTransformerModel(StemTransformerPreTrainedModel):
    """Convolutional stem, then pre-norm transformer layers with rotary positions over its projected output."""

    def __init__(self, config: StemTransformerConfig) -> None:
        super().__init__(config)
        self.stem = ConvolutionalStem(
            config.ngram_rows, config.embed_width, config.stem_width, config.maxout_pieces, config.dilations
        )
        self.projection = nn.Linear(config.stem_width, config.hidden_size)
        self.layers = nn.ModuleList(TransformerLayer(config) for _ in range(config.num_hidden_layers))
        self.norm = (
            nn.LayerNorm(config.hidden_size, eps=config.layer_norm_eps)
            if config.final_norm
            else nn.Identity()
        )
        self.post_init()

    def forward(self, rows: torch.Tensor, attention_mask: torch.Tensor | None = None) -> BaseModelOutput:
        """Vectors of characters.

        rows (int64, shape (batch, length, n-gram sizes, 4)): See :func:`baogao.layers.character_inputs.hash_rows`.
        attention_mask (bool, shape (batch, length)): False where a sequence is padded.
        RETURNS: ``last_hidden_state``, shape (batch, length, hidden_size).
        """
        x = self.projection(self.stem(rows, attention_mask))
        head_width = self.config.hidden_size // self.config.num_attention_heads
        positions = rotary_tables(rows.shape[1], head_width, self.config.rotary_base, rows.device)
        mask = None if attention_mask is None else attention_mask[:, None, None, :]
        for layer in self.layers:
            x = layer(x, positions, mask)
        return BaseModelOutput(last_hidden_state=self.norm(x))


@dataclass
class PreTrainingOutput(ModelOutput):
    """loss: The sum of the others, which are means in nats over the labelled positions."""

    loss: torch.Tensor | None = None
    character_loss: torch.Tensor | None = None
    tag_loss: torch.Tensor | None = None


class StemTransformerForPreTraining(StemTransformerPreTrainedModel):
    """The encoder with a head for masked characters and one for the tags of silver text."""

    def __init__(self, config: StemTransformerConfig) -> None:
        super().__init__(config)
        self.encoder = StemTransformerModel(config)
        self.characters = nn.Linear(config.hidden_size, len(config.vocabulary) + 1)
        self.tags = nn.Linear(config.hidden_size, max(1, len(config.tags)))
        self.post_init()

    def forward(
        self, rows: torch.Tensor, characters: torch.Tensor, tags: torch.Tensor | None = None
    ) -> PreTrainingOutput:
        """Losses of both objectives.

        rows (int64, shape (batch, length, n-gram sizes, 4)).
        characters, tags (int64, shape (batch, length)): Labels, ``IGNORE`` where there is none.
        """
        vectors = self.encoder(rows).last_hidden_state
        at = characters != IGNORE  # a seventh of the positions: the vocabulary is too wide for all
        character_loss = F.cross_entropy(self.characters(vectors[at]), characters[at])
        tag_loss = torch.zeros((), device=rows.device)
        if tags is not None and (at := tags != IGNORE).any():
            tag_loss = F.cross_entropy(self.tags(vectors[at]), tags[at])
        return PreTrainingOutput(character_loss + tag_loss, character_loss, tag_loss)


AutoConfig.register(StemTransformerConfig.model_type, StemTransformerConfig)
AutoModel.register(StemTransformerConfig, StemTransformerModel)
