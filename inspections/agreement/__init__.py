"""Counts and raters: tests of shares, agreement between inspectors, response rates."""

from __future__ import annotations
