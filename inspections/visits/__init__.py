"""Visits: recorded through the one entrance of answers, with findings and photographs."""

from __future__ import annotations
