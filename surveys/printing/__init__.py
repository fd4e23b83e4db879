"""Printed matter of a survey: posters with a code, questionnaires on paper."""

from __future__ import annotations
