"""The one entrance: every answer, from a page, a file, paper or a visit, becomes a Response here
and nowhere else.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from config.accounts.models import User
from config.language.texts import language_called
from config.work import raw_sql as statements
from config.work.write_lock import write_lock
from surveys.collection import quotas, sampling
from surveys.collection.models.collector import Collector
from surveys.collection.models.draft import Draft
from surveys.collection.models.invitation import Disposition, Invitation
from surveys.collection.models.response import ImportedFile, Response
from surveys.collection.models.survey import Survey
from surveys.collection.selectors import area_codes, company_ids, compiled, has_caps
from surveys.companies import services as companies
from surveys.questionnaires.answers import Checked, Evaluation, Flaw, check, other_field
from surveys.questionnaires.questionnaire import OTHER, Questionnaire

# a sheet begun before the survey closed may still be sent for this long
GRACE = timedelta(hours=1)
# no I, L, O, U: a receipt is read out on the telephone
LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


@dataclass(frozen=True)
class Payload:
    """What was filled in, under the uid it was given where it was filled in."""

    uid: UUID
    answers: Mapping[str, object]
    submitted_at: datetime
    started_at: datetime | None = None
    language: str = ""
    seconds: Mapping[str, float] = field(default_factory=dict)  # spent on each section
    # the version it was filled in by, where it may be an older one of the survey: a visit that was
    # begun without network stays under the version it was begun with
    version: int | None = None


@dataclass(frozen=True)
class Source:
    """Where a response comes from.

    flawed: whether a sheet with flaws is refused (somebody is there to mend it) or kept as rejected
    (nobody is). stratum, psu, weight: what the channel itself knows of its place in the sample, the
    weight being 1 over the chance of being drawn; the rest is decided in sampling.py.
    """

    mode: Response.Mode
    flawed: Literal["refuse", "keep"]
    stratum: str = ""
    psu: str = ""
    weight: float | None = None
    collector: Collector | None = None
    invitation: Invitation | None = (
        None  # used up by this sheet; nothing leads back from the one to the other
    )
    draft: Draft | None = None  # what the sheet was before it was sent
    network: str = ""
    browser: str = ""
    file: ImportedFile | None = None
    row: int | None = None
    corrects: Response | None = None  # the sheet that this one takes the place of
    flaws: tuple[Flaw, ...] = field(
        default=()
    )  # what was found wrong before the answers could be read


class Refused(Exception):
    """Answers that cannot be accepted, with everything that is wrong with them."""

    def __init__(self, flaws: tuple[Flaw, ...]) -> None:
        super().__init__(", ".join(flaw.question for flaw in flaws))
        self.flaws = flaws


class NotOpen(Exception):
    """The survey does not take answers now."""


class AlreadyUsed(Exception):
    """The invitation was used for another sheet."""


def accept(
    *,
    survey: Survey,
    payload: Payload,
    source: Source,
    by: User | None = None,
    evaluation: Evaluation | None = None,
) -> Response:
    """Take in one response and return its response; the same uid again returns the response
    there is.

    `evaluation` spares the work where the caller has looked at these very answers; one of other
    answers, another moment, seed or list of companies is left aside.

    Raises Refused for flawed answers where the source refuses them, NotOpen for a page whose survey
    is not open, AlreadyUsed for an invitation that another sheet has used up. A sheet above a hard
    cap is kept and does not count.
    """
    by_page = source.mode == Response.Mode.ONLINE and source.file is None
    if by_page and not takes(survey, started_at=payload.started_at):
        if known := _known(survey, payload):
            return known
        raise NotOpen
    version = payload.version or survey.version_id
    checked = _checked(survey, payload, evaluation)
    flaws = (*source.flaws, *checked.flaws)
    if flaws and source.flawed == "refuse":
        if known := _known(survey, payload):
            return known
        raise Refused(flaws)
    place = sampling.place(
        payload.uid,
        stratum=source.stratum,
        psu=source.psu,
        invitation=source.invitation,
        collector=source.collector,
        weight=source.weight or (source.corrects.weight if source.corrects else None),
    )
    response = Response(
        uid=payload.uid,
        survey=survey,
        version_id=version,
        status=Response.Status.REJECTED if flaws else Response.Status.ACCEPTED,
        receipt=new_receipt(),
        answers=dict(payload.answers) if flaws else checked.answers,
        flaws=[
            {"question": flaw.question, "text": flaw.text, "values": dict(flaw.values)}
            for flaw in flaws
        ],
        mode=source.mode,
        language=payload.language,
        seconds=dict(payload.seconds),
        collector=source.collector,
        network=source.network,
        browser=source.browser,
        stratum=place.stratum,
        psu=place.psu,
        weight=place.weight,
        started_at=payload.started_at,
        submitted_at=payload.submitted_at,
        entered_by=by,
        imported_from=source.file,
        row=source.row,
        corrects=source.corrects,
        **({} if flaws else _columns(survey, compiled(version), checked)),
    )
    try:
        with write_lock(), transaction.atomic():
            _keep(response, source)
    except IntegrityError:
        # the same sheet was sent before, or twice at once and the other one came first
        if known := _known(survey, payload):
            return known
        raise
    response.is_new = True
    return response


def _checked(survey: Survey, payload: Payload, evaluation: Evaluation | None) -> Checked:
    """Check the answers as of the moment when they were sent."""
    questionnaire = compiled(payload.version or survey.version_id)
    companies = company_ids(survey)
    ended = timezone.localtime(payload.submitted_at).replace(tzinfo=None)
    begun = payload.started_at
    started = timezone.localtime(begun).replace(tzinfo=None) if begun else None
    seed, language = payload.uid.hex, language_called(payload.language)
    if evaluation and evaluation.is_of(
        questionnaire,
        payload.answers,
        now=ended,
        started=started,
        companies=companies,
        seed=seed,
        language=language,
    ):
        return evaluation.checked()
    return check(
        questionnaire,
        payload.answers,
        today=ended.date(),
        companies=companies,
        now=ended,
        started=started,
        seed=seed,
        language=language,
    )


def _known(survey: Survey, payload: Payload) -> Response | None:
    return Response.objects.filter(survey=survey, uid=payload.uid).first()


def _keep(response: Response, source: Source) -> None:
    """Save a response with all that hangs on it: its quota, its invitation, the draft that it
    was.
    """
    survey = response.survey
    accepted = response.status == Response.Status.ACCEPTED
    if accepted and has_caps(survey) and quotas.is_over(survey=survey, response=response):
        response.status = Response.Status.OVER_QUOTA
    statements.insert(response)
    _attach(response)
    if source.draft:
        source.draft.delete()
    if source.invitation:
        over = response.status == Response.Status.OVER_QUOTA
        used = Invitation.objects.filter(pk=source.invitation.pk, used_on=None).update(
            used_on=timezone.localdate(response.submitted_at),
            disposition=Disposition.QUOTA_FILLED if over else Disposition.COMPLETE,
        )
        if not used:
            raise AlreadyUsed


def _attach(response: Response) -> None:
    """Name the files that are answers. They were kept when they were sent; what is looked at is
    made later.
    """
    questionnaire = compiled(response.version_id)
    if not questionnaire.uploads:
        return
    for name, digest in _files(response.answers, questionnaire.uploads):
        response.attachments.get_or_create(question=name, sha256=digest, defaults={"name": name})


def _files(answers: Mapping[str, Any], uploads: Collection[str]) -> Iterator[tuple[str, str]]:
    """Yield every answer that is a file, with its question, in repeats too."""
    for name, answer in answers.items():
        if name in uploads:
            yield name, str(answer)
        elif isinstance(answer, list):
            for sheet in answer:
                if isinstance(sheet, dict):
                    yield from _files(sheet, uploads)


def takes(survey: Survey, *, started_at: datetime | None) -> bool:
    """Say whether a page may be sent now: while the survey is open, and for a while what was
    begun in time.
    """
    if survey.state() == "open":
        return True
    began_in_time = started_at is not None and survey.state(started_at) == "open"
    return bool(began_in_time and survey.closes_at and timezone.now() < survey.closes_at + GRACE)


def _columns(survey: Survey, questionnaire: Questionnaire, checked: Checked) -> dict[str, Any]:
    """Return the typed columns that are read out of the answers."""
    columns: dict[str, Any] = {}
    if question := questionnaire.company_question:
        chosen = checked.answers.get(question.name)
        if chosen == OTHER:
            columns["company"] = companies.named(
                str(checked.answers.get(other_field(question.name), ""))
            )
        elif chosen is not None:
            columns["company_id"] = company_ids(survey).get(str(chosen))
    if question := questionnaire.area_question:
        code = str(checked.answers.get(question.name, ""))
        columns["area_id"] = code if code in area_codes() else None
    return columns


def new_receipt() -> str:
    """Return a code of 60 bits that can be written down: 4J7K-2MQX-9RTB."""
    return "".join(LETTERS[byte % 32] for byte in secrets.token_bytes(12))


def spaced(receipt: str) -> str:
    """Write a receipt in groups of four."""
    return "-".join(receipt[i : i + 4] for i in range(0, len(receipt), 4))
