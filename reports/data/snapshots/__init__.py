"""A data set frozen as Parquet with its manifest; everything is computed from the frozen file."""

from __future__ import annotations
