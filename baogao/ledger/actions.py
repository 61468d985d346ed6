"""The verb that goes with a counted item, told by the words next to it and the table ``data/actions.csv``.

Words that are as often nouns (``also_noun`` in the table: 建设, 调研) count only where nothing comes before.
"""

from __future__ import annotations

import csv
import re
from functools import lru_cache
from pathlib import Path

_TABLE = Path(__file__).parent / "data" / "actions.csv"
_ADVERBS = r"(?:共计|总共|累计|先后|分别|相继|共|全|均|并|已|连续)"
# What may stand between a verb and its object: 召开了各类…, 共开展…, 辑印《….
_BETWEEN = re.compile(rf"(?:了|各类|各种|各项|有关|相关|首批|全部|等|为期|的|{_ADVERBS}|[《“‘\"\s])*$")
_ADVERBS_ONLY = re.compile(rf"(?:{_ADVERBS}|[、\s])*")


def action_before(text: str) -> str | None:
    """The verb that a text ends with, without aspect, adverbs and opening marks (``共召开了``: 召开)."""
    text = text[: _BETWEEN.search(text).start()]
    for length in range(min(_longest(), len(text)), 0, -1):
        before, verb = text[:-length], text[-length:]
        if verb in _verbs() and (not _verbs()[verb] or _ADVERBS_ONLY.fullmatch(before)):
            return verb
    return None


def is_action(text: str) -> bool:
    """Whether a text is itself a verb of the table."""
    return text in _verbs()


@lru_cache(maxsize=1)
def _verbs() -> dict[str, bool]:
    with _TABLE.open(encoding="utf8", newline="") as file:
        return {row["verb"]: row["also_noun"] == "yes" for row in csv.DictReader(file)}


@lru_cache(maxsize=1)
def _longest() -> int:
    return max(map(len, _verbs()))
