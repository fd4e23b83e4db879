"""From the result of a campaign to what its template prints. Computes nothing."""

from __future__ import annotations

from typing import Any

from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from config.language.texts import Language
from reports.inspection.result import Inspection, Line, Proportion
from reports.publishing import numbers, wording
from reports.publishing.charts import bars

BAR = 170.0  # points


def inspection(result: Inspection, language: Language) -> dict[str, Any]:
    """Return what the template needs, in the active language."""
    manifest, survey = result.manifest, result.manifest.about
    return {
        "language": language,
        "title": survey.title.get(language),
        "publisher": survey.organiser.get(language),
        "demonstration": survey.demonstration,
        "sentence": wording.of_sample(survey.sample),
        "purposive": manifest.more["selection"] == "purposive",
        "dates": f"{manifest.first_day} – {manifest.last_day}",
        "subtitle": _("%(sites)s sites visited by %(people)s volunteers in pairs")
        % {"sites": numbers.count(result.sites), "people": result.inspectors},
        "sites": numbers.count(result.sites),
        "with_findings": numbers.count(result.with_findings),
        "without": numbers.count(result.sites - result.with_findings),
        "critical": numbers.count(result.critical),
        "findings": numbers.count(result.findings),
        "photographs": numbers.count(result.photographs),
        "headline": written(result.found[0].figures[0]),
        "found": [_line(line, language) for line in result.found],
        "heads": [_("All sites"), *(kind.get(language) for kind in result.kinds)],
        "topics": [_line(line, language) for line in result.topics],
        "revisits": [_line(line, language) for line in result.revisits],
        "snapshot_hash": result.snapshot_hash,
        "short_snapshot": numbers.short(result.snapshot_hash),
        "version": survey.version,
    }


def written(figure: Proportion | None) -> str:
    """Write a share with its interval: 31.7 (25.7–38.4)."""
    if figure is None:
        return ""
    return f"{100 * figure.share:.1f} ({100 * figure.low:.1f}–{100 * figure.high:.1f})"


def _line(line: Line, language: Language) -> dict[str, Any]:
    return {
        "label": line.label.get(language),
        "depth": line.depth,
        "cells": [_cell(f) for f in line.figures],
    }


def _cell(figure: Proportion | None) -> dict[str, Any]:
    if figure is None:
        return {}
    return {
        "of": f"{figure.x} / {figure.n}",
        "written": written(figure),
        "bar": mark_safe(bars.bar(figure.share, figure.low, figure.high, width=BAR)),
    }
