"""Workbooks on their way to a frozen questionnaire: uploaded, tried, compared, frozen."""

from __future__ import annotations
