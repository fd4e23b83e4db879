"""The frame of the back office's pages, and pages on paper."""

from __future__ import annotations
