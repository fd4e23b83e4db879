"""What becomes of a visit in the office: accepted, sent back, void; findings confirmed."""

from __future__ import annotations
