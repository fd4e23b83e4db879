"""The directory of companies: lists in and out, one company with its history, merges and splits."""

from __future__ import annotations
