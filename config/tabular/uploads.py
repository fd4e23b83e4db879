"""Files that come through a form: read as tables."""

from __future__ import annotations

from pathlib import Path

from django.core.files.uploadedfile import UploadedFile

from config.language.problems import InvalidInput, Problem, say
from config.tabular.tables import TextTable, parse

LARGEST = 50 * 2**20


def table_of(upload: UploadedFile[bytes] | None) -> TextTable:
    """Read an uploaded CSV or Excel file. Raises InvalidInput for none, one too large, or one that
    cannot be read.
    """
    if upload is None or not upload.name:
        raise InvalidInput(Problem("–", say("choose a file first")))
    name = Path(upload.name).name
    if upload.size is None or upload.size > LARGEST:
        raise InvalidInput(
            Problem(name, say("is larger than {most} MB"), {"most": LARGEST // 2**20})
        )
    return parse(upload.read(), name)
