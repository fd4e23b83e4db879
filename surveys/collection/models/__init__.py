"""Surveys, responses and what hangs on them: fields, constraints and querysets, no computing."""

from __future__ import annotations
