"""Interviews that a device sends, perhaps more than once: the same again is the same, something
else under a known uid is refused.
"""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from config.accounts.models import User
from config.language.texts import language_called
from surveys.collection import services as collection
from surveys.collection.models.collector import Collector
from surveys.collection.models.response import Response
from surveys.collection.models.survey import Survey
from surveys.collection.selectors import company_ids
from surveys.collection.services import NotOpen, Payload, Source
from surveys.questionnaires.answers import check

AHEAD = timedelta(minutes=10)  # that the clock of a device may go before ours


class Conflict(Exception):
    """Another response has this uid."""


class NoSuchWay(Exception):
    """The survey has no way in of this code that is open to interviewers."""


class NotYet(Exception):
    """Filled in at a time that lies ahead."""


def send(*, survey: Survey, payload: Payload, collector: str = "", by: User) -> Response:
    """Take in an interview; `is_new` of what comes back says whether this call made it.

    The survey has to have been open when the interview ended: a device may send it days later. One
    without a page is a campaign's, and once closed it takes nothing more, whenever that was.
    Raises NotOpen, NotYet, NoSuchWay, Conflict, and Refused as `accept` does.
    """
    known = Response.objects.filter(survey=survey, uid=payload.uid).first()
    if known is None:
        way = _way(survey, collector)
        if payload.submitted_at > timezone.now() + AHEAD:
            raise NotYet
        was_open = survey.state(payload.submitted_at) == "open"
        if not was_open or (not survey.has_page and survey.state() == "closed"):
            raise NotOpen
        source = Source(
            Response.Mode.INTERVIEW,
            "refuse",
            stratum=way.stratum if way else "",
            psu=way.psu if way else "",
            collector=way,
        )
        known = collection.accept(survey=survey, payload=payload, source=source, by=by)
    if not known.is_new and not _is_same(known, payload):
        raise Conflict
    return known


def _way(survey: Survey, code: str) -> Collector | None:
    if not code:
        return None
    kinds = (Collector.Kind.TABLET, Collector.Kind.TELEPHONE)
    found = survey.collectors.filter(code=code, is_active=True, kind__in=kinds).first()
    if found is None:
        raise NoSuchWay
    return found


def _is_same(known: Response, payload: Payload) -> bool:
    """Say whether answers are those that are kept, once they are checked as those were.

    Of a withdrawn response nothing is left to compare; it is not taken in again either way.
    """
    if known.status == Response.Status.WITHDRAWN:
        return True
    questionnaire = known.version.questionnaire
    ended = timezone.localtime(known.submitted_at).replace(tzinfo=None)
    companies = set(company_ids(known.survey))
    if question := questionnaire.company_question:  # one that was offered then, not now
        companies.add(str(known.answers.get(question.name)))
    checked = check(
        questionnaire,
        payload.answers,
        today=ended.date(),
        companies=companies,
        now=ended,
        seed=payload.uid.hex,
        language=language_called(known.language),
    )
    return not checked.flaws and checked.answers == known.answers
