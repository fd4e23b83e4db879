"""Estimators, rank sets and gates: arrays in, frozen records out. No Django, no files, no clock,
no global seed.
"""

from __future__ import annotations
