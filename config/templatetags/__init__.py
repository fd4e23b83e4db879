"""What templates may ask beside what a view hands them."""

from __future__ import annotations
