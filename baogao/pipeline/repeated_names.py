"""Names that a document holds more than once: what was found at one mention helps at the others.

A report names the same bodies, places and programmes again and again. Where a mention stands in words that tell
little, the model hesitates; that the very same text is a name elsewhere in the report is evidence it does not see
(Finkel et al. 2005, "Incorporating Non-local Information into Information Extraction Systems by Gibbs Sampling", have
such evidence in the model; here it only lowers the probability that is asked for).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy
from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc

from ..doc_strings import document_norms
from ..layers.biluo import tag_names

Entity = tuple[int, int, str, float]  # start, end, label, probability


def add_repeated_names(
    doc: Doc,
    entities: Sequence[Entity],
    probabilities: numpy.ndarray,
    labels: Sequence[str],
    thresholds: Mapping[str, float],
) -> list[Entity]:
    """The entities, and further mentions of those of two tokens or more, in the order of the text.

    doc: Mentions are the same text if the norms of its tokens are.
    probabilities (float, shape (len(doc), 1 + 4 * len(labels))): Of the tokens' tags.
    thresholds: Labels whose names are looked for, to the probability that another mention must have at least.
    """
    norms, numbers = document_norms(doc), {name: number for number, name in enumerate(tag_names(labels))}
    names = {(label, *norms[start:end]) for start, end, label, _ in entities if end - start > 1}
    matcher = PhraseMatcher(doc.vocab, attr="NORM")
    for label, *name in names:
        if label in thresholds:
            matcher.add(label, [Doc(doc.vocab, words=name)])
    candidates: list[Entity] = []
    for key, start, end in matcher(doc):
        label = doc.vocab.strings[key]
        tags = [numbers[f"{prefix}-{label}"] for prefix in f"B{'I' * (end - start - 2)}L"]
        probability = float(probabilities[numpy.arange(start, end), tags].min())
        if probability >= thresholds[label]:
            candidates.append((start, end, label, probability))
    taken = numpy.zeros(len(doc), dtype=bool)
    for start, end, *_ in entities:
        taken[start:end] = True
    found = list(entities)
    for candidate in sorted(candidates, key=lambda entity: (-entity[3], entity)):
        start, end, *_ = candidate
        if not taken[start:end].any():
            taken[start:end] = True
            found.append(candidate)
    return sorted(found)
