"""Excel workbook with one sheet, columns as in ``rows.COLUMNS``. Needs the extra ``io``."""

from __future__ import annotations

import io

from spacy.tokens import Doc

from .rows import COLUMNS, row


def encode(name: str, doc: Doc) -> bytes:
    from openpyxl import Workbook

    workbook = Workbook()
    sheet = workbook.active
    sheet.title = "ledger"
    sheet.append(list(COLUMNS))
    for record in doc._.ledger:
        sheet.append(list(row(name, record).values()))
        for cell in sheet[sheet.max_row]:
            if isinstance(cell.value, str):  # "=1+1" is no formula here, "#N/A" no error
                cell.data_type = "s"
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = sheet.dimensions
    file = io.BytesIO()
    workbook.save(file)
    return file.getvalue()
