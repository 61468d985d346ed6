"""Training data in other typographies: full-width punctuation, straight and corner quotes."""

from __future__ import annotations

import random
from collections.abc import Iterator

from spacy.language import Language
from spacy.tokens import Doc, Span
from spacy.training import Example
from spacy.util import registry

from ..relations import USER_DATA_KEY
from .chain import Augmenter

FULL_WIDTH = str.maketrans(",:;()!?%", "，：；（）！？％")
STRAIGHT = str.maketrans("“”‘’", "\"\"''")
CORNER = str.maketrans("“”‘’", "「」『』")


@registry.augmenters("baogao.typography_augmenter.v1")
def create_typography_augmenter(level: float = 0.3, seed: int = 0) -> Augmenter:
    """An augmenter that gives a share of the examples in another typography, in place of the original.

    Every replacement is one character for one, so spans and relations stay where they are.

    level: Share of the examples that are changed, for punctuation and for quotes independently.
    seed: Seed of the choice.
    """
    rng = random.Random(seed)

    def augment(nlp: Language, example: Example) -> Iterator[Example]:
        table: dict[int, str] = {}
        if rng.random() < level:
            table |= FULL_WIDTH
        if rng.random() < level:
            table |= rng.choice([STRAIGHT, CORNER])
        if not table:
            yield example
            return
        gold = example.reference
        doc = Doc(
            nlp.vocab,
            words=[token.text.translate(table) for token in gold],
            spaces=[bool(token.whitespace_) for token in gold],
        )
        reference = doc.copy()
        reference.set_ents([Span(reference, e.start, e.end, label=e.label_) for e in gold.ents])
        reference.user_data[USER_DATA_KEY] = gold.user_data.get(USER_DATA_KEY, [])
        yield Example(doc, reference)

    return augment
