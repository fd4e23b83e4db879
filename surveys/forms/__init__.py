"""A questionnaire as finished rows for a page, and what a posted page says."""

from __future__ import annotations
