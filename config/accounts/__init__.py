"""People of the association: who signs in, what they may do, and the record of what they did."""

from __future__ import annotations
