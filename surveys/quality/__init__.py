"""Cleaning: what looks wrong with responses, and what two people decide."""

from __future__ import annotations
