"""What people are asked and what they answer. Imports config only."""

from __future__ import annotations
