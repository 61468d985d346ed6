"""Entity scores on sets of :class:`~baogao.metrics.items.Entity`.

The four schemes are those of SemEval-2013 task 9.1 (Segura-Bedmar et al. 2013), as in the ``nervaluate``
package:

* strict: same boundaries, same label;
* exact: same boundaries, whatever the label;
* partial: same boundaries count 1, overlap counts ½, whatever the label;
* type: overlap and the same label.

``nervaluate`` itself is not used at run time: its ends are inclusive and its matching depends on the order of
the predictions. The tests hold this module against it wherever the two must agree.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping

from baogao.metrics.alignment import align
from baogao.metrics.items import Entity
from baogao.metrics.prf import PRF, prf_of_sets

SCHEMES = ("strict", "exact", "partial", "type")

NONE = "NONE"
"""Row of the spurious and column of the missed spans in a confusion matrix."""


def score_schemes(gold: set[Entity], predicted: set[Entity]) -> dict[str, PRF]:
    """Score under all four schemes.

    gold (set[Entity]): What there is to find.
    predicted (set[Entity]): What was found.
    RETURNS (dict): Scheme to score.
    """
    n_gold, n_predicted = len(gold), len(predicted)
    pairs = align(gold, predicted)
    exact = sum(g.bounds == p.bounds for g, p in pairs)
    # Aligned label by label: a pair of another label must not use up a span that its own label would match.
    same_label = sum(
        len(align({g for g in gold if g.label == label}, {p for p in predicted if p.label == label}))
        for label in {g.label for g in gold}
    )
    return {
        "strict": prf_of_sets(gold, predicted),
        "exact": PRF(exact, n_predicted, n_gold),
        "partial": PRF(exact + 0.5 * (len(pairs) - exact), n_predicted, n_gold),
        "type": PRF(same_label, n_predicted, n_gold),
    }


def score_by_label(
    gold: set[Entity], predicted: set[Entity], labels: Iterable[str] | None = None
) -> dict[str, dict[str, PRF]]:
    """:func:`score_schemes` for each label, on the gold and predicted spans of that label alone.

    ``exact`` is then the same as ``strict``. ``labels`` defaults to the labels that occur.
    """
    if labels is None:
        labels = sorted({entity.label for entity in gold | predicted})
    return {
        label: score_schemes(
            {g for g in gold if g.label == label}, {p for p in predicted if p.label == label}
        )
        for label in labels
    }


def score_by_doc(gold: set[Entity], predicted: set[Entity]) -> dict[str, PRF]:
    """Strict score of each document that has gold or predicted entities."""
    docs = sorted({entity.doc for entity in gold | predicted})
    return {
        doc: prf_of_sets({g for g in gold if g.doc == doc}, {p for p in predicted if p.doc == doc})
        for doc in docs
    }


def score_by_surface(
    gold: set[Entity],
    predicted: set[Entity],
    texts: Mapping[str, str],
    training_surfaces: Collection[tuple[str, str]],
) -> dict[str, PRF]:
    """Strict scores of the spans whose surface form was seen in training, and of those that were not.

    texts (Mapping): Document name to text.
    training_surfaces (Collection): (label, text) of every span of the training data. A span is seen if its
        own text stands there with its own label; predicted spans are sorted by the same rule, so precision is
        defined.
    RETURNS (dict): Scores under the keys ``seen`` and ``unseen``.
    """

    def is_seen(entity: Entity) -> bool:
        return (entity.label, texts[entity.doc][entity.start : entity.end]) in training_surfaces

    return {
        name: prf_of_sets(
            {g for g in gold if is_seen(g) is seen}, {p for p in predicted if is_seen(p) is seen}
        )
        for name, seen in (("seen", True), ("unseen", False))
    }


def confusion_matrix(gold: set[Entity], predicted: set[Entity]) -> dict[str, dict[str, int]]:
    """Gold label to predicted label to count, over aligned (overlapping) spans.

    Column :data:`NONE` holds the gold spans without a partner, row :data:`NONE` the predicted ones.
    """
    matrix: dict[str, Counter[str]] = defaultdict(Counter)
    pairs = align(gold, predicted)
    for g, p in pairs:
        matrix[g.label][p.label] += 1
    for g in gold - {g for g, _ in pairs}:
        matrix[g.label][NONE] += 1
    for p in predicted - {p for _, p in pairs}:
        matrix[NONE][p.label] += 1
    return {label: dict(row) for label, row in matrix.items()}
