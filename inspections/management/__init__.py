"""Commands of the inspections."""

from __future__ import annotations
