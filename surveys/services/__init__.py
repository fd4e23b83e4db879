"""What may be done in surveys: the module is the noun, the function the verb; keyword-only, atomic."""

from __future__ import annotations
