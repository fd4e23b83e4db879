"""PURE: a workbook becomes a compiled questionnaire, and answers are checked against it. Knows
no Django.
"""

from __future__ import annotations
