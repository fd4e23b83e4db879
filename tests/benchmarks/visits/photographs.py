"""Photographs of 300 kB, each other than all others, and the peer: the same files written and
synced.
"""

from __future__ import annotations

import io
import os
import random
import time
from functools import cache
from pathlib import Path

from PIL import Image

PHOTOS = 5  # of a visit
SIZE = 300_000  # bytes
LIKE_A_PHONE = (1600, 1200)


def photograph(visit: int, number: int) -> bytes:
    """Return a JPEG picture of SIZE bytes: one of PHOTOS that are decoded, with a comment of its
    own, so that no two are the same file.
    """
    picture = _pictures()[number]
    said = f"{visit}:{number}:".encode()
    said += random.Random(said).randbytes(SIZE - len(picture) - 4 - len(said))
    # a segment COM behind the SOI marker; ITU-T T.81, B.2.4.5
    return picture[:2] + b"\xff\xfe" + (len(said) + 2).to_bytes(2, "big") + said + picture[2:]


def written_and_synced(folder: Path, visits: int) -> float:
    """Return the seconds that it takes to write the same files one after the other, each synced
    before the next.
    """
    spent = 0.0
    for visit in range(visits):
        for number in range(PHOTOS):
            content = photograph(visit, number)
            begun = time.perf_counter()
            with (folder / f"{visit}-{number}").open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            spent += time.perf_counter() - begun
    return spent


@cache
def _pictures() -> list[bytes]:
    """Return pictures somewhat smaller than SIZE: a shape with as much grain as that takes."""
    return [_grained(seed) for seed in range(PHOTOS)]


def _grained(seed: int) -> bytes:
    rough = Image.new("RGB", (40, 30))
    rough.putdata([tuple(random.Random(seed * 9999 + n).randbytes(3)) for n in range(1200)])
    smooth = rough.resize(LIKE_A_PHONE, Image.Resampling.BICUBIC)
    noise = Image.effect_noise(LIKE_A_PHONE, 60).convert("RGB")
    grained = Image.blend(smooth, noise, 0.12)
    for quality in range(95, 20, -1):
        out = io.BytesIO()
        grained.save(out, "JPEG", quality=quality)
        if SIZE - 60_000 < len(out.getvalue()) < SIZE - 1000:
            return out.getvalue()
    raise AssertionError("no quality makes a picture of that size")
