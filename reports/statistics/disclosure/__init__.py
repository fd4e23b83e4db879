"""What may be printed: gates for companies, cells that would give hidden ones away."""

from __future__ import annotations
