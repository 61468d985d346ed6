"""Apache Parquet, columns as in ``rows.COLUMNS``. Needs the extra ``io``."""

from __future__ import annotations

import io

from spacy.tokens import Doc

from .rows import COLUMNS, row


def encode(name: str, doc: Doc) -> bytes:
    import pyarrow
    from pyarrow import parquet

    types = {
        str: pyarrow.string(), int: pyarrow.int64(), float: pyarrow.float64(), bool: pyarrow.bool_(),
    }  # fmt: skip
    schema = pyarrow.schema([(column, types[kind]) for column, kind in COLUMNS.items()])
    rows = [row(name, record) for record in doc._.ledger]
    file = io.BytesIO()
    parquet.write_table(pyarrow.Table.from_pylist(rows, schema=schema), file)
    return file.getvalue()
