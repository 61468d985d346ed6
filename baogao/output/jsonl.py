"""JSON Lines: one record per line, with the report's name. Schema: ``baogao schema``."""

from __future__ import annotations

import json

from spacy.tokens import Doc


def encode(name: str, doc: Doc) -> bytes:
    lines = (json.dumps({"report": name, **record}, ensure_ascii=False) for record in doc._.ledger)
    return "".join(f"{line}\n" for line in lines).encode()
