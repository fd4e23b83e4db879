"""How far fieldwork is: counts, targets, rates, drop-off. Reads answers, changes none."""

from __future__ import annotations
