"""Give each relation label the threshold that serves it best on development data, and save the pipeline.

    python -m training.tune_thresholds training/runs/zh_baogao_sm/model-last corpus/docbin/dev.spacy OUT

One threshold for all labels is what ``spacy find-threshold`` chooses; it favours the frequent ones.
The chosen ones are saved in the component's ``cfg``, which wins over ``thresholds`` of the config.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Annotated

import spacy
import typer
from rich.console import Console
from rich.table import Table
from spacy.scorer import PRFScore
from spacy.tokens import Doc
from spacy.training import Corpus, Example
from spacy.util import import_file

from baogao.atomic import write_folder
from baogao.pipeline.relation_extractor import RelationExtractor
from baogao.relations import Relation, get_relations

GRID = tuple(round(0.05 * step, 2) for step in range(1, 20))


def scored_pairs(pipe: RelationExtractor, examples: Iterable[Example]) -> dict[str, tuple[list[float], int]]:
    """What each label's threshold decides.

    examples: Their predicted documents carry the entities whose pairs are classified.
    RETURNS: For each label the probabilities of the candidates, negative where the gold lacks the relation, and
        the number of gold relations.
    """
    pairs: dict[str, tuple[list[float], int]] = {label: ([], 0) for label in pipe.labels}
    for eg in examples:
        gold = {relation.key for relation in get_relations(eg.reference)}
        for label, (scores, n_gold) in pairs.items():
            pairs[label] = (scores, n_gold + sum(key[0] == label for key in gold))
        for relation in _all_candidates(pipe, eg.predicted):
            sign = 1 if relation.key in gold else -1
            pairs[relation.label][0].append(sign * relation.score)
    return pairs


def _all_candidates(pipe: RelationExtractor, doc: Doc) -> Sequence[Relation]:
    """The relations that a threshold of 0 would set."""
    copy, cfg = doc.copy(), pipe.cfg
    pipe.cfg = cfg | {"threshold": 0.0, "thresholds": {}}
    try:
        pipe.set_annotations([copy], pipe.predict([copy]))
    finally:
        pipe.cfg = cfg
    return get_relations(copy)


def label_score(scores: Sequence[float], n_gold: int, threshold: float) -> PRFScore:
    """Score of one label at a threshold; scores and n_gold as in :func:`scored_pairs`."""
    right = sum(score >= threshold for score in scores)
    wrong = sum(score <= -threshold for score in scores)
    return PRFScore(tp=right, fp=wrong, fn=n_gold - right)


def choose_thresholds(
    pairs: Mapping[str, tuple[list[float], int]], default: float, min_gold: int
) -> dict[str, float]:
    """For each label with at least ``min_gold`` gold relations the threshold of the best F1, the nearest to
    ``default`` of equal ones. Fewer relations than that choose noise."""
    chosen = {}
    for label, (scores, n_gold) in pairs.items():
        if n_gold >= min_gold:
            chosen[label] = max(
                GRID,
                key=lambda threshold: (
                    label_score(scores, n_gold, threshold).fscore,
                    -abs(threshold - default),
                ),
            )
    return chosen


def main(
    pipeline: Annotated[Path, typer.Argument(help="A trained pipeline.", exists=True)],
    data: Annotated[Path, typer.Argument(help="Development data, .spacy.", exists=True)],
    out: Annotated[Path, typer.Argument(help="Where to write the pipeline; may be the same folder.")],
    component: Annotated[str, typer.Option(help="Name of the component.")] = "relation_extractor",
    gold_ents: Annotated[bool, typer.Option(help="Between gold entities, not predicted ones.")] = False,
    min_gold: Annotated[int, typer.Option(help="Labels with fewer gold relations keep the default.")] = 20,
    code: Annotated[
        Path | None, typer.Option(help="Python file with code of your own, as for spacy train.", exists=True)
    ] = None,
) -> None:
    if code:
        import_file("python_code", code)
    try:
        nlp = spacy.load(pipeline)
    except (OSError, ValueError) as error:
        raise typer.BadParameter(f"{pipeline}: {error}") from error
    try:
        examples = list(Corpus(data)(nlp))
    except (OSError, ValueError) as error:
        raise typer.BadParameter(f"{data}: {error}") from error
    if not nlp.has_pipe(component):
        raise typer.BadParameter(f"{pipeline}: has no component '{component}'")
    pipe = nlp.get_pipe(component)
    with nlp.select_pipes(disable=nlp.pipe_names[nlp.pipe_names.index(component) :]):
        for eg, doc in zip(examples, nlp.pipe([eg.predicted for eg in examples]), strict=True):
            eg.predicted = doc
            if gold_ents:
                doc.ents = eg.get_aligned_spans_y2x(eg.reference.ents)
    pairs = scored_pairs(pipe, examples)
    default = pipe.cfg["threshold"]
    chosen = choose_thresholds(pairs, default, min_gold)
    table = Table("label", "gold", f"F1 at {default}", "threshold", "F1")
    for label, (scores, n_gold) in pairs.items():
        threshold = chosen.get(label, default)
        before, after = (label_score(scores, n_gold, value).fscore for value in (default, threshold))
        table.add_row(label, str(n_gold), f"{100 * before:.1f}", str(threshold), f"{100 * after:.1f}")
    Console().print(table)
    pipe.cfg["thresholds"] = chosen
    write_folder(out, nlp.to_disk)


if __name__ == "__main__":
    typer.run(main)
