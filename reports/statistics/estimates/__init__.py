"""Means, shares, ratios, totals and quantiles with their uncertainty."""

from __future__ import annotations
