"""Surveys and their responses: accepted here and nowhere else, with the sampling design, quotas,
drafts and rights.
"""

from __future__ import annotations
