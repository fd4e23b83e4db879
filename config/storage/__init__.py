"""What is kept as bytes or sealed: stored files, pictures, keys, keyed hashes of visitors."""

from __future__ import annotations
