"""The topline: every question with base, shares or mean, and interval."""

from __future__ import annotations
