"""Tags of the inspections' templates."""

from __future__ import annotations
