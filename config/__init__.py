"""The ground floor every room stands on: settings, URLs, users, messages. Imports none of the
three rooms.
"""

from __future__ import annotations

__version__ = "0.1.0"
