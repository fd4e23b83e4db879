"""OpenRosa 1.0, by which ODK Collect works with us unmodified."""

from __future__ import annotations
