"""Files that go out through a page: their headers, and tables as workbooks in which a text never
becomes a formula.
"""

from __future__ import annotations

import io
from collections.abc import Mapping

import pandas as pd
from django.http import HttpResponse
from django.utils.http import content_disposition_header

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def download(content: bytes, name: str, kind: str) -> HttpResponse:
    """Return bytes as a file to keep."""
    disposition = content_disposition_header(as_attachment=True, filename=name)
    return HttpResponse(
        content, content_type=kind, headers={"Content-Disposition": disposition or "attachment"}
    )


def workbook(sheets: Mapping[str, pd.DataFrame]) -> bytes:
    """Return a workbook with the frames as sheets; what begins with = stays a text."""
    out = io.BytesIO()
    options = {"options": {"strings_to_formulas": False, "strings_to_urls": False}}
    with pd.ExcelWriter(out, engine="xlsxwriter", engine_kwargs=options) as writer:
        for name, frame in sheets.items():
            frame.to_excel(writer, sheet_name=name[:31], index=False)
            writer.sheets[name[:31]].freeze_panes(1, 1)
    return out.getvalue()
