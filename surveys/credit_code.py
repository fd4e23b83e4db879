"""Kept under this name for migration 0001, which is never edited."""

from __future__ import annotations

from surveys.companies.credit_code import validate_credit_code

__all__ = ["validate_credit_code"]
