"""Several augmenters as one: spaCy's corpus reader takes one."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from spacy.language import Language
from spacy.training import Example
from spacy.util import registry

Augmenter = Callable[[Language, Example], Iterator[Example]]


@registry.augmenters("baogao.chained_augmenters.v1")
def chain_augmenters(*augmenters: Augmenter) -> Augmenter:
    """Each augmenter gets what the one before it gives."""

    def augment(nlp: Language, example: Example) -> Iterator[Example]:
        examples = [example]
        for augmenter in augmenters:
            examples = [result for eg in examples for result in augmenter(nlp, eg)]
        yield from examples

    return augment
