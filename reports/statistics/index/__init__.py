"""How answers become one index, whether they belong together, what drives it and how much its
weights matter.
"""

from __future__ import annotations
