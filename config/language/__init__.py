"""Both languages: texts, problems in words, switching."""

from __future__ import annotations
