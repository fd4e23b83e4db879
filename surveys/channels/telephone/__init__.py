"""Interviews on the telephone."""

from __future__ import annotations
