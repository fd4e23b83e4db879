"""Collection points with an address of their own: open links, posters, tablets, links handed to
a company.
"""

from __future__ import annotations
