"""Photographs from phones: looked at only as copies that were decoded and written anew."""

from __future__ import annotations

import io
import warnings
from collections.abc import Sequence

from PIL import Image, ImageOps, UnidentifiedImageError

from config.language.problems import InvalidInput, Problem, say

# a photograph of a phone has 12 to 50 million pixels; more is a bomb
Image.MAX_IMAGE_PIXELS = 50_000_000
LARGEST = 20 * 2**20
LONG_EDGE = 1600
QUALITY = 80
BLOCKS = 4  # across an area that is made illegible


def likeness(content: bytes) -> str:
    """Return 64 bits, as 16 hex digits, of how a picture looks: alike pictures differ in few of
    them. Difference hash: of a picture 9 x 8 grey, whether each dot is darker than its neighbour.

    Raises InvalidInput as `for_looking` does.
    """
    with Image.open(io.BytesIO(for_looking(content, ""))) as picture:
        grey = picture.convert("L").resize((9, 8), Image.Resampling.BOX)
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
