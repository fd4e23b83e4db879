"""Who was drawn, with what chance: designs, their totals, weights and replicates."""

from __future__ import annotations
