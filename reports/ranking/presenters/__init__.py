"""Plain functions that turn a ranking into finished words, numbers and pictures for templates."""

from __future__ import annotations
