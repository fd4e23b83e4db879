"""A ranking as files: PDF in two languages, tables, machine-readable data, and the manifest that ties them together."""

from __future__ import annotations
