"""One id for all spellings of a political formula (提法), from the curated table ``data/slogans.csv``.

Only formulas whose meaning does not depend on the place are in the table: ``三化`` or ``四件大事`` mean one
thing in one report and another in the next, so they are kept as written. ``source`` names the document or
occasion that a formula is commonly traced to and ``first_use`` its date (the words may be older); both are
empty where that is not certain. They were written down from general knowledge and not checked against the
documents themselves.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

_TABLE = Path(__file__).parent / "data" / "slogans.csv"
# Traditional characters have several standard shapes; the table gives those of Taiwan.
_OTHER_SHAPES = {"爲": "为", "衆": "众", "羣": "群"}
_NOT_WORD = re.compile(r"[\W_]+")


class Slogan(NamedTuple):
    """A formula.

    id (Optional[str]): The same for all its spellings; None for a formula that the table does not know.
    canonical (str): Its usual wording; as written for one that the table does not know.
    meaning (Optional[str]): What it says, in one line of English.
    source (Optional[str]): Document or occasion it is traced to.
    first_use (Optional[str]): Date of the source, as ISO 8601 to the day, month or year.
    """

    id: str | None
    canonical: str
    meaning: str | None = None
    source: str | None = None
    first_use: str | None = None


def resolve_slogan(mention: str) -> Slogan:
    """The formula that a mention cites, whatever its quotes, punctuation and script."""
    return _table().get(_key(mention)) or Slogan(None, mention)


def read_slogans() -> tuple[Slogan, ...]:
    """All formulas of the table, in its order (the most frequent ones of the corpus first)."""
    return tuple(_slogan(row) for row in _rows())


def _key(text: str) -> str:
    """What two spellings of one formula have in common: simplified characters without punctuation."""
    return _NOT_WORD.sub("", unicodedata.normalize("NFKC", text)).translate(_to_simplified())


@lru_cache(maxsize=1)
def _table() -> dict[str, Slogan]:
    table: dict[str, Slogan] = {}
    for row in _rows():
        for spelling in (row["canonical"], *filter(None, row["variants"].split("|"))):
            table[_key(spelling)] = _slogan(row)
    return table


def _slogan(row: dict[str, str]) -> Slogan:
    return Slogan(
        row["id"], row["canonical"], row["meaning"] or None, row["source"] or None, row["first_use"] or None
    )


@lru_cache(maxsize=1)
def _to_simplified() -> dict[int, str]:
    """Character by character, from the table's two columns: no converter is needed for words this few."""
    pairs = dict(_OTHER_SHAPES)
    for row in _rows():
        pairs.update(zip(row["traditional"], row["canonical"], strict=True))
    return str.maketrans({a: b for a, b in pairs.items() if a != b})


@lru_cache(maxsize=1)
def _rows() -> tuple[dict[str, str], ...]:
    with _TABLE.open(encoding="utf8", newline="") as file:
        return tuple(csv.DictReader(file))
