"""Cells read once each: a column of a million ratings has some ten different ones."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from reports.statistics.exact import Ints


def distinct(cells: pd.Series[str]) -> tuple[Ints, list[str]]:
    """Return the place of each cell among the different ones, and these in the order of first
    appearance.
    """
    codes, different = pd.factorize(cells)
    return codes.astype(np.int64), [str(cell) for cell in different]


def mapped(cells: pd.Series[str], read: Callable[[str], str]) -> pd.Series[str]:
    """Return the cells as `read` reads them, called once for each that is different."""
    codes, different = distinct(cells)
    values = np.array([read(cell) for cell in different], dtype=object)
    return pd.Series(values[codes], index=cells.index, dtype="str")
