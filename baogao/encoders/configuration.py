"""Shape of the encoder with a convolutional stem, as ``transformers`` stores it."""

from __future__ import annotations

from collections.abc import Sequence

from transformers import PreTrainedConfig


class StemTransformerConfig(PreTrainedConfig):
    """Configuration of :class:`baogao.encoders.stem_transformer.StemTransformerModel`.

    ngram_sizes, ngram_rows: Lengths of the character n-grams, and the rows of each length's hash table.
    embed_width, stem_width, maxout_pieces, dilations: The stem; see ``baogao.CharNgramEmbed.v1`` and
        ``baogao.DilatedMaxoutEncoder.v1``.
    hidden_size, num_hidden_layers, num_attention_heads, intermediate_size: The transformer. With no layers,
        the stem alone is left.
    final_norm: A layer norm after the last transformer layer.
    rotary_base: Base of the rotary positions' wavelengths (Su et al. 2021, "RoFormer").
    vocabulary: Characters that the masked-character head predicts; a character's id is its index plus one, 0 is
        every other character.
    tags: Labels of the tagging head.
    """

    model_type = "baogao-stem"

    def __init__(
        self,
        ngram_sizes: Sequence[int] = (1, 2),
        ngram_rows: Sequence[int] = (5000, 24000),
        embed_width: int = 96,
        stem_width: int = 160,
        maxout_pieces: int = 2,
        dilations: Sequence[int] = (1, 1, 2, 2, 4, 4),
        hidden_size: int = 256,
        num_hidden_layers: int = 3,
        num_attention_heads: int = 4,
        intermediate_size: int = 1024,
        final_norm: bool = True,
        rotary_base: float = 10_000.0,
        initializer_range: float = 0.02,
        layer_norm_eps: float = 1e-6,
        vocabulary: str = "",
        tags: Sequence[str] = (),
        **kwargs,
    ) -> None:
        super().__init__(**kwargs)
        self.ngram_sizes = list(ngram_sizes)
        self.ngram_rows = list(ngram_rows)
        self.embed_width = embed_width
        self.stem_width = stem_width
        self.maxout_pieces = maxout_pieces
        self.dilations = list(dilations)
        self.hidden_size = hidden_size
        self.num_hidden_layers = num_hidden_layers
        self.num_attention_heads = num_attention_heads
        self.intermediate_size = intermediate_size
        self.final_norm = final_norm
        self.rotary_base = rotary_base
        self.initializer_range = initializer_range
        self.layer_norm_eps = layer_norm_eps
        self.vocabulary = vocabulary
        self.tags = list(tags)
