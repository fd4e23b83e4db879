"""Answers as files for other programs: CSV, Excel, SPSS, and the codebook that explains them. Changes nothing."""

from __future__ import annotations
