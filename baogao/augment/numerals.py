"""Training data whose counts are written in Chinese numerals."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence

from spacy.language import Language
from spacy.training import Example
from spacy.util import registry

from ..normalise.numerals import to_chinese
from .chain import Augmenter
from .replacing import replace_mentions


@registry.augmenters("baogao.chinese_numerals.v1")
def create_chinese_numerals(labels: Sequence[str], level: float = 0.1, seed: int = 0) -> Augmenter:
    """An augmenter that writes the numbers of a share of the examples as ``十二`` and ``百分之九十`` instead of
    ``12`` and ``90%``. Relations go with their entities.

    labels: Labels of the entities whose numbers are meant; those in others, such as years, stay.
    level: Share of the examples that are changed, each of them in all its counts.
    seed: Seed of the choice.
    """
    rng = random.Random(seed)

    def augment(nlp: Language, example: Example) -> Iterator[Example]:
        chosen = {}
        if rng.random() < level:
            for i, ent in enumerate(example.reference.ents):
                if ent.label_ in labels and (text := to_chinese(ent.text)) != ent.text:
                    chosen[i] = text
        yield replace_mentions(nlp, example, chosen)

    return augment
