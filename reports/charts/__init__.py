"""Pictures as SVG text, the same for PDF and page. Knows no Django, no data source, and never sorts."""

from __future__ import annotations
