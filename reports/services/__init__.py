"""What may be done in reports: the module is the noun, the function the verb; keyword-only."""

from __future__ import annotations
