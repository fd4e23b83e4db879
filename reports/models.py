"""The models of every room, where Django looks for them. Rooms import from each other, not from
here.
"""

from __future__ import annotations

from reports.production.models import Report

__all__ = ["Report"]
