"""What a document was made with: programs, Pango, fonts. Two machines that agree on these make
the same bytes.
"""

from __future__ import annotations

import hashlib
import platform
import subprocess
from functools import cache
from importlib.metadata import version
from pathlib import Path

from fontTools.ttLib import TTFont
from weasyprint.text.ffi import pango

LIBRARIES = ("Django", "numpy", "pandas", "pikepdf", "pyarrow", "scipy", "weasyprint", "XlsxWriter")
FACES = {
    "Noto Sans CJK SC": ("regular", "bold"),
    "Noto Serif CJK SC": ("bold",),
}


class FontMissing(Exception):
    """A font family that documents need is not installed."""


@cache
def versions() -> dict[str, object]:
    """Return the versions of everything that shapes the output, with the SHA-256 of each font
    file.
    """
    return {
        "python": platform.python_version(),
        **{name.lower(): version(name) for name in LIBRARIES},
        "pango": _pango(),
        "fonts": [_font(family, weight) for family, weights in FACES.items() for weight in weights],
    }


@cache
def drawn() -> frozenset[int]:
    """Return the code points that every face can draw; others would fall back to a font that
    nobody expects.
    """
    sets = []
    for family, weights in FACES.items():
        for weight in weights:
            file, index = _file(family, weight)
            with TTFont(file, fontNumber=index, lazy=True) as font:
                sets.append(frozenset(font.getBestCmap()))
    return frozenset.intersection(*sets)


def _pango() -> str:
    number = pango.pango_version()
    return f"{number // 10000}.{number // 100 % 100}.{number % 100}"


def _font(family: str, weight: str) -> dict[str, str]:
    file, index = _file(family, weight)
    with TTFont(file, fontNumber=index, lazy=True) as font:
        label = font["name"].getDebugName(5) or ""
    digest = hashlib.sha256(Path(file).read_bytes()).hexdigest()
    return {
        "family": family,
        "weight": weight,
        "version": label,
        "file": Path(file).name,
        "sha256": digest,
    }


@cache
def _file(family: str, weight: str) -> tuple[str, int]:
    """Return file and face that fontconfig takes. It falls back silently, so its answer is
    compared.
    """
    pattern = f"{family}:weight={'bold' if weight == 'bold' else 'regular'}"
    answer = subprocess.run(
        ["fc-match", "-f", "%{family}\n%{file}\n%{index}", pattern],
        capture_output=True,
        text=True,
        check=True,
    )
    families, file, index = answer.stdout.split("\n")
    if family not in families.split(","):
        raise FontMissing(
            f"the font {family} is not installed (Debian: apt-get install fonts-noto-cjk)"
        )
    return file, int(index) & 0xFFFF
