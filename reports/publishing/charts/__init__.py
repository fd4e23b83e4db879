"""Charts as SVG text. PURE."""

from __future__ import annotations
