"""``baogao schema``: the JSON schema of a ledger record."""

from __future__ import annotations

import json

import typer

from ..ledger.record import record_schema


def schema() -> None:
    """Print the JSON schema of a ledger record.

    Example: baogao schema > record.schema.json
    """
    typer.echo(json.dumps(record_schema(), ensure_ascii=False, indent=2))
