"""The ranking: rows to totals to estimates to ranks and classes, and its files."""

from __future__ import annotations
