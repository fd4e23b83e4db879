"""Pages: parse, call one service or selector, answer."""

from __future__ import annotations
