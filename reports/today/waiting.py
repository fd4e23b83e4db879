"""What waits for a person, in the order in which it should be done: each line a sentence and the
page where it is done, in as many queries for a hundred surveys as for one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from config.accounts.models import User
from config.work.models import Job
from inspections.assigning import selectors as assigning
from inspections.campaigns.models import Campaign
from inspections.visits.selectors import unvisited
from reports.production.models import Report
from surveys.channels.paper.models import PaperForm
from surveys.channels.paper.selectors import to_key_again, unsettled
from surveys.channels.telephone.services import promised
from surveys.collection.models.invitation import Invitation
from surveys.collection.models.response import ImportedFile, Response
from surveys.collection.models.survey import Survey
from surveys.collection.selectors import in_state
from surveys.quality.selectors import latest_cases

LATELY = timedelta(days=7)


@dataclass(frozen=True)
class Waiting:
    """One thing to do: what, about what, and the address of the page where it is done."""

    text: str
    about: str
    address: str


def waiting(person: User) -> list[Waiting]:
    """Return what waits for a person, by what they may do."""
    return [
        line for permission, find in FINDERS if person.has_perm(permission) for line in find(person)
    ]


def _calls(person: User) -> Iterator[Waiting]:
    cases = Invitation.objects.filter(survey__in=_open())
    due = promised(cases).filter(call_again_at__lte=timezone.now())
    for survey, n in _by_survey(due, "survey"):
        text = ngettext("%(n)s promised call is due", "%(n)s promised calls are due", n)
        yield _line(text, n, survey, "calls")


def _failed_imports(person: User) -> Iterator[Waiting]:
    for file in ImportedFile.objects.filter(_failed_of(person)).select_related("survey"):
        address = reverse("imports", args=[file.survey.slug])
        yield Waiting(
            _("An import stopped: %(name)s") % {"name": file.name}, file.survey.heading, address
        )


def _failed_reports(person: User) -> Iterator[Waiting]:
    for report in Report.objects.filter(_failed_of(person)).select_related("survey"):
        address = reverse("report", args=[report.pk])
        yield Waiting(_("A report was not made"), report.survey.heading, address)


def _second_readings(person: User) -> Iterator[Waiting]:
    forms = PaperForm.objects.filter(survey__in=_open())
    for survey, n in _by_survey(to_key_again(forms, person), "survey"):
        text = ngettext(
            "%(n)s paper form waits for its second keying",
            "%(n)s paper forms wait for their second keying",
            n,
        )
        yield _line(text, n, survey, "keying")


def _differences(person: User) -> Iterator[Waiting]:
    forms = PaperForm.objects.filter(survey__cleaned_at=None)
    for survey, n in _by_survey(unsettled(forms), "survey"):
        text = ngettext(
            "%(n)s paper form was read in two ways and has to be settled",
            "%(n)s paper forms were read in two ways and have to be settled",
            n,
        )
        yield _line(text, n, survey, "keying")


def _removals(person: User) -> Iterator[Waiting]:
    found = latest_cases(Survey.objects.filter(cleaned_at=None))
    proposed = found.filter(state="waits").exclude(proposed_by=person.pk)
    seconds = {survey.pk: n for survey, n in _by_survey(proposed, "run__survey")}
    open_ = {survey.pk: n for survey, n in _by_survey(found.filter(state="open"), "run__survey")}
    for survey in Survey.objects.filter(pk__in=seconds.keys() | open_.keys()):
        if n := seconds.get(survey.pk, 0):
            text = ngettext(
                "%(n)s removal waits for a second person",
                "%(n)s removals wait for a second person",
                n,
            )
            yield _line(text, n, survey, "cleaning")
        if n := open_.get(survey.pk, 0):
            text = ngettext(
                "%(n)s flagged response is to be decided",
                "%(n)s flagged responses are to be decided",
                n,
            )
            yield _line(text, n, survey, "cleaning")


def _checks(person: User) -> Iterator[Waiting]:
    closed = in_state(Survey.objects.filter(cleaned_at=None, quality_runs=None), "closed")
    for survey in closed.filter(responses__status=Response.Status.ACCEPTED).distinct():
        yield _line(
            _("Closed, and its responses were not looked through yet"), 0, survey, "cleaning"
        )


def _drafts(person: User) -> Iterator[Waiting]:
    for survey in Survey.objects.filter(opens_at=None, has_page=True):
        yield _line(_("Set up and not open yet"), 0, survey, "survey")


def _sites(person: User) -> Iterator[Waiting]:
    for survey, n in _by_survey(unvisited(_open(), person), "campaign__survey"):
        text = ngettext("%(n)s site was not visited yet", "%(n)s sites were not visited yet", n)
        yield _line(text, n, survey, "campaign")


def _assigned(person: User) -> Iterator[Waiting]:
    for campaign in Campaign.objects.filter(survey__in=_open()).select_related("survey"):
        found = assigning.assignments_of(campaign, person)
        own = assigning.of_person(found, person.get_username())
        if n := assigning.in_state(own, "waiting").count():
            text = ngettext("%(n)s visit is yours to make", "%(n)s visits are yours to make", n)
            yield _line(text, n, campaign.survey, "campaign-assignments")


def _steps(person: User) -> Iterator[Waiting]:
    today = timezone.localdate()
    purchases = Campaign.objects.filter(kind=Campaign.Kind.TEST_PURCHASE, survey__in=_open())
    for campaign in purchases.select_related("survey"):
        steps = assigning.steps_due(assigning.assignments_of(campaign, person), today)
        if n := sum(step.is_due for step in steps):
            text = ngettext(
                "The next step of %(n)s test purchase is due",
                "The next step of %(n)s test purchases is due",
                n,
            )
            yield _line(text, n, campaign.survey, "campaign-assignments")


def _without_role(person: User) -> Iterator[Waiting]:
    nobody = User.objects.filter(is_active=True, is_superuser=False, groups=None)
    if n := nobody.count():
        text = ngettext("%(n)s person has no role yet", "%(n)s people have no role yet", n)
        yield Waiting(text % {"n": n}, "", reverse("people"))


def _line(text: str, n: int, survey: Survey, page: str) -> Waiting:
    return Waiting(text % {"n": f"{n:,}"}, survey.heading, reverse(page, args=[survey.slug]))


def _by_survey(found: QuerySet[Any], path: str) -> list[tuple[Survey, int]]:
    """Return how many rows each survey has, `path` leading to it; two queries, however many surveys
    there are.
    """
    rows = found.order_by().values_list(path, "pk").distinct()
    counts = Counter(survey for survey, _pk in rows)
    return [(survey, counts[survey.pk]) for survey in Survey.objects.filter(pk__in=counts)]


def _open() -> QuerySet[Survey]:
    return in_state(Survey.objects.all(), "open")


def _failed_of(person: User) -> Q:
    since = timezone.now() - LATELY
    return Q(job__state=Job.State.FAILED, job__started_by=person, job__beat_at__gte=since)


FINDERS: tuple[tuple[str, Callable[[User], Iterator[Waiting]]], ...] = (
    ("responses.enter", _calls),
    ("responses.import", _failed_imports),
    ("reports.make", _failed_reports),
    ("responses.enter", _second_readings),
    ("responses.enter", _differences),
    ("responses.clean", _removals),
    ("responses.clean", _checks),
    ("surveys.manage", _drafts),
    ("visits.record", _steps),
    ("visits.record", _assigned),
    ("visits.record", _sites),
    ("people.manage", _without_role),
)
