"""Checks over all responses of a survey. PURE."""

from __future__ import annotations
