"""What inspectors saw. May import surveys and config."""

from __future__ import annotations
