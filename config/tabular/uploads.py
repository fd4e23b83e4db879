"""Files that come through a form: read as tables."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from django.core.files.uploadedfile import UploadedFile

from config.language.problems import InvalidInput, Problem, say
from config.tabular.tables import TextTable, is_large, parse

LARGEST = 50 * 2**20


@dataclass(frozen=True)
class SentFile:
    """A file that somebody sent, not looked into yet."""

    name: str
    content: bytes

    @property
    def is_large(self) -> bool:
        """Whether reading it would hold up others (`tables.is_large`)."""
        return is_large(self.content)

    def table(self) -> TextTable:
        """Read it. Raises InvalidInput."""
        return parse(self.content, self.name)


def sent(upload: UploadedFile[bytes] | None) -> SentFile:
    """Return an uploaded file. Raises InvalidInput for none and one too large."""
    if upload is None or not upload.name:
        raise InvalidInput(Problem("–", say("choose a file first")))
    name = Path(upload.name).name
    if upload.size is None or upload.size > LARGEST:
        raise InvalidInput(
            Problem(name, say("is larger than {most} MB"), {"most": LARGEST // 2**20})
        )
    return SentFile(name, upload.read())


def table_of(upload: UploadedFile[bytes] | None) -> TextTable:
    """Read an uploaded CSV or Excel file. Raises InvalidInput as `sent` does, and for one that
    cannot be read.
    """
    return sent(upload).table()
