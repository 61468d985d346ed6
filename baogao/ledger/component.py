"""The component ``ledger``: the last of a pipeline, stateless."""

from __future__ import annotations

from spacy.language import Language
from spacy.tokens import Doc

from .build import build_ledger
from .extension import set_ledger


@Language.factory(
    "ledger",
    assigns=["doc._.ledger"],
    requires=["doc.ents", "doc._.relations"],
)
def create_ledger(nlp: Language, name: str) -> Ledger:
    """Factory of :class:`Ledger`."""
    return Ledger(name)


class Ledger:
    """Sets ``doc._.ledger`` from ``doc.ents`` and ``doc._.relations``.

    What the caller knows of a report goes into ``doc._.report`` before (``{"place": "山西省晋城市城区",
    "organ": "rd", "year": 2022}``, all optional); the rest is read from the text.
    """

    def __init__(self, name: str = "ledger") -> None:
        self.name = name

    def __call__(self, doc: Doc) -> Doc:
        set_ledger(doc, build_ledger(doc))
        return doc
