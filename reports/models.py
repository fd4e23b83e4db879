"""The models of every room, where Django looks for them; rooms import from each other."""

from __future__ import annotations

from reports.production.models import Report

__all__ = ["Report"]
