"""Training data with other mentions in the place of an entity's.

Mention replacement after Dai & Adel (2020), "An Analysis of Simple Data Augmentation for Named Entity Recognition": an
entity's text gives way to another mention of its label, so that a model learns the contexts of names, not the names of
thirteen districts.
"""

from __future__ import annotations

import random
from collections.abc import Iterator

from spacy.language import Language
from spacy.training import Example
from spacy.util import registry

from ..names import random_name
from ..normalise.places import place_names
from .chain import Augmenter
from .replacing import replace_mentions


@registry.augmenters("baogao.mention_replacement.v1")
def create_mention_replacement(
    rates: dict[str, float],
    gazetteer_label: str | None = None,
    gazetteer_size: int = 400,
    names_label: str | None = None,
    seed: int = 0,
) -> Augmenter:
    """An augmenter that replaces a share of each example's entities. Relations go with their entities.

    rates: Share of the mentions to replace, by label; labels that are not named stay as they are.
    gazetteer_label: A label whose mentions also come from the names of China's administrative divisions.
    gazetteer_size: How many of those names, chosen at random.
    names_label: A label whose mentions are replaced by random names of persons instead.
    seed: Seed of all choices.

    Other mentions are those of the examples seen so far, so that the first epoch changes less than the others.
    """
    rng = random.Random(seed)
    mentions: dict[str, dict[str, None]] = {label: {} for label in rates}  # ordered sets
    if gazetteer_label is not None:
        if gazetteer_label not in rates:
            raise ValueError(f"gazetteer_label {gazetteer_label!r} has no rate")
        mentions[gazetteer_label] |= dict.fromkeys(rng.sample(place_names(), gazetteer_size))

    def augment(nlp: Language, example: Example) -> Iterator[Example]:
        gold = example.reference
        chosen: dict[int, str] = {}
        for i, ent in enumerate(gold.ents):
            if ent.label_ not in rates:
                continue
            mentions[ent.label_].setdefault(ent.text)
            if rng.random() < rates[ent.label_]:
                if ent.label_ == names_label:
                    chosen[i] = random_name(rng)
                else:
                    chosen[i] = rng.choice(list(mentions[ent.label_]))
        yield replace_mentions(nlp, example, chosen)

    return augment
