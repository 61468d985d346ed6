"""What a report is about as a whole: its place, its organ, its year."""

from __future__ import annotations

from functools import cached_property

from pydantic import BaseModel, ConfigDict
from spacy.tokens import Doc

from ..doc_strings import document_text, simplified
from ..normalise.bodies import BodyResolver, Organ, ReportContext, ResolvedBody, context_from_text
from ..normalise.report_year import report_year_from_text
from . import extension  # noqa: F401  (registers doc._.report)

_OPENING_PARAGRAPHS = 12  # title, salutation, heading and first paragraphs: where reports state their year


class Report(BaseModel):
    """``place`` and ``organ`` as in ``ReportContext``; ``year`` is the one reported on, not the next."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    place: str | None = None
    organ: Organ | None = None
    year: int | None = None

    @cached_property
    def resolver(self) -> BodyResolver:
        return BodyResolver(ReportContext(self.place, self.organ))

    @property
    def body(self) -> ResolvedBody:
        """The body that delivers the report; unresolved where place or organ is not known."""
        return self.resolver.reporting_body

    def is_own(self, mention: str) -> bool:
        """Whether a mention is the reporting body, the organ it belongs to, or offices of either."""
        return _is_part(self.resolver.resolve(mention), self.body)


def _is_part(body: ResolvedBody, own: ResolvedBody) -> bool:
    if body.members:
        return all(_is_part(member, own) for member in body.members)
    if body.kind is None or own.kind is None:
        return False
    # Not the code alone: bodies of the nation and of a place that several bear have none.
    same_place = (body.place_code, body.level) == (own.place_code, own.level)
    return same_place and body.kind.startswith(own.kind.removesuffix("_committee"))


def report_of(doc: Doc) -> Report:
    """What ``doc._.report`` says, and for the rest what the text says of itself.

    Raises pydantic's ``ValidationError``, a ``ValueError``, if ``doc._.report`` holds something else.
    """
    known = Report.model_validate(doc._.report or {})
    if known.place and known.organ and known.year:
        return known
    text = simplified(document_text(doc), doc.vocab).lstrip()
    context = context_from_text(text)
    title, *paragraphs = text.split("\n", _OPENING_PARAGRAPHS + 1)[: _OPENING_PARAGRAPHS + 1]
    return Report(
        place=known.place or context.place,
        organ=known.organ or context.organ,
        year=known.year or report_year_from_text(title, paragraphs),
    )
