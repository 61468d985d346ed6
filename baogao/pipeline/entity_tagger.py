"""The trainable component ``entity_tagger``: entities from BILUO tags, decoded to the best valid sequence."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import islice, pairwise
from typing import Any, Literal

import numpy
from spacy.attrs import IS_SPACE
from spacy.language import Language
from spacy.pipeline import TrainablePipe
from spacy.pipeline.ner import ner_score
from spacy.tokens import Doc, Span
from spacy.training import Example, validate_examples
from spacy.vocab import Vocab
from thinc.api import Config, Model, Optimizer, set_dropout_rate
from thinc.types import Floats2d

from ..doc_strings import document_norms
from ..layers.biluo import FORBIDDEN, OUTSIDE, decode, marginals, spans, tag_names
from ..layers.enclosures import find_enclosures
from .constraints import Constraints
from .repeated_names import Entity, add_repeated_names
from .whole_marks import keep_marks_whole

DEFAULT_MODEL_CONFIG = """
[model]
@architectures = "baogao.EntityTagger.v1"
hidden_width = 96
maxout_pieces = 2

[model.tok2vec]
@architectures = "spacy.HashEmbedCNN.v2"
pretrained_vectors = null
width = 96
depth = 4
embed_size = 2000
window_size = 1
maxout_pieces = 3
subword_features = false
"""
DEFAULT_TAGGER_MODEL = Config().from_str(DEFAULT_MODEL_CONFIG)["model"]

# A span that held a token which the model is so sure is outside would have to win 9 nats elsewhere.
_CERTAIN = numpy.log(0.9999)

# The model's probability of an entity; None where no model set it.
Span.set_extension("score", default=None, force=True)


@Language.factory(
    "entity_tagger",
    assigns=["doc.ents", "token.ent_iob", "token.ent_type"],
    default_config={
        "model": DEFAULT_TAGGER_MODEL,
        "constraints": None,
        "loss": "sequence",
        "threshold": 0.0,
        "repeated_thresholds": {},
        "whole_marks": [],
        "scorer": {"@scorers": "spacy.ner_scorer.v1"},
    },
    default_score_weights={"ents_f": 1.0, "ents_p": 0.0, "ents_r": 0.0, "ents_per_type": None},
)
def create_entity_tagger(
    nlp: Language,
    name: str,
    model: Model[list[Doc], list[Floats2d]],
    constraints: Constraints | None,
    loss: Literal["sequence", "token"],
    threshold: float,
    repeated_thresholds: dict[str, float],
    whole_marks: list[str],
    scorer: Callable | None,
) -> EntityTagger:
    """Factory of :class:`EntityTagger`; the arguments are described there."""
    return EntityTagger(
        nlp.vocab,
        model,
        name,
        constraints=constraints,
        loss=loss,
        threshold=threshold,
        repeated_thresholds=repeated_thresholds,
        whole_marks=whole_marks,
        scorer=scorer,
    )


class EntityTagger(TrainablePipe):
    """Tag each token, then take the most probable sequence of tags that spells whole spans.

    It does what spaCy's ``ner`` does. Spans of Chinese characters are long (five on average), and from a few
    thousand of them the transition system learns far more slowly than a tagger with a decoder that looks at the
    whole paragraph; it also gives a probability with each entity.

    vocab (Vocab): The shared vocabulary.
    model (Model): Documents to tag probabilities, (n_tokens, 1 + 4 * n_labels) each.
    constraints (Optional[Callable]): What the decoder must and may not do, see ``baogao.pipeline.constraints``.
    loss (str): What the network learns: ``"sequence"``, the probability of the gold sequence among all that spell whole
        spans (a conditional random field whose transitions are all or nothing), or ``"token"``, each token's tag.
    threshold (float): Entities whose probability is below it are left out.
    repeated_thresholds (Mapping[str, float]): Labels whose names are looked for once more in the document they were
        found in; where no entity is, this probability is enough for another mention of theirs.
    whole_marks (Sequence[str]): Pairs of marks, as norms, of which an entity holds both or neither, e.g. ``["“”"]``.
    scorer (Callable): spaCy's strict entity scorer by default.
    """

    def __init__(
        self,
        vocab: Vocab,
        model: Model[list[Doc], list[Floats2d]],
        name: str = "entity_tagger",
        *,
        constraints: Constraints | None = None,
        loss: Literal["sequence", "token"] = "sequence",
        threshold: float = 0.0,
        repeated_thresholds: Mapping[str, float] | None = None,
        whole_marks: Sequence[str] = (),
        scorer: Callable | None = ner_score,
    ) -> None:
        self.vocab = vocab
        self.model = model
        self.name = name
        self.constraints = constraints
        self.scorer = scorer
        self.cfg: dict[str, Any] = {
            "labels": [],
            "loss": loss,
            "threshold": threshold,
            "repeated_thresholds": dict(repeated_thresholds or {}),
            "whole_marks": list(whole_marks),
        }
        for marks in whole_marks:
            find_enclosures([], marks)  # refuses what is no pair

    @property
    def labels(self) -> tuple[str, ...]:
        """RETURNS (tuple[str, ...]): The entity labels."""
        return tuple(self.cfg["labels"])

    @property
    def label_data(self) -> list[str]:
        """RETURNS (list[str]): The labels, as ``initialize`` takes them."""
        return list(self.labels)

    def add_label(self, label: str) -> int:
        """Add a label before the model is initialised. RETURNS (int): 0 if it is there already, else 1."""
        if label in self.labels:
            return 0
        if self.model.get_ref("output_layer").has_dim("nO"):
            raise ValueError(f"'{self.name}' is initialised: label '{label}' cannot be added any more")
        self.cfg["labels"].append(label)
        self.vocab.strings.add(label)
        return 1

    def initialize(
        self,
        get_examples: Callable[[], Iterable[Example]],
        *,
        nlp: Language | None = None,
        labels: list[str] | None = None,
    ) -> None:
        """Collect the labels and initialise the model.

        get_examples: Returns examples whose references hold entities.
        labels: Output of ``label_data``, to skip the collecting.
        """
        if labels is None:
            labels = sorted({ent.label_ for eg in get_examples() for ent in eg.reference.ents})
        for label in labels:
            self.add_label(label)
        if not self.labels:
            raise ValueError(f"'{self.name}' found no entities in the training data")
        docs = [eg.reference for eg in islice(get_examples(), 10)]
        n_tags = len(tag_names(self.labels))
        self.model.initialize(X=docs, Y=[self.model.ops.alloc2f(len(doc), n_tags) for doc in docs])

    def predict(self, docs: Sequence[Doc]) -> list[list[Entity]]:
        """Start, end, label and probability of each document's entities, without changing the documents.

        The probability of an entity is the lowest of its tokens' tag probabilities, given the constraints where whole
        sequences were learned.
        """
        if not any(len(doc) for doc in docs):
            return [[] for _ in docs]
        probabilities = numpy.concatenate([self.model.ops.to_numpy(p) for p in self.model.predict(docs)])
        scores, lengths = self._scores(docs, probabilities, constrain=True)
        tags = decode(scores, lengths)
        self._keep_marks_whole(docs, scores, tags)
        if self.cfg["loss"] == "sequence":
            probabilities, _ = marginals(scores, lengths)
        certainty = probabilities[numpy.arange(len(tags)), tags]
        predictions, offset = [], 0
        repeated = self.cfg.get("repeated_thresholds")  # pipelines of before 0.5.1 have none
        for doc in docs:
            rows = slice(offset, offset + len(doc))
            own = certainty[rows]
            found = (
                (start, end, self.labels[label], float(own[start:end].min()))
                for start, end, label in spans(tags[rows])
            )
            entities = [ent for ent in found if ent[3] >= self.cfg["threshold"]]
            if repeated and entities:
                entities = add_repeated_names(doc, entities, probabilities[rows], self.labels, repeated)
            predictions.append(entities)
            offset += len(doc)
        return predictions

    def set_annotations(self, docs: Sequence[Doc], predictions: list[list[Entity]]) -> None:
        """Set ``doc.ents``, and each entity's ``ent._.score``, from the output of ``predict``."""
        for doc, ents in zip(docs, predictions, strict=True):
            doc.set_ents([Span(doc, start, end, label=label) for start, end, label, _ in ents])
            for ent, (*_, score) in zip(doc.ents, ents, strict=True):
                ent._.score = score

    def update(
        self,
        examples: Iterable[Example],
        *,
        drop: float = 0.0,
        sgd: Optimizer | None = None,
        losses: dict[str, float] | None = None,
    ) -> dict[str, float]:
        """Learn from a batch; tokens without gold annotation may be anything."""
        losses = {} if losses is None else losses
        losses.setdefault(self.name, 0.0)
        examples = list(examples)
        validate_examples(examples, "EntityTagger.update")
        if not any(len(eg.predicted) for eg in examples):
            return losses
        set_dropout_rate(self.model, drop)
        probabilities, backprop = self.model.begin_update([eg.predicted for eg in examples])
        loss, gradients = self.get_loss(examples, probabilities)
        backprop(gradients)
        if sgd is not None:
            self.finish_update(sgd)
        losses[self.name] += loss
        return losses

    def get_loss(
        self, examples: Sequence[Example], probabilities: list[Floats2d]
    ) -> tuple[float, list[Floats2d]]:
        """Cross-entropy, averaged over the batch's tokens, and its gradient at the logits."""
        numbers = {name: number for number, name in enumerate(tag_names(self.labels))}
        gold = numpy.array([numbers.get(tag, -1) for eg in examples for tag in eg.get_aligned_ner()])
        given = numpy.concatenate([self.model.ops.to_numpy(p) for p in probabilities])
        if self.cfg["loss"] == "token":
            loss, gradient = _token_loss(given, gold)
        else:
            scores, lengths = self._scores([eg.predicted for eg in examples], given)
            loss, gradient = _sequence_loss(scores, lengths, gold)
        gradient = self.model.ops.asarray2f(gradient / len(gold))
        lengths_of_docs = self.model.ops.asarray1i([len(eg.predicted) for eg in examples])
        return loss / len(gold), self.model.ops.unflatten(gradient, lengths_of_docs)

    def _scores(
        self, docs: Sequence[Doc], probabilities: numpy.ndarray, *, constrain: bool = False
    ) -> tuple[numpy.ndarray, list[int]]:
        """Log-probabilities of the tags of all documents' tokens, and the lengths of the stretches to decode.

        constrain: Apply the component's constraints, and end a stretch at every token that is outside of spans for
            certain as well as at line breaks: many short ones are decoded faster than a few long ones.
        """
        scores = numpy.log(probabilities.astype("float64") + 1e-12)
        lengths: list[int] = []
        offset = 0
        for doc in docs:
            own = scores[offset : offset + len(doc)]
            if constrain and self.constraints is not None:
                self.constraints(doc, self.labels, own)
                numpy.maximum(own, FORBIDDEN, out=own)  # a sequence without forbidden tags may not exist
            ends = _forbid_space(doc, own)
            if constrain:
                ends |= own[:, OUTSIDE] >= _CERTAIN
            bounds = [0, *(numpy.flatnonzero(ends) + 1).tolist(), len(doc)]
            lengths += [end - start for start, end in pairwise(bounds) if end > start]
            offset += len(doc)
        return scores, lengths

    def _keep_marks_whole(self, docs: Sequence[Doc], scores: numpy.ndarray, tags: numpy.ndarray) -> None:
        pairs = self.cfg.get("whole_marks")  # pipelines of before 0.8 have none
        if not pairs:
            return
        ends = scores[:, OUTSIDE] >= _CERTAIN
        offset = 0
        for doc in docs:
            rows = slice(offset, offset + len(doc))
            keep_marks_whole(document_norms(doc), pairs, scores[rows], tags[rows], ends[rows])
            offset += len(doc)


def _token_loss(given: numpy.ndarray, gold: numpy.ndarray) -> tuple[float, numpy.ndarray]:
    """Of each token's softmax; tokens without gold (-1) are left out."""
    known = gold >= 0
    rows, columns = numpy.flatnonzero(known), gold[known]
    gradient = given * known[:, None]
    gradient[rows, columns] -= 1.0
    return -float(numpy.log(given[rows, columns] + 1e-12).sum()), gradient


def _sequence_loss(
    scores: numpy.ndarray, lengths: list[int], gold: numpy.ndarray
) -> tuple[float, numpy.ndarray]:
    """Of the valid tag sequences that have the gold tags among all valid ones, see ``baogao.layers.biluo.marginals``.

    Tokens without gold (-1) may have any tag. A stretch whose gold tags spell no allowed spans, such as one across a
    line break, teaches nothing.
    """
    expected, totals = marginals(scores, lengths)
    known = numpy.flatnonzero(gold >= 0)
    given = scores.copy()
    given[known] = FORBIDDEN
    given[known, gold[known]] = scores[known, gold[known]]
    observed, gold_totals = marginals(given, lengths)
    # Where no sequence has the gold tags, one without them has all the probability.
    fits = numpy.ones(len(scores))
    fits[known] = observed[known, gold[known]]
    starts = numpy.cumsum([0, *lengths[:-1]])
    possible = numpy.minimum.reduceat(fits, starts) > 0.5 if lengths else numpy.zeros(0, dtype=bool)
    gradient = (expected - observed) * numpy.repeat(possible, lengths)[:, None]
    return float((totals - gold_totals)[possible].sum()), gradient


def _forbid_space(doc: Doc, scores: numpy.ndarray) -> numpy.ndarray:
    """Keep spans from white space: none begins or ends there, none crosses a line break.

    scores (shape (len(doc), n_tags)): Changed in place.
    RETURNS (bool, shape (len(doc),)): Where line breaks are.
    """
    not_inside = numpy.delete(numpy.arange(1, scores.shape[1]), slice(1, None, 4))
    breaks = numpy.zeros(len(doc), dtype=bool)
    for i in numpy.flatnonzero(doc.to_array([IS_SPACE])):
        if "\n" in doc[int(i)].text:
            scores[i, 1:] = FORBIDDEN
            scores[i, OUTSIDE] = 0.0
            breaks[i] = True
        else:
            scores[i, not_inside] = FORBIDDEN
    return breaks
