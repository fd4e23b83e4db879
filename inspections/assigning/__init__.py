"""Who goes where: dealt at random within the rules, changed by hand with a reason, printed."""

from __future__ import annotations
