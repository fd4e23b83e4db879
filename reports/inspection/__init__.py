"""What a campaign found, by type of site and topic."""

from __future__ import annotations
