"""Training data whose predicted side carries entities as a recogniser would have found them.

A relation component that only ever sees gold entities trusts whatever it is given at run time. Here the gold
entities are spoiled the way recognisers err: some are missed, some have a wrong end, some a wrong label. Pairs with
spoiled entities are negatives, so the component learns to turn them down.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence

from spacy.language import Language
from spacy.tokens import Doc, Span
from spacy.training import Example
from spacy.util import filter_spans, registry

from .chain import Augmenter


@registry.augmenters("baogao.entity_noise.v1")
def create_entity_noise(
    clean: float, missed: float, boundary: float, label: float, max_shift: int = 2, seed: int = 0
) -> Augmenter:
    """An augmenter that sets the predicted documents' entities, for components that train on those.

    clean: Share of the examples that get the gold entities as they are.
    missed, boundary, label: In the others, the shares of the entities that are left out, get one end moved, or
        get another label of the same document, if there is one; they sum to 1 at most. An entity of which nothing
        is left, or that comes to overlap a longer one, is left out, too.
    max_shift: Tokens an end is moved at most.
    seed: Seed of all choices.

    Raises ValueError if the shares are none, or max_shift is less than 1.

    It must come last in a chain: other augmenters make new predicted documents. Both sides must be tokenized
    alike.
    """
    if min(clean, missed, boundary, label) < 0 or clean > 1 or missed + boundary + label > 1:
        raise ValueError(
            "clean must be a share, and missed, boundary and label shares of one whole, got "
            f"{clean}, {missed}, {boundary} and {label}"
        )
    if max_shift < 1:
        raise ValueError(f"max_shift must be at least 1, got {max_shift}")
    rng = random.Random(seed)

    def augment(nlp: Language, example: Example) -> Iterator[Example]:
        doc = example.predicted.copy()
        gold = example.get_aligned_spans_y2x(example.reference.ents)
        if rng.random() < clean:
            doc.ents = [Span(doc, ent.start, ent.end, label=ent.label_) for ent in gold]
        else:
            doc.ents = spoil(doc, gold)
        yield Example(doc, example.reference)

    def spoil(doc: Doc, gold: Sequence[Span]) -> list[Span]:
        labels = {ent.label_ for ent in gold}
        ents = []
        for ent in gold:
            start, end, name, draw = ent.start, ent.end, ent.label_, rng.random()
            if draw < missed:
                continue
            if draw < missed + boundary:
                shift = rng.choice([-1, 1]) * rng.randint(1, max_shift)
                if rng.random() < 0.5:
                    start = max(0, start + shift)
                else:
                    end = min(len(doc), end + shift)
            elif draw < missed + boundary + label:
                name = rng.choice(sorted(labels - {name}) or [name])
            if start < end:
                ents.append(Span(doc, start, end, label=name))
        return filter_spans(ents)

    return augment
