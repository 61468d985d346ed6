"""The page of a report: one HTML file with the text, its entities and relations, and the ledger."""

from .render import LANGUAGES, Language, render_page

__all__ = ["LANGUAGES", "Language", "render_page"]
