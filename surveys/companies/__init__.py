"""Companies under one name: lists, spellings, merges and splits with their history."""

from __future__ import annotations
