"""The association's two jobs of 2023, rebuilt with invented companies and simulated answers
(design 6, D15).
"""

from __future__ import annotations
