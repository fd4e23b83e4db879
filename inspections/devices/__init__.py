"""Phones of inspectors: each opens its owner's visits by a token of its own."""

from __future__ import annotations
