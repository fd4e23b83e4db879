"""What every operation of the API has in common: who asks, what they may, how it is said that
something is wrong. Knows no room; each has an `api.py` of its own.
"""

from __future__ import annotations
