"""The plan of a ranking: what is compared, from what, on which scale, behind which gates. Knows
no Django, no data.
"""

from __future__ import annotations
