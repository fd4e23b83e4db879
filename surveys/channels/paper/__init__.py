"""Questionnaires on paper: printed, keyed twice, settled."""

from __future__ import annotations
