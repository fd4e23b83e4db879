"""What is concluded and published. May import surveys, inspections and config."""

from __future__ import annotations
