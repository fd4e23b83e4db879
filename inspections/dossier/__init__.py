"""One visit for a lawyer: a page, the same as PDF, and the pack with everything behind it."""

from __future__ import annotations
