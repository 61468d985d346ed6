"""Examples with other texts in the place of their entities."""

from __future__ import annotations

from spacy.language import Language
from spacy.tokens import Doc, Span
from spacy.training import Example

from ..relations import Relation


def replace_mentions(nlp: Language, example: Example, chosen: dict[int, str]) -> Example:
    """An example with other texts for some of its gold entities, given by their number; itself if for none.

    Relations go with their entities.
    """
    if not chosen:
        return example
    reference = _with_mentions(nlp, example.reference, chosen)
    return Example(nlp.make_doc(reference.text), reference)


def _with_mentions(nlp: Language, gold: Doc, chosen: dict[int, str]) -> Doc:
    """The document with other texts for some of its entities, given by their number."""
    text, gold_ents = gold.text, gold.ents  # each access makes them anew
    parts, bounds, position, length = [], [], 0, 0
    for i, ent in enumerate(gold_ents):
        between = text[position : ent.start_char]
        mention = chosen.get(i, ent.text)
        start = length + len(between)
        length = start + len(mention)
        bounds.append((start, length, ent.label_))
        parts += [between, mention]
        position = ent.end_char
    doc = nlp.make_doc("".join([*parts, text[position:]]))
    ents: list[Span] = [doc.char_span(start, end, label=label) for start, end, label in bounds]
    doc.set_ents(ents)
    number = {(ent.start, ent.end, ent.label_): i for i, ent in enumerate(gold_ents)}
    doc._.relations = [
        Relation(label, ents[number[head]], ents[number[tail]])
        for label, head, tail in (relation.key for relation in gold._.relations)
    ]
    return doc
