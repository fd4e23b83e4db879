"""What is done with a release: drafted from a report, taken from step to step, replied to, put
right, withdrawn. Every function writes its line in the log and in the audit trail.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from config.accounts import audit
from config.accounts.models import User
from config.language.languages import speaking
from config.language.texts import LANGUAGES
from config.storage import files
from config.work.models import Job
from reports.production import on_page
from reports.production.models import Report
from reports.publishing.bundle import MANIFEST
from reports.releases import gates, log, steps
from reports.releases.models import Override, Release, ReleaseFile, Reply
from reports.releases.steps import Step

TEXTS = ("title_zh", "title_en", "summary_zh", "summary_en")
BECAUSE = ("because_zh", "because_en")
RANKING = "ranking.json"


class NotPossible(Exception):
    """The release cannot do this now; the words say why and what to do."""


@transaction.atomic
def draft(*, report: Report, slug: str, texts: Mapping[str, str], by: User) -> Release:
    """Begin the first version of a release. Raises NotPossible."""
    _require_done(report)
    if Release.objects.filter(slug=slug).exists():
        raise NotPossible(
            _("A release has this address already. What was wrong in it is put right on its page.")
        )
    made = Release.objects.create(report=report, slug=slug, **{k: texts[k] for k in TEXTS})
    _tell(made, "draft", by=by, report=report.pk)
    return made


@transaction.atomic
def correct(*, release: Release, report: Report, because: Mapping[str, str], by: User) -> Release:
    """Begin the version that takes the place of a published one. Raises NotPossible."""
    release = _locked(release)
    if release.state != steps.PUBLISHED:
        raise NotPossible(_("Only what is published, and not corrected yet, can be corrected."))
    if Release.objects.filter(corrects=release).exists():
        raise NotPossible(_("A correction has been begun already."))
    if (report.survey_id, report.kind) != (release.report.survey_id, release.report.kind):
        raise NotPossible(_("The new report has to be of the same kind and the same survey."))
    _require_done(report)
    made = Release.objects.create(
        report=report,
        slug=release.slug,
        version=_next(release.version),
        corrects=release,
        **{name: getattr(release, name) for name in TEXTS},
        **{name: because[name] for name in BECAUSE},
    )
    _tell(made, "draft", by=by, report=report.pk, corrects=release.version)
    return made


@transaction.atomic
def change(*, release: Release, texts: Mapping[str, str], by: User) -> None:
    """Write title and summary anew, and why it corrects another. Raises NotPossible outside of the
    draft.
    """
    release = _locked(release)
    if release.state != steps.DRAFT:
        raise NotPossible(_("What is frozen is not changed; send it back to the draft first."))
    before = {name: getattr(release, name) for name in texts}
    for name, text in texts.items():
        setattr(release, name, text)
    release.save(update_fields=list(texts))
    changed = [name for name in texts if before[name] != texts[name]]
    _tell(release, "change", by=by, before=before, changed=changed)


@transaction.atomic
def take(
    *,
    release: Release,
    step: Step,
    by: User,
    reason: str = "",
    means: str = "",
    due_on: date | None = None,
    public_from: datetime | None = None,
) -> Release:
    """Take a step. means and due_on are how companies were asked and their last day (`ask`);
    public_from is the end of an embargo (`publish`), None for now. Raises NotPossible.
    """
    release = _locked(release)
    _require(release, step, by, reason)
    data: dict[str, Any] = {}
    if step.name == "freeze":
        data["files"] = _freeze(release)
    elif step.name == "ask":
        data |= _ask(release, means, due_on)
    elif step.name == "publish":
        release.public_from = _moment(release, public_from)
        data["public_from"] = release.public_from.isoformat()
        if release.corrects:
            _mark_corrected(release.corrects, by)
    elif step.name == "back":
        release.overrides.all().delete()  # the log keeps what was said
    before, release.state = release.state, step.after
    release.save(update_fields=["state", "public_from"])
    _tell(release, step.name, by=by, reason=reason, before={"state": before}, **data)
    return release


@transaction.atomic
def record_reply(*, reply: Reply, text: str, replied_on: date, by: User) -> None:
    """Write down what a company answered, word for word. Raises NotPossible."""
    release = _locked(reply.release)
    if release.state not in (steps.ASKED, steps.DECIDED):
        raise NotPossible(_("Replies are taken after the companies were asked, until publication."))
    before = {"text": reply.text}
    reply.text, reply.replied_on = text, replied_on
    reply.save(update_fields=["text", "replied_on"])
    digest = hashlib.sha256(text.encode()).hexdigest()
    _tell(release, "reply", by=by, before=before, company=reply.company, sha256=digest)


@transaction.atomic
def override(*, release: Release, gate: str, reason: str, by: User) -> Override:
    """Ask that a shut gate be passed; a second person has to agree. Raises NotPossible."""
    release = _locked(release)
    shut = {one.name: one for one in gates.gates_of(release) if one.wrong and not one.override}
    if gate not in gates.MAY_OVERRIDE or gate not in shut:
        raise NotPossible(_("This gate is open, was passed, or cannot be passed."))
    made = release.overrides.create(gate=gate, said=shut[gate].wrong, reason=reason, by=by)
    _tell(release, "override", by=by, reason=reason, gate=gate)
    return made


@transaction.atomic
def agree(*, override: Override, by: User) -> None:
    """Agree as the second person that a gate is passed. Raises NotPossible."""
    release = _locked(override.release)
    if override.by_id == by.pk:
        raise NotPossible(_("Somebody else has to agree."))
    if override.second_id or release.state in steps.PUBLIC:
        raise NotPossible(_("This has been decided."))
    override.second = by
    override.save(update_fields=["second"])
    _tell(release, "agree", by=by, gate=override.gate)


def is_possible(release: Release, step: Step, by: User) -> str:
    """Return why somebody cannot take a step now, "" where nothing but a reason may be missing."""
    try:
        _require(release, step, by, "…")
    except NotPossible as refused:
        return str(refused)
    return ""


def _locked(release: Release) -> Release:
    return (
        Release.objects.select_for_update(of=("self",))
        .select_related("report__survey", "report__job", "corrects")
        .get(pk=release.pk)
    )


def _require(release: Release, step: Step, by: User, reason: str) -> None:
    if release.state not in step.before:
        raise NotPossible(_("The release is already %(state)s.") % {"state": release.state_label})
    if not by.has_perm(step.permission):
        raise NotPossible(_("Your role does not allow this step."))
    if step.needs_reason and not reason.strip():
        raise NotPossible(_("Give a reason."))
    if step.name in steps.BY_FOUR and (other := _done_by(release, by) - {step.name}):
        done = _(steps.STEPS[min(other)].done)
        raise NotPossible(
            _("Somebody else has to do this: you are the one who did “%(done)s”.") % {"done": done}
        )
    if step.name == "freeze":
        _require_done(release.report)
    for gate in gates.gates_of(release):
        if gate.name in step.gates and not gate.is_passed:
            raise NotPossible(gate.wrong)


def _done_by(release: Release, by: User) -> set[str]:
    """Return which of the four steps somebody took since the release was last a draft."""
    done: set[str] = set()
    for event in release.events.all():
        if event.kind == "back":
            done.clear()
        elif event.by_id == by.pk and event.kind in steps.BY_FOUR:
            done.add(event.kind)
    return done


def _freeze(release: Release) -> dict[str, str]:
    """Keep the report's files as they are, and write down which companies they name. Return the
    hashes by name. Raises NotPossible where a file is not what the report's manifest says.
    """
    report = release.report
    contents = {name: report.content(name) for name in report.files}
    known = json.loads(contents[MANIFEST])["files"]
    for name, content in contents.items():
        if name in known and known[name] != hashlib.sha256(content).hexdigest():
            raise NotPossible(_("%(name)s is not what the report made.") % {"name": name})
    release.files.all().delete()
    for name, content in contents.items():
        _keep(release, name, content)
    for language in LANGUAGES:
        with speaking(language):
            _keep(release, f"{language}.html", on_page.seen(report.pk, language).encode(), True)
    names = _named(contents)
    release.replies.exclude(company__in=names).delete()
    for name in names:
        release.replies.get_or_create(company=name)
    return {file.name: file.sha256 for file in release.files.all()}


def _keep(release: Release, name: str, content: bytes, is_page: bool = False) -> None:
    ReleaseFile.objects.create(
        release=release,
        name=name,
        sha256=files.keep(content),
        size=len(content),
        is_page=is_page,
    )


def _named(contents: Mapping[str, bytes]) -> list[str]:
    """Return the companies about which a ranking says something; a topline or an inspection says
    nothing about one.
    """
    if RANKING not in contents:
        return []
    companies = json.loads(contents[RANKING])["companies"]
    return [company["name"] for company in companies if company["status"] != "withheld"]


def _ask(release: Release, means: str, due_on: date | None) -> dict[str, str]:
    if not release.replies.exists():
        return {}
    if not means.strip() or due_on is None or due_on < timezone.localdate():
        raise NotPossible(_("Say how the companies were asked and until when they may answer."))
    release.replies.filter(text="").update(
        asked_on=timezone.localdate(), means=means, due_on=due_on
    )
    return {"means": means, "due_on": due_on.isoformat()}


def _moment(release: Release, asked: datetime | None) -> datetime:
    now = timezone.now()
    if asked is None:
        return now
    if asked < now:
        raise NotPossible(_("The end of the embargo has passed; leave it empty to publish now."))
    if release.corrects_id:
        raise NotPossible(_("A correction is published at once."))
    return asked


def _mark_corrected(earlier: Release, by: User) -> None:
    earlier.state = steps.CORRECTED
    earlier.save(update_fields=["state"])
    _tell(earlier, "corrected", by=by)


def _next(version: str) -> str:
    major, minor, _patch = version.split(".")
    return f"{major}.{int(minor) + 1}.0"


def _require_done(report: Report) -> None:
    if report.job.state != Job.State.DONE or MANIFEST not in report.files:
        raise NotPossible(_("The report has not been made yet."))


def _tell(
    release: Release,
    kind: str,
    *,
    by: User,
    reason: str = "",
    before: Mapping[str, Any] | None = None,
    **data: Any,
) -> None:
    log.append(release, kind, by=by, reason=reason, **data)
    after = {"step": kind, "state": release.state}
    audit.record(
        by=by, action="release.step", target=release, before=before, after=after, reason=reason
    )
