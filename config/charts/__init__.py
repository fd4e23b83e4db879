"""What pictures of the back office and of documents have in common. PURE."""

from __future__ import annotations
