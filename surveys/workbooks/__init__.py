"""The questionnaires that are shipped: their words as plain data, and the script that makes
Excel workbooks of them.
"""

from __future__ import annotations
