"""The inspector's phone: pages that work without network, and what they send."""

from __future__ import annotations
