"""Campaigns and the sites they go to, with who stands behind each."""

from __future__ import annotations
