"""The page of a survey: section by section, without account, cookie or script.

The address carries a signed token and the server keeps the draft after every section, so the same
link brings a person back to where they were. Nothing is written on GET, and what is sent leads to a
section's own address: Back shows the section before and asks nobody to send a form again. However
often the last section is sent, there is one response.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from config.language.languages import speaking
from config.language.texts import Language
from config.storage.visitors import browser_hash, network_hash
from surveys.collection import drafts, fill_token
from surveys.collection import services as collection
from surveys.collection.fill_token import Token
from surveys.collection.models.collector import Collector
from surveys.collection.models.invitation import Invitation
from surveys.collection.models.response import Response
from surveys.collection.models.survey import Survey
from surveys.collection.selectors import companies_of, company_ids, questionnaire_of, survey_of_page
from surveys.forms.models import QuestionnaireVersion
from surveys.forms.page import page_of
from surveys.forms.posted import read
from surveys.forms.steps import Step, flaws_in, section_named, take
from surveys.questionnaires.answers import Evaluation
from surveys.questionnaires.questionnaire import Questionnaire, Section
from surveys.respondent.notice import closed, stale, used

NOTHING, EVERY = "-", "*"  # in place of names in an address; no question has such a name
MOST_NAMED = 20  # more would make an address that proxies refuse
MODES = {
    Collector.Kind.TABLET: Response.Mode.INTERVIEW,
    Collector.Kind.TELEPHONE: Response.Mode.TELEPHONE,
}


# without an account there is nothing that another site could do in somebody's name; the signed
# token is the form's id
@login_not_required
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def fill(request: HttpRequest, slug: str, token: str) -> HttpResponse:
    """Show the section where a sheet stands, or take one in and show the next."""
    survey = survey_of_page(slug)
    if survey is None:
        raise Http404
    try:
        sheet = fill_token.read(token, survey)
    except fill_token.BadToken:
        return stale(request, survey)
    filling = _Filling(request, survey, sheet, token)
    # of one section, sending it again is what asks whether it was sent
    sends = request.method == "POST" and request.POST.get("go", "next") == "next"
    if filling.draft is None and not (sends and len(filling.questionnaire.sections) == 1):
        sent = Response.objects.filter(survey=survey, uid=sheet.uid).first()
        if sent:
            return _thanks(survey, sent, sheet.language)
    return filling.answer()


class _Filling:
    """One request about one sheet. Its answers are evaluated once, as of one moment."""

    def __init__(self, request: HttpRequest, survey: Survey, sheet: Token, token: str) -> None:
        self.request, self.survey, self.sheet, self.token = request, survey, sheet, token
        self.questionnaire: Questionnaire = questionnaire_of(survey)
        self.draft = draft = drafts.find(survey=survey, token=sheet)
        self.language: Language = (
            "en" if (draft.language if draft else sheet.language) == "en" else "zh-Hans"
        )
        self.answers: dict[str, Any] = dict(draft.answers) if draft else {}
        self.seconds: Mapping[str, float] = draft.seconds if draft else {}
        self.touched_at = draft.touched_at if draft else sheet.started_at
        self.section = section_named(self.questionnaire.sections, draft.section if draft else "")
        self.moment = timezone.now()
        self.started = timezone.localtime(sheet.started_at).replace(tzinfo=None)

    def answer(self) -> HttpResponse:
        if not collection.takes(self.survey, started_at=self.sheet.started_at):
            return closed(self.request, self.survey, self.language)
        if self.request.method != "POST":
            return self.show(self.asked_for())
        name = self.request.POST.get("section", "")
        posted = read(self.request, section_named(self.questionnaire.sections, name), self.answers)
        if posted.go == "keep":  # the page went out of sight
            self.keep(posted.section, posted.answers, spent_on=posted.section)
            return HttpResponse(status=204)
        step = take(posted, self.look)
        self.language = step.language or self.language
        if step.is_end:
            return self.send(posted.section, step)
        if posted.refused:  # files that were not taken: only this answer knows them
            self.keep(step.section, step.answers, spent_on=posted.section)
            return self.show(step)
        return self.keep_and_lead(step, spent_on=posted.section)

    def asked_for(self) -> Step:
        """Return the section that an address names, where anything in it is to be shown, or else
        the one where the sheet stands; with what is wrong in the questions that it names.
        """
        evaluation = self.look(self.answers)
        at = self.request.GET.get("at", "")
        section = next((s for s in evaluation.reachable() if s.name == at), self.section)
        if not (named := self.request.GET.getlist("wrong")):
            return Step(section, self.answers, evaluation)
        wrong = flaws_in(section, evaluation.checked().flaws)
        blamed = tuple(flaw for flaw in wrong if named == [EVERY] or flaw.question in named)
        insisted = tuple(flaw.question for flaw in wrong)
        return Step(section, self.answers, evaluation, blamed, insisted=insisted)

    def look(self, answers: Mapping[str, object]) -> Evaluation:
        """Look at answers as the entrance does if they are sent with this request."""
        now = timezone.localtime(self.moment).replace(tzinfo=None)
        return Evaluation(
            self.questionnaire,
            answers,
            today=now.date(),
            now=now,
            started=self.started,
            companies=company_ids(self.survey),
            seed=self.sheet.uid.hex,
            language=self.language,
        )

    def send(self, at: Section, step: Step) -> HttpResponse:
        """Hand the sheet in; where it is refused, show what the step found wrong."""
        self.seconds = drafts.spent(self.seconds, at.name, since=self.touched_at)
        try:
            source = self.source()
            # an interviewer who is signed in is known by name; a respondent's request is never
            # asked who it is
            user = self.request.user if source.mode in MODES.values() else None
            by = user if user and user.is_authenticated else None
            response = collection.accept(
                survey=self.survey,
                payload=self.payload(step),
                source=source,
                by=by,
                evaluation=step.evaluation,
            )
        except collection.NotOpen:
            self.keep(at, step.answers, spent_on=at)
            return closed(self.request, self.survey, self.language)
        except collection.AlreadyUsed:
            return used(self.request, self.survey, self.language)
        except collection.Refused:
            return self.keep_and_lead(step, spent_on=at)
        return _thanks(self.survey, response, self.language)

    def payload(self, step: Step) -> collection.Payload:
        return collection.Payload(
            uid=self.sheet.uid,
            answers=step.answers,
            started_at=self.sheet.started_at,
            submitted_at=self.moment,
            language=self.language,
            seconds=self.seconds,
        )

    def source(self) -> collection.Source:
        sheet, collector, invitation = self.sheet, None, None
        if sheet.collector:
            collector = Collector.objects.filter(pk=sheet.collector, survey=self.survey).first()
        if sheet.invitation:
            invitation = Invitation.objects.filter(pk=sheet.invitation, survey=self.survey).first()
        purpose = str(self.survey.pk)
        return collection.Source(
            mode=MODES.get(Collector.Kind(collector.kind), Response.Mode.ONLINE)
            if collector
            else Response.Mode.ONLINE,
            flawed="refuse",
            collector=collector,
            invitation=invitation,
            draft=self.draft,
            network=network_hash(self.request, purpose),
            browser=browser_hash(self.request, purpose),
        )

    def keep(self, section: Section, answers: Mapping[str, Any], *, spent_on: Section) -> None:
        drafts.keep(
            survey=self.survey,
            token=self.sheet,
            section=section.name,
            answers=answers,
            language=self.language,
            spent_on=spent_on.name,
        )

    def keep_and_lead(self, step: Step, *, spent_on: Section) -> HttpResponse:
        """Keep the answers and lead to the address of the section that is shown next."""
        self.keep(step.section, step.answers, spent_on=spent_on)
        here = {"at": step.section.name, "wrong": [flaw.question for flaw in step.flaws]}
        if len(step.flaws) > MOST_NAMED:
            here["wrong"] = [EVERY]
        if step.insisted and not step.flaws:
            here["wrong"] = [NOTHING]  # what is asked for only now stays in sight, without blame
        address = reverse("fill", args=[self.survey.slug, self.token])
        return HttpResponseRedirect(f"{address}?{urlencode(here, doseq=True)}", status=303)

    def show(self, step: Step) -> HttpResponse:
        with speaking(self.language):
            shown = page_of(
                step.evaluation,
                step.section,
                language=self.language,
                companies=companies_of(self.survey),
                flaws=step.flaws,
                picture=picture_of(self.survey.version),
                insisted=step.insisted,
            )
            context = {
                "survey": self.survey,
                "title": self.survey.title.get(self.language),
                "language": self.language,
                "action": reverse("fill", args=[self.survey.slug, self.token]),
                "section": step.section.name,
                "page": shown,
                "revision": self.touched_at.isoformat(),
                "is_first": step.section is self.questionnaire.sections[0],
            }
            return render(self.request, "surveys/respondent/fill.html", context, status=step.status)


def picture_of(version: QuestionnaireVersion) -> Callable[[str], str]:
    """Return how the address of a picture is found that came with a questionnaire."""
    return lambda name: reverse("questionnaire-picture", args=[version.pk, name])


def _thanks(survey: Survey, response: Response, language: Language) -> HttpResponse:
    address = reverse("thanks", args=[survey.slug, response.receipt])
    return HttpResponseRedirect(f"{address}?lang={language}", status=303)
