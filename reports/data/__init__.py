"""Where numbers come from: any source becomes one table, a table becomes a frozen snapshot."""

from __future__ import annotations
