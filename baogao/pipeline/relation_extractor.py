"""The trainable component ``relation_extractor``: relations between the entities of a document."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

import numpy
from spacy.language import Language
from spacy.pipeline import TrainablePipe
from spacy.tokens import Doc, Span
from spacy.training import Example, validate_examples
from spacy.vocab import Vocab
from thinc.api import Config, Model, Optimizer, set_dropout_rate
from thinc.types import Floats2d

from ..layers.candidate_pairs import CandidatePairs, PairFeaturizer
from ..layers.pair_classifier import PairInput
from ..relations import Relation, get_relations, set_relations
from .candidates import CandidateGenerator
from .relation_scorer import score_relations

DEFAULT_MODEL_CONFIG = """
[model]
@architectures = "baogao.RelationClassifier.v2"
projection_width = 64
feature_width = 16
feature_rows = 1000
hidden_width = 128
maxout_pieces = 2

[model.tok2vec]
@architectures = "spacy.Tok2Vec.v2"

[model.tok2vec.embed]
@architectures = "baogao.CharNgramEmbed.v1"
width = 96
embed_width = 96
sizes = [1, 2]
rows = [2000, 4000]
maxout_pieces = 2

[model.tok2vec.encode]
@architectures = "spacy.MaxoutWindowEncoder.v2"
width = 96
window_size = 1
maxout_pieces = 2
depth = 4
"""
DEFAULT_RELATION_MODEL = Config().from_str(DEFAULT_MODEL_CONFIG)["model"]

Candidates = list[tuple[Sequence[Span], list[tuple[int, int]], CandidatePairs]]


@Language.factory(
    "relation_extractor",
    assigns=["doc._.relations"],
    requires=["doc.ents"],
    default_config={
        "model": DEFAULT_RELATION_MODEL,
        "candidates": {"@misc": "baogao.SchemaCandidates.v1"},
        "threshold": 0.5,
        "thresholds": {},
        "use_gold_ents": True,
        "spans_key": None,
        "sentence_marks": "。!?",
        "clause_marks": ",;:、",
        "list_marks": "、",
        "scorer": {"@scorers": "baogao.relation_scorer.v1"},
    },
    default_score_weights={
        "spans_relations_f": 1.0,
        "spans_relations_p": 0.0,
        "spans_relations_r": 0.0,
        "spans_relations_per_type": None,
        "spans_relations_gold_ents_f": 0.0,
        "spans_relations_gold_ents_p": 0.0,
        "spans_relations_gold_ents_r": 0.0,
        "spans_relations_gold_ents_per_type": None,
    },
)
def create_relation_extractor(
    nlp: Language,
    name: str,
    model: Model[PairInput, Floats2d],
    candidates: CandidateGenerator,
    threshold: float,
    thresholds: dict[str, float],
    use_gold_ents: bool,
    spans_key: str | None,
    sentence_marks: str,
    clause_marks: str,
    list_marks: str,
    scorer: Callable | None,
) -> RelationExtractor:
    """Factory of :class:`RelationExtractor`; the arguments are described there."""
    return RelationExtractor(
        nlp.vocab,
        model,
        candidates,
        name,
        threshold=threshold,
        thresholds=thresholds,
        use_gold_ents=use_gold_ents,
        spans_key=spans_key,
        sentence_marks=sentence_marks,
        clause_marks=clause_marks,
        list_marks=list_marks,
        scorer=scorer,
    )


class RelationExtractor(TrainablePipe):
    """Multi-label classification of candidate pairs of entities.

    Labels, and which entity labels each of them joins, are learned from the training data; the candidate
    generator decides which pairs are looked at. Predictions go to ``doc._.relations``.

    vocab (Vocab): The shared vocabulary.
    model (Model): Documents and candidate pairs to probabilities, (n_pairs, n_labels).
    candidates (CandidateGenerator): Which pairs of a document's entities to classify.
    threshold (float): A relation is set when its probability is at least this.
    thresholds (Mapping[str, float]): Labels with thresholds of their own.
    use_gold_ents (bool): Train on pairs of gold entities. Otherwise on pairs of the entities already set on
        the predicted documents, so list the NER in ``[training] annotating_components``. A pair that is not a
        pair of gold entities then counts as a negative.
    spans_key (str): Relate the spans of ``doc.spans[spans_key]``, which may overlap, instead of ``doc.ents``.
    sentence_marks, clause_marks, list_marks (str): Punctuation that the pairs' features look at, in any
        typography (see ``PairFeaturizer``).
    scorer (Callable): See ``relation_scorer``.
    """

    def __init__(
        self,
        vocab: Vocab,
        model: Model[PairInput, Floats2d],
        candidates: CandidateGenerator,
        name: str = "relation_extractor",
        *,
        threshold: float = 0.5,
        thresholds: Mapping[str, float] | None = None,
        use_gold_ents: bool = True,
        spans_key: str | None = None,
        sentence_marks: str = "。!?",
        clause_marks: str = ",;:、",
        list_marks: str = "、",
        scorer: Callable | None = score_relations,
    ) -> None:
        self.vocab = vocab
        self.model = model
        self.name = name
        self.candidates = candidates
        self.featurize = PairFeaturizer(sentence_marks, clause_marks, list_marks)
        self.spans_key = spans_key
        self.use_gold_ents = use_gold_ents
        self.scorer = scorer
        # signatures: [relation label, head's entity label, tail's entity label], as seen in training
        self.cfg: dict[str, Any] = {
            "labels": [],
            "signatures": [],
            "threshold": threshold,
            "thresholds": dict(thresholds or {}),
        }

    @property
    def labels(self) -> tuple[str, ...]:
        """RETURNS (tuple[str, ...]): The relation labels, in the order of the model's output columns."""
        return tuple(self.cfg["labels"])

    @property
    def label_data(self) -> dict[str, list]:
        """RETURNS (dict): Labels and signatures, as ``initialize`` takes them."""
        return {"labels": list(self.cfg["labels"]), "signatures": list(self.cfg["signatures"])}

    def add_label(self, label: str) -> int:
        """Add a label before the model is initialised. RETURNS (int): 0 if it is there already, else 1."""
        if label in self.labels:
            return 0
        self._allow_extra_label()
        self.cfg["labels"].append(label)
        self.vocab.strings.add(label)
        return 1

    def initialize(
        self,
        get_examples: Callable[[], Iterable[Example]],
        *,
        nlp: Language | None = None,
        labels: dict[str, list] | None = None,
    ) -> None:
        """Collect labels and signatures and initialise the model.

        get_examples: Returns examples whose references hold entities and relations.
        labels: Output of ``label_data``, to skip the collecting.
        """
        if labels is None:
            signatures = {
                (r.label, r["head"]["label"], r["tail"]["label"])
                for eg in get_examples()
                for r in get_relations(eg.reference)
            }
            labels = {
                "labels": sorted({label for label, _, _ in signatures}),
                "signatures": sorted(list(s) for s in signatures),
            }
        for label in labels["labels"]:
            self.add_label(label)
        self.cfg["signatures"] = labels["signatures"]
        if not self.labels:
            raise ValueError(f"'{self.name}' found no relations in the training data (doc._.relations)")
        docs, pairs = [], []
        for eg in islice(get_examples(), 10):
            docs.append(eg.reference)
            pairs.append(self._collect(eg.reference, self._ents(eg.reference))[2])
        self.model.initialize(X=(docs, pairs), Y=self.model.ops.alloc2f(1, len(self.labels)))

    def predict(self, docs: Sequence[Doc]) -> tuple[Candidates, Floats2d]:
        """Score the candidate pairs of a batch, without changing the documents.

        RETURNS: The candidates of each document, and probabilities (n_pairs, n_labels) in the same order;
            probabilities of labels that never join such entities are 0.
        """
        collected = [self._collect(doc, self._ents(doc)) for doc in docs]
        pairs = [candidates for _, _, candidates in collected]
        if not any(len(p) for p in pairs):
            return collected, self.model.ops.alloc2f(0, len(self.labels))
        return collected, self.model.predict((docs, pairs)) * self._admitted(collected)

    def set_annotations(self, docs: Sequence[Doc], predictions: tuple[Candidates, Floats2d]) -> None:
        """Set ``doc._.relations`` from the output of ``predict``."""
        collected, scores = predictions
        rows = iter(self.model.ops.to_numpy(scores))
        own = self.cfg["thresholds"]
        thresholds = numpy.array([own.get(label, self.cfg["threshold"]) for label in self.labels])
        for doc, (ents, pairs, _) in zip(docs, collected, strict=True):
            set_relations(
                doc,
                (
                    Relation(self.labels[column], ents[h], ents[t], score=row[column])
                    for (h, t), row in zip(pairs, rows, strict=False)
                    # Labels that never join such entities are 0 and stay out whatever the threshold.
                    for column in numpy.flatnonzero((row >= thresholds) & (row > 0))
                ),
            )

    def update(
        self,
        examples: Iterable[Example],
        *,
        drop: float = 0.0,
        sgd: Optimizer | None = None,
        losses: dict[str, float] | None = None,
    ) -> dict[str, float]:
        """Learn from a batch. Batches without candidate pairs change nothing."""
        losses = {} if losses is None else losses
        losses.setdefault(self.name, 0.0)
        examples = list(examples)
        validate_examples(examples, "RelationExtractor.update")
        docs = [eg.predicted for eg in examples]
        collected = [self._collect(eg.predicted, self._training_ents(eg)) for eg in examples]
        pairs = [candidates for _, _, candidates in collected]
        if not any(len(p) for p in pairs):
            return losses
        set_dropout_rate(self.model, drop)
        scores, backprop = self.model.begin_update((docs, pairs))
        loss, d_scores = self.get_loss(examples, (collected, scores))
        backprop(d_scores)
        if sgd is not None:
            self.finish_update(sgd)
        losses[self.name] += loss
        return losses

    def get_loss(
        self, examples: Sequence[Example], predictions: tuple[Candidates, Floats2d]
    ) -> tuple[float, Floats2d]:
        """Binary cross-entropy, averaged over the pairs and summed over the labels that their signatures admit.

        RETURNS: The loss and its gradient at the logits (n_pairs, n_labels).
        """
        collected, scores = predictions
        gold = [{r.key for r in get_relations(eg.reference)} for eg in examples]
        target = numpy.zeros(scores.shape, dtype="float32")
        for row, (i, head, tail) in enumerate(_each_pair(collected)):
            for column, label in enumerate(self.labels):
                target[row, column] = (label, _span_key(head), _span_key(tail)) in gold[i]
        xp, n = self.model.ops.xp, max(1, len(target))
        target, admitted = self.model.ops.asarray2f(target), self._admitted(collected)
        likelihood = xp.where(target > 0, scores, 1 - scores) * admitted + (1 - admitted)
        return -float(xp.log(likelihood + 1e-8).sum()) / n, (scores - target) * admitted / n

    def score(self, examples: Iterable[Example], **kwargs: Any) -> dict[str, Any]:
        """Scores of the relations as predicted, and of those predicted between gold entities."""
        if self.scorer is None:
            return {}
        examples = list(examples)
        scores = self.scorer(examples, **kwargs)
        given = [Example(self._with_gold_ents(eg), eg.reference) for eg in examples]
        docs = [eg.predicted for eg in given]
        self.set_annotations(docs, self.predict(docs))
        return scores | self.scorer(given, **{**kwargs, "key": "relations_gold_ents"})

    def _ents(self, doc: Doc) -> Sequence[Span]:
        """The entities of a document, in text order."""
        if self.spans_key is None:
            return doc.ents
        return sorted(doc.spans.get(self.spans_key, ()))

    def _gold_ents(self, eg: Example) -> Sequence[Span]:
        """The gold entities on the predicted document."""
        return eg.get_aligned_spans_y2x(self._ents(eg.reference), allow_overlap=self.spans_key is not None)

    def _training_ents(self, eg: Example) -> Sequence[Span]:
        return self._gold_ents(eg) if self.use_gold_ents else self._ents(eg.predicted)

    def _with_gold_ents(self, eg: Example) -> Doc:
        """A copy of the predicted document that carries the gold entities.

        A copy, not a new document: it keeps ``doc.tensor``, where a shared tok2vec leaves its vectors.
        """
        doc = eg.predicted.copy()
        ents = [Span(doc, ent.start, ent.end, label=ent.label_) for ent in self._gold_ents(eg)]
        if self.spans_key is None:
            doc.ents = ents
        else:
            doc.spans[self.spans_key] = ents
        return doc

    def _collect(self, doc: Doc, ents: Sequence[Span]) -> tuple[Sequence[Span], list, CandidatePairs]:
        pairs = self.candidates(doc, ents)
        return ents, pairs, self.featurize(doc, ents, pairs)

    def _admitted(self, collected: Candidates) -> Floats2d:
        """1 where a label may join the pair's entity labels, else 0: (n_pairs, n_labels)."""
        signatures = {tuple(signature) for signature in self.cfg["signatures"]}
        rows = [
            [(label, head.label_, tail.label_) in signatures for label in self.labels]
            for _, head, tail in _each_pair(collected)
        ]
        return self.model.ops.asarray2f(rows)


def _each_pair(collected: Candidates) -> Iterator[tuple[int, Span, Span]]:
    """Document number, head and tail of every candidate pair."""
    for i, (ents, pairs, _) in enumerate(collected):
        for h, t in pairs:
            yield i, ents[h], ents[t]


def _span_key(span: Span) -> tuple[int, int, str]:
    return span.start, span.end, span.label_
