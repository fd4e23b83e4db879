"""What of a result is seen on the page of its report: the documents' own tables and pictures,
written by the job in both languages, so that the page computes nothing and shows nothing else than
what is printed.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from config.language.languages import in_both, spoken
from config.language.texts import Language
from reports.inspection import presenter as inspections
from reports.inspection.result import Inspection
from reports.publishing import bundle
from reports.ranking.presenters.report import report as ranking_words
from reports.ranking.result import Ranking
from reports.topline import presenter as toplines
from reports.topline.result import Topline

OPEN = 3  # questions of a topline that are seen without asking
Wording = Callable[[Language], Mapping[str, Any]]


def of_ranking(ranking: Ranking) -> dict[str, str]:
    """Return the classes of a ranking with its picture, by language."""
    # pages of companies are for the documents
    plan = replace(ranking.plan, print=replace(ranking.plan.print, pages="none"))
    return _said(
        "reports/ranking/on_page.html", partial(ranking_words, replace(ranking, plan=plan))
    )


def of_topline(topline: Topline) -> dict[str, str]:
    """Return the table of every question, by language; the first are open."""
    return _said("reports/topline/on_page.html", partial(toplines.topline, topline))


def of_inspection(inspection: Inspection) -> dict[str, str]:
    """Return where something was found and what, by language."""
    return _said("reports/inspection/on_page.html", partial(inspections.inspection, inspection))


def keep(report_id: int, said: Mapping[str, str]) -> None:
    """Keep what is seen of a report, beside its files and not among them."""
    shutil.rmtree(_folder(report_id), ignore_errors=True)
    files = {f"{language}.html": text.encode() for language, text in said.items()}
    bundle.write(files, _folder(report_id))


def seen(report_id: int, language: Language) -> SafeString:
    """Return what is seen of a report, nothing for one that was made before this was kept."""
    path = _folder(report_id) / f"{language}.html"
    # written by our own templates, which escape what comes from outside
    return mark_safe(path.read_text(encoding="utf-8")) if path.is_file() else SafeString("")


def _said(template: str, wording: Wording) -> dict[str, str]:
    return in_both(lambda: render_to_string(template, {**wording(spoken()), "open": OPEN}))


def _folder(report_id: int) -> Path:
    return Path(settings.VAR) / "reports" / "pages" / str(report_id)
