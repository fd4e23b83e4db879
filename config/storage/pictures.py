"""Photographs from phones: looked at only as copies that were decoded and written anew."""

from __future__ import annotations

import io
import warnings

from PIL import Image, ImageOps, UnidentifiedImageError

from config.language.problems import InvalidInput, Problem, say

# a photograph of a phone has 12 to 50 million pixels; more is a bomb
Image.MAX_IMAGE_PIXELS = 50_000_000
LARGEST = 20 * 2**20
LONG_EDGE = 1600
QUALITY = 80


def for_looking(content: bytes, name: str) -> bytes:
    """Return the picture decoded and written anew as JPEG: no EXIF, no place, nothing that was
    hidden in the file.

    Raises InvalidInput for what is no picture, is cut off, or is too large.
    """
    if len(content) > LARGEST:
        message = say("is larger than {most} MB; take the photograph at a lower resolution")
        raise InvalidInput(Problem(name, message, {"most": LARGEST // 2**20}))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=("JPEG", "PNG", "WEBP")) as picture:
                picture.draft("RGB", (LONG_EDGE, LONG_EDGE))
                upright = ImageOps.exif_transpose(picture).convert("RGB")
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError):
        raise InvalidInput(
            Problem(name, say("is no complete picture (JPEG, PNG or WebP)"))
        ) from None
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise InvalidInput(Problem(name, say("has more than 50 million pixels"))) from None
    upright.thumbnail((LONG_EDGE, LONG_EDGE))
    out = io.BytesIO()
    upright.save(out, "JPEG", quality=QUALITY)
    return out.getvalue()
