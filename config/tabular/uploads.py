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
    name, content = bytes_of(upload)
    return parse(content, name)


def bytes_of(upload: UploadedFile[bytes] | None) -> tuple[str, bytes]:
    """Return the name and the bytes of an uploaded file. Raises InvalidInput for none and one too
    large.
    """
    if upload is None or not upload.name:
        raise InvalidInput(Problem("–", say("choose a file first")))
    name = Path(upload.name).name
    if upload.size is None or upload.size > LARGEST:
        raise InvalidInput(
            Problem(name, say("is larger than {most} MB"), {"most": LARGEST // 2**20})
        )
    return name, upload.read()
