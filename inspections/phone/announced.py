"""What a phone may announce, and what the first bytes of a file say it is. PURE but for the kinds
of evidence.
"""

from __future__ import annotations

import re

from config.language.problems import say
from config.storage.pictures import LARGEST as LARGEST_PICTURE
from inspections.visits.models import Evidence

Kind, Source = Evidence.Kind, Evidence.Source
MB = 2**20
KINDS = (Kind.PHOTO, Kind.SCREENSHOT, Kind.RECORDING, Kind.VOICE, Kind.CODE)
SOURCES = (Source.CAMERA, Source.GALLERY)
KIND_CHOICES = [(kind.value, kind.value) for kind in KINDS]
SOURCE_CHOICES = [(source.value, source.value) for source in SOURCES]
# a film of two minutes of a screen has some 20 MB, a voice memo of an hour 15
LARGEST = {
    Kind.PHOTO: LARGEST_PICTURE,
    Kind.SCREENSHOT: LARGEST_PICTURE,
    Kind.RECORDING: 64 * MB,
    Kind.VOICE: 20 * MB,
    Kind.CODE: 8192,
}
MOST_FILES = 100  # of one visit
SHA256 = re.compile(r"[0-9a-f]{64}")
TOO_LARGE = say("is larger than {most} MB")
A_PATH = say("is no name of a file")
NOT_THAT = say("is neither a recording nor a film (MP4, WebM, 3GP, MOV, M4A, OGG, MP3, WAV, AMR)")
NO_TEXT = say("is no text")


def complaint(*, name: str, kind: str, size: int) -> tuple[str, dict[str, int]]:
    """Return why something cannot be announced, with the values of the words; "" where it can."""
    if not name or any(c in name for c in "/\\") or not name.isprintable() or name in (".", ".."):
        return A_PATH, {}
    most = LARGEST[Kind(kind)]
    if size > most:
        return TOO_LARGE, {"most": max(most // MB, 1)}
    return "", {}


def mistaken(kind: str, content: bytes) -> str:
    """Return why bytes are not of the kind that was announced; "" where they are, and for pictures
    that are decoded later anyhow.
    """
    if kind in (Kind.RECORDING, Kind.VOICE) and not _is_recording(content):
        return NOT_THAT
    if kind == Kind.CODE:
        try:
            content.decode()
        except UnicodeDecodeError:
            return NO_TEXT
    return ""


def _is_recording(content: bytes) -> bool:
    """Say whether bytes begin as a container of sound or film does."""
    return (
        content[4:8] in (b"ftyp", b"moov", b"mdat")
        or content[:4] in (b"\x1a\x45\xdf\xa3", b"OggS")
        or content[:5] == b"#!AMR"
        or content[:3] == b"ID3"
        or (content[:4] == b"RIFF" and content[8:12] == b"WAVE")
        or (content[:1] == b"\xff" and len(content) > 1 and content[1] & 0xE0 == 0xE0)
    )
