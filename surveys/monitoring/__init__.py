"""How far fieldwork is: counts, targets, rates, drop-off."""

from __future__ import annotations
