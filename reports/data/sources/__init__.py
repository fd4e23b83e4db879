"""Any source becomes the same table of rows, with what was left out counted by reason."""

from __future__ import annotations
