"""Single-use links for the people of a customer list."""

from __future__ import annotations
