"""Tables and YAML coming in with the place of every cell, and tables going out."""

from __future__ import annotations
