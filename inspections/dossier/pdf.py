"""The dossier of a visit as PDF: what its page shows, in one language."""

from __future__ import annotations

import base64
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone

from config.console import printing
from config.language.languages import speaking
from config.language.texts import Language
from inspections.dossier.pack import kept
from inspections.review import presenter
from inspections.visits import chain
from inspections.visits.models import Evidence, Visit
from inspections.visits.scoring import score_of
from inspections.visits.selectors import PICTURES
from inspections.visits.services import copy_of
from surveys.collection.selectors import compiled
from surveys.responses.answer_text import lines

STYLE = settings.BASE_DIR / "inspections" / "templates" / "inspections" / "dossier" / "dossier.css"


def context(visit: Visit, language: Language) -> dict[str, Any]:
    """Return what a dossier shows, in one language."""
    questionnaire = compiled(visit.response.version_id)
    answers = visit.response.answers
    score = score_of(questionnaire, answers)
    events = list(visit.events.select_related("by"))
    return {
        "language": language,
        "visit": visit,
        "title": visit.campaign.survey.title.get(language),
        "organiser": visit.campaign.survey.organiser.get(language),
        "findings": presenter.findings(visit.findings.all(), questionnaire, language),
        "answers": list(lines(questionnaire, answers, language, {})),
        "evidence": presenter.evidence(visit.evidence.all()),
        "score": score,
        "place": presenter.place(visit),
        "metres": presenter.metres_away(visit),
        "history": presenter.history(events, questionnaire, language)[::-1],
        "head": events[-1].hash if events else "",
        "breaks": list(chain.breaks(visit)),
        "days": [root for root, _head, _path in chain.days_of(visit)],
    }


def dossier(visit: Visit, language: Language) -> bytes:
    """Return the dossier as PDF/A; its date is that of the last event, so that the same visit
    gives the same bytes.
    """
    with speaking(language):
        last = visit.events.order_by("-number").first()
        day = timezone.localdate(last.at if last else visit.received_at)
        pictures = {piece.pk: _inline(piece) for piece in kept(visit) if piece.kind in PICTURES}
        shown = {**context(visit, language), "day": day, "pictures": pictures}
        html = render_to_string("inspections/dossier/pdf.html", shown)
    return printing.pdf(html, [STYLE.read_text(encoding="utf-8")], day=day)


def _inline(piece: Evidence) -> str:
    return f"data:image/jpeg;base64,{base64.b64encode(copy_of(piece)).decode()}"
