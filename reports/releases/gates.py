"""The gates of a release: what has to be true before it goes on, each with the words that say what
is not, and who may pass it all the same.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from config.language.problems import say
from config.storage import files
from inspections.visits.models import Finding, Visit
from reports.plans import wording
from reports.production.models import Report
from reports.releases import log, steps
from reports.releases.models import Override, Release
from surveys.collection.models.survey import Survey


@dataclass(frozen=True)
class Gate:
    """A gate as a page shows it: `wrong` says why it is shut, "" where it is open."""

    name: str
    label: str
    wrong: str
    may_override: bool
    override: Override | None

    @property
    def is_passed(self) -> bool:
        """Whether nothing stands in the way: it is open, or two people passed it."""
        return not self.wrong or bool(self.override and self.override.second_id)


def gates_of(release: Release) -> list[Gate]:
    """Return every gate of a release in their order, with the overrides there are."""
    overrides = {one.gate: one for one in release.overrides.select_related("by", "second")}
    return [
        Gate(name, _(label), check(release), name in MAY_OVERRIDE, overrides.get(name))
        for name, (label, check) in GATES.items()
    ]


def _files(release: Release) -> str:
    if release.state == steps.DRAFT:
        return ""
    for file in release.files.all():
        try:
            content = files.read(file.sha256)
        except FileNotFoundError:
            return _("%(name)s is no longer there.") % {"name": file.name}
        if hashlib.sha256(content).hexdigest() != file.sha256:
            return _("%(name)s is not what was frozen.") % {"name": file.name}
    return ""


def _log(release: Release) -> str:
    broken = log.breaks(release.events.all())
    return broken and _("The log was changed at line %(number)d.") % {"number": broken[0]} or ""


def _withdrawals(release: Release) -> str:
    made = release.report.job.created_at
    gone = release.report.survey.responses.filter(withdrawn_at__gt=made).count()
    return (
        gone
        and ngettext(
            "%(n)d person has withdrawn the answers since the figures were made: make the report"
            " again.",
            "%(n)d people have withdrawn their answers since the figures were made: make the report"
            " again.",
            gone,
        )
        % {"n": gone}
        or ""
    )


def _words(release: Release) -> str:
    texts = (*release.title.as_dict().values(), *release.summary.as_dict().values())
    said = " ".join((*texts, *release.because.as_dict().values()))
    found = wording.never(said)
    if release.report.survey.sample == Survey.Sample.NONPROBABILITY:
        found += wording.not_measured(said)
    return (
        found
        and _("Title or summary say %(words)s, which this publication must not say.")
        % {"words": _(", ").join(f"“{word}”" for word in found)}
        or ""
    )


def _cleaning(release: Release) -> str:
    report = release.report
    if report.kind == Report.Kind.INSPECTION or report.survey.cleaned_at:
        return ""
    return _("Cleaning of the survey is not finished: flagged responses still count.")


def _findings(release: Release) -> str:
    if release.report.kind != Report.Kind.INSPECTION:
        return ""
    undecided = Finding.objects.filter(
        visit__campaign__survey=release.report.survey,
        visit__status=Visit.Status.ACCEPTED,
        confirmed_at__isnull=True,
        refused_because="",
    ).count()
    return (
        undecided
        and ngettext(
            "%(n)d finding has not been confirmed by a second person.",
            "%(n)d findings have not been confirmed by a second person.",
            undecided,
        )
        % {"n": undecided}
        or ""
    )


def _replies(release: Release) -> str:
    today = timezone.localdate()
    waiting = [
        one.company
        for one in release.replies.all()
        if not one.text and (one.due_on is None or one.due_on >= today)
    ]
    return (
        waiting
        and _("Not asked, or still to answer: %(companies)s.")
        % {"companies": _(", ").join(waiting)}
        or ""
    )


Check = Callable[[Release], str]
GATES: dict[str, tuple[str, Check]] = {
    "files": (say("The files are those that were frozen"), _files),
    "log": (say("The log is whole"), _log),
    "withdrawals": (say("Nobody has withdrawn answers since"), _withdrawals),
    "words": (say("Title and summary say nothing that must not be said"), _words),
    "cleaning": (say("Cleaning is finished"), _cleaning),
    "findings": (say("A second person confirmed every finding"), _findings),
    "replies": (
        say("Every company that is named was asked, and answered or let the day pass"),
        _replies,
    ),
}
# bytes or lines that changed, and answers that were taken back, are not a matter of opinion
MAY_OVERRIDE = GATES.keys() - {"files", "log", "withdrawals"}
