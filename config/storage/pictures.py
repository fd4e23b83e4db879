"""Photographs from phones: looked at only as copies that were decoded and written anew."""

from __future__ import annotations

import io
import warnings
from collections.abc import Sequence

import pi_heif
from PIL import Image, ImageOps, UnidentifiedImageError

from config.language.problems import InvalidInput, Problem, say

# of a HEIC file the picture alone: no thumbnails, maps of depth or gain
pi_heif.register_heif_opener(thumbnails=False, depth_images=False, aux_images=False)
FORMATS = ("JPEG", "PNG", "WEBP", "HEIF")
# a photograph of a phone has 12 to 50 million pixels; more is a bomb
Image.MAX_IMAGE_PIXELS = 50_000_000
LARGEST = 20 * 2**20
LONG_EDGE = 1600
QUALITY = 80
SMALL = 64  # px; of a picture of which only 9 x 8 dots are wanted
BLOCKS = 4  # across an area that is made illegible


def likeness(content: bytes, name: str) -> str:
    """Return 64 bits, as 16 hex digits, of how a picture looks: alike pictures differ in few of
    them. Difference hash: of a picture 9 x 8 grey, whether each dot is darker than its neighbour.

    The whole file is decoded, a JPEG at an eighth of its size, so that one that is cut off is found
    here. Raises InvalidInput as `for_looking` does.
    """
    grey = _upright(content, name, SMALL).convert("L").resize((9, 8), Image.Resampling.BOX)
    dots = grey.tobytes()
    bits = (dots[row * 9 + i] < dots[row * 9 + i + 1] for row in range(8) for i in range(8))
    return f"{int(''.join('01'[bit] for bit in bits), 2):016x}"


def blurred(content: bytes, areas: Sequence[tuple[int, int, int, int]], name: str) -> bytes:
    """Return the picture as `for_looking` has it, with areas that nobody can make out any more.

    An area is left, top, right, bottom in thousandths of width and height. It is made of blocks,
    few across, so that what was there cannot be worked out. Raises InvalidInput as `for_looking`
    does.
    """
    with Image.open(io.BytesIO(for_looking(content, name))) as picture:
        out = picture.convert("RGB")
    for left, top, right, bottom in areas:
        box = (
            left * out.width // 1000,
            top * out.height // 1000,
            max(right * out.width // 1000, left * out.width // 1000 + 1),
            max(bottom * out.height // 1000, top * out.height // 1000 + 1),
        )
        part = out.crop(box)
        blocks = part.resize((BLOCKS, BLOCKS), Image.Resampling.BOX)
        out.paste(blocks.resize(part.size, Image.Resampling.NEAREST), box)
    written = io.BytesIO()
    out.save(written, "JPEG", quality=QUALITY)
    return written.getvalue()


def for_looking(content: bytes, name: str) -> bytes:
    """Return the picture decoded and written anew as JPEG: no EXIF, no place, nothing that was
    hidden in the file.

    Raises InvalidInput for what is no picture, is cut off, or is too large.
    """
    upright = _upright(content, name, LONG_EDGE)
    upright.thumbnail((LONG_EDGE, LONG_EDGE))
    out = io.BytesIO()
    upright.save(out, "JPEG", quality=QUALITY)
    return out.getvalue()


def _upright(content: bytes, name: str, edge: int) -> Image.Image:
    """Return a picture decoded, as it is held; a JPEG no larger than it takes for a long edge of so
    many px. Raises InvalidInput.
    """
    if len(content) > LARGEST:
        message = say("is larger than {most} MB; take the photograph at a lower resolution")
        raise InvalidInput(Problem(name, message, {"most": LARGEST // 2**20}))
    if _is_cut_off(content):
        raise InvalidInput(Problem(name, say("is cut off: its end is missing")))
    if _is_two_at_once(content):
        raise InvalidInput(Problem(name, say("is a picture and another kind of file at once")))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=FORMATS) as picture:
                picture.draft("RGB", (edge, edge))
                return ImageOps.exif_transpose(picture).convert("RGB")
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError):
        raise InvalidInput(
            Problem(name, say("is no complete picture (JPEG, PNG, WebP or HEIC)"))
        ) from None
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise InvalidInput(Problem(name, say("has more than 50 million pixels"))) from None


def _is_cut_off(content: bytes) -> bool:
    """Say whether the end of a JPEG or HEIC file is missing; their decoders forgive that."""
    if content[:2] == b"\xff\xd8":
        return not _has_end(content)
    return content[4:8] == b"ftyp" and not _is_filled(content)


def _is_two_at_once(content: bytes) -> bool:
    """Say whether other programs would take a picture for a page or a PDF, which they look for in
    its beginning, or for a ZIP, whose directory ends it. The film that phones put behind a picture
    is none of these.
    """
    head = content[:1024].lower()
    if any(mark in head for mark in (b"%pdf-", b"<html", b"<script", b"<!doctype")):
        return True
    end = content.rfind(b"PK\x05\x06", -(2**16) - 22)
    said = int.from_bytes(content[end + 20 : end + 22], "little")  # bytes of its comment
    return end >= 0 and end + 22 + said == len(content)


def _has_end(jpeg: bytes) -> bool:
    """Say whether the picture's own end marker is there; the small picture inside the EXIF data has
    an end of its own. ITU-T T.81, B.1.1.
    """
    at = 2
    while jpeg[at : at + 1] == b"\xff":
        if jpeg[at + 1 : at + 2] == b"\xda":
            return jpeg.find(b"\xff\xd9", at) > 0
        at += 2 + int.from_bytes(jpeg[at + 2 : at + 4], "big")
    return False


def _is_filled(heic: bytes) -> bool:
    """Say whether the last box ends where the file does, or says nothing of its size. ISO/IEC
    14496-12, 4.2.
    """
    at = 0
    while at + 8 <= len(heic):
        size = int.from_bytes(heic[at : at + 4], "big")
        if size == 1:
            size = int.from_bytes(heic[at + 8 : at + 16], "big")
        if size < 8:
            return size == 0
        at += size
    return at == len(heic)
