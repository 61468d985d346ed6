"""Agreement between two annotations of the same texts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from ..formats import AnnotatedText, AnnotationError, RelationAnnotation, SpanAnnotation

OUTSIDE = "O"


@dataclass
class Overlap:
    """How much two sets share, per label."""

    both: Counter[str] = field(default_factory=Counter)
    only_a: Counter[str] = field(default_factory=Counter)
    only_b: Counter[str] = field(default_factory=Counter)

    def add(self, a: Iterable, b: Iterable) -> None:
        """Count two sets of spans or relations of one text."""
        a, b = set(a), set(b)
        self.both.update(each.label for each in a & b)
        self.only_a.update(each.label for each in a - b)
        self.only_b.update(each.label for each in b - a)

    @property
    def labels(self) -> list[str]:
        """The labels that occur, the most frequent first."""
        return [label for label, _ in (self.both + self.only_a + self.only_b).most_common()]

    def f1(self, label: str | None = None) -> float | None:
        """F1 of one label, or over all; the same whichever annotation is taken as the truth.

        ``None`` if there is nothing to agree on.
        """
        both, only_a, only_b = (
            counts.total() if label is None else counts[label]
            for counts in (self.both, self.only_a, self.only_b)
        )
        total = 2 * both + only_a + only_b
        return 2 * both / total if total else None


class Disagreement(NamedTuple):
    """A span or relation that only one side has.

    ``paragraph`` counts from 1; ``start`` is an offset into the text.
    """

    report: str
    start: int
    side: str
    label: str
    paragraph: int
    context: str


@dataclass
class Agreement:
    """Agreement over one or more texts, every figure pooled over all of them.

    ``spans`` and ``relations`` are strict: the same offsets and labels, a relation with both its spans.
    ``relations_on_shared_spans`` leaves out relations whose two spans are not in both annotations, so it
    shows what remains once the spans agree. ``character_labels`` counts pairs of labels, one pair for each
    character that is not a line break.
    """

    spans: Overlap = field(default_factory=Overlap)
    relations: Overlap = field(default_factory=Overlap)
    relations_on_shared_spans: Overlap = field(default_factory=Overlap)
    character_labels: Counter[tuple[str, str]] = field(default_factory=Counter)
    disagreements: list[Disagreement] = field(default_factory=list)

    @property
    def kappa(self) -> float | None:
        """Cohen's kappa on the label of each character, ``O`` where there is no span.

        ``None`` if both annotations give every character one and the same label.
        Source: Jacob Cohen (1960), "A Coefficient of Agreement for Nominal Scales", Educational and
        Psychological Measurement 20(1), 37–46.
        """
        total = self.character_labels.total()
        by_a, by_b = Counter[str](), Counter[str]()
        for (label_a, label_b), count in self.character_labels.items():
            by_a[label_a] += count
            by_b[label_b] += count
        # Whole numbers up to the division, so that agreement by chance alone is recognised exactly.
        observed = total * sum(count for (a, b), count in self.character_labels.items() if a == b)
        expected = sum(by_a[label] * by_b[label] for label in by_a)
        return (observed - expected) / (total**2 - expected) if expected != total**2 else None


def measure_agreement(pairs: Iterable[tuple[AnnotatedText, AnnotatedText]]) -> Agreement:
    """Compare annotations A and B of each text.

    Raises ``AnnotationError`` if the two of a pair do not annotate the same text.
    """
    agreement = Agreement()
    for a, b in pairs:
        if a.text != b.text:
            raise AnnotationError(f"{a.name} and {b.name} annotate different texts")
        shared = set(a.spans) & set(b.spans)
        agreement.spans.add(a.spans, b.spans)
        agreement.relations.add(a.relations, b.relations)
        agreement.relations_on_shared_spans.add(
            (r for r in a.relations if shared.issuperset((r.head, r.tail))),
            (r for r in b.relations if shared.issuperset((r.head, r.tail))),
        )
        labels = zip(a.text, _character_labels(a), _character_labels(b), strict=True)
        agreement.character_labels.update((x, y) for char, x, y in labels if char != "\n")
        agreement.disagreements += sorted([*_only_in(a, b, "A"), *_only_in(b, a, "B")])
    return agreement


def _character_labels(annotated: AnnotatedText) -> list[str]:
    labels = [OUTSIDE] * len(annotated.text)
    for start, end, label in annotated.spans:
        labels[start:end] = [label] * (end - start)
    return labels


def _only_in(annotated: AnnotatedText, other: AnnotatedText, side: str) -> Iterable[Disagreement]:
    for each in {*annotated.spans, *annotated.relations} - {*other.spans, *other.relations}:
        span, context = _locate(each, annotated.text)
        paragraph = annotated.text.count("\n", 0, span.start) + 1
        yield Disagreement(annotated.name, span.start, side, each.label, paragraph, context)


def _locate(each: SpanAnnotation | RelationAnnotation, text: str) -> tuple[SpanAnnotation, str]:
    """The span where a disagreement stands, and how it reads there."""
    if isinstance(each, RelationAnnotation):
        return each.head, f"{_in_context(each.head, text)} > {_in_context(each.tail, text)}"
    return each, _in_context(each, text)


def _in_context(span: SpanAnnotation, text: str, width: int = 10) -> str:
    """``…before[span]after…``, up to ``width`` characters of the same paragraph on each side."""
    before = text[max(0, span.start - width) : span.start].rpartition("\n")[2]
    after = text[span.end : span.end + width].partition("\n")[0]
    return f"{before}[{text[span.start : span.end]}]{after}"
