"""What was concluded: the reports that were made."""

from __future__ import annotations

from reports.models.report import Report

__all__ = ["Report"]
