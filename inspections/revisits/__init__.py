"""Revisits (回头看): until when a finding is to be mended, who looks again, what they saw."""

from __future__ import annotations
