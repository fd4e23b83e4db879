"""The page of a survey: section by section, without account, cookie or script.

The address carries a signed token and the server keeps the draft after every section, so the same
link brings a person back to where they were. Nothing is written on GET. However often the last
section is sent, there is one response.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from config.language.languages import speaking
from config.language.texts import LANGUAGES, Language
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
from surveys.forms.page import page
from surveys.forms.posted import merged, repeated, unseen
from surveys.questionnaires.answers import Evaluation, Flaw, check, reachable
from surveys.questionnaires.questionnaire import Questionnaire, Section
from surveys.respondent.notice import closed, stale, used

MODES = {
    Collector.Kind.TABLET: Response.Mode.INTERVIEW,
    Collector.Kind.TELEPHONE: Response.Mode.TELEPHONE,
}


# without an account there is nothing that another site could do in somebody's name; the signed
# token is the form's id
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
    if filling.draft is None and (
        request.method != "POST" or len(filling.questionnaire.sections) > 1
    ):
        sent = Response.objects.filter(survey=survey, uid=sheet.uid).first()
        if sent:
            return _thanks(survey, sent, sheet.language)
    return filling.answer()


class _Filling:
    """One request about one sheet."""

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
        self.section = _section(self.questionnaire, draft.section if draft else "")
        self.today = timezone.localdate(sheet.started_at)
        self.started = timezone.localtime(sheet.started_at).replace(tzinfo=None)

    def answer(self) -> HttpResponse:
        if not collection.takes(self.survey, started_at=self.sheet.started_at):
            return closed(self.request, self.survey, self.language)
        if self.request.method != "POST":
            return self.show(self.section)
        at = _section(self.questionnaire, self.request.POST.get("section", ""))
        go = self.request.POST.get("go", "next")
        self.answers, refused = merged(self.answers, at, self.request)
        if go == "keep":  # the page went out of sight
            self.keep(at, spent_on=at)
            return HttpResponse(status=204)
        if go in LANGUAGES:
            self.language = go
            return self.keep_and_show(at, spent_on=at)
        if refused:
            return self.keep_and_show(at, refused, status=422, spent_on=at)
        if go.startswith(("add:", "remove:")):
            self.answers = repeated(self.answers, at, go)
            return self.keep_and_show(at, spent_on=at)
        return self.advance(at, backwards=go == "back")

    def advance(self, at: Section, *, backwards: bool) -> HttpResponse:
        """Go to the next section, the one before, or the end."""
        sections = self.questionnaire.sections
        order = (
            reachable(self.questionnaire, self.answers, today=self.today)
            if len(sections) > 1
            else sections
        )
        place = next((i for i, section in enumerate(order) if section.name == at.name), 0)
        if backwards:
            return self.keep_and_show(order[max(place - 1, 0)], spent_on=at)
        if place + 1 >= len(order):
            evaluation = Evaluation(self.questionnaire, self.answers, today=self.today)
            if unseen(at, self.request, evaluation):
                return self.keep_and_show(at, spent_on=at)
            return self.send(at)
        checked = check(
            self.questionnaire, self.answers, today=self.today, companies=company_ids(self.survey)
        )
        flaws = _flaws_in(at, checked.flaws)
        if flaws:
            return self.show_again(at, flaws)
        evaluation = Evaluation(self.questionnaire, self.answers, today=self.today)
        again = unseen(at, self.request, evaluation)
        return self.keep_and_show(at if again else order[place + 1], spent_on=at)

    def show_again(self, at: Section, flaws: list[Flaw]) -> HttpResponse:
        """Show a section with what is wrong in it."""
        seen = set(self.request.POST.getlist("shown"))
        # a question that only now has its turn is shown first, and not blamed on anybody
        blamed = [flaw for flaw in flaws if flaw.question in seen]
        insisted = [flaw.question for flaw in flaws]
        return self.keep_and_show(
            at, blamed, status=422 if blamed else 200, spent_on=at, insisted=insisted
        )

    def send(self, at: Section) -> HttpResponse:
        """Hand the sheet in."""
        self.seconds = drafts.spent(self.seconds, at.name, since=self.touched_at)
        try:
            source = self.source()
            # an interviewer who is signed in is known by name; a respondent's request is never
            # asked who it is
            user = self.request.user if source.mode in MODES.values() else None
            by = user if user and user.is_authenticated else None
            response = collection.accept(
                survey=self.survey, payload=self.payload(), source=source, by=by
            )
        except collection.NotOpen:
            self.keep(at, spent_on=at)
            return closed(self.request, self.survey, self.language)
        except collection.AlreadyUsed:
            return used(self.request, self.survey, self.language)
        except collection.Refused as refused:
            if flaws := _flaws_in(at, refused.flaws):
                return self.show_again(at, flaws)
            # an earlier answer no longer fits; go to where it is
            name = refused.flaws[0].question.partition(":")[0]
            section = next(
                s for s in self.questionnaire.sections if any(q.name == name for q in s.questions)
            )
            return self.keep_and_show(
                section,
                list(refused.flaws),
                status=422,
                spent_on=section,
                insisted=[flaw.question for flaw in refused.flaws],
            )
        return _thanks(self.survey, response, self.language)

    def payload(self) -> collection.Payload:
        return collection.Payload(
            uid=self.sheet.uid,
            answers=self.answers,
            started_at=self.sheet.started_at,
            submitted_at=timezone.now(),
            language=self.language,
            seconds=self.seconds,
        )

    def source(self) -> collection.Source:
        sheet, collector, invitation = self.sheet, None, None
        if sheet.collector:
            collector = Collector.objects.filter(pk=sheet.collector, survey=self.survey).first()
        if sheet.invitation:
            invitation = Invitation.objects.filter(pk=sheet.invitation, survey=self.survey).first()
        way = invitation or collector
        purpose = str(self.survey.pk)
        return collection.Source(
            mode=MODES.get(Collector.Kind(collector.kind), Response.Mode.ONLINE)
            if collector
            else Response.Mode.ONLINE,
            flawed="refuse",
            stratum=(way.stratum if way else "") or "online",
            psu=(way.psu if way else "") or f"online:{self.sheet.uid}",
            collector=collector,
            invitation=invitation,
            draft=self.draft,
            network=network_hash(self.request, purpose),
            browser=browser_hash(self.request, purpose),
        )

    def keep(self, section: Section, *, spent_on: Section) -> None:
        draft = drafts.keep(
            survey=self.survey,
            token=self.sheet,
            section=section.name,
            answers=self.answers,
            language=self.language,
            spent_on=spent_on.name,
        )
        self.seconds = draft.seconds

    def keep_and_show(
        self,
        section: Section,
        flaws: list[Flaw] | None = None,
        *,
        status: int = 200,
        spent_on: Section,
        insisted: Iterable[str] = (),
    ) -> HttpResponse:
        self.keep(section, spent_on=spent_on)
        return self.show(section, flaws, status=status, insisted=insisted)

    def show(
        self,
        section: Section,
        flaws: list[Flaw] | None = None,
        *,
        status: int = 200,
        insisted: Iterable[str] = (),
    ) -> HttpResponse:
        with speaking(self.language):
            shown = page(
                self.questionnaire,
                section,
                self.answers,
                language=self.language,
                today=self.today,
                companies=companies_of(self.survey),
                flaws=flaws or (),
                seed=self.sheet.uid.hex,
                picture=picture_of(self.survey.version),
                insisted=insisted,
                now=timezone.localtime().replace(tzinfo=None),
                started=self.started,
            )
            context = {
                "survey": self.survey,
                "title": self.survey.title.get(self.language),
                "language": self.language,
                "action": reverse("fill", args=[self.survey.slug, self.token]),
                "section": section.name,
                "page": shown,
                "is_first": section is self.questionnaire.sections[0],
            }
            return render(self.request, "surveys/respondent/fill.html", context, status=status)


def _flaws_in(section: Section, flaws: Iterable[Flaw]) -> list[Flaw]:
    here = {question.name for question in section.questions}
    return [flaw for flaw in flaws if flaw.question.partition(":")[0] in here]


def picture_of(version: QuestionnaireVersion) -> Callable[[str], str]:
    """Return how the address of a picture is found that came with a questionnaire."""
    return lambda name: reverse("questionnaire-picture", args=[version.pk, name])


def _thanks(survey: Survey, response: Response, language: Language) -> HttpResponse:
    address = reverse("thanks", args=[survey.slug, response.receipt])
    return HttpResponseRedirect(f"{address}?lang={language}", status=303)


def _section(questionnaire: Questionnaire, name: str) -> Section:
    """Return a section, or the first where the questionnaire has none of that name."""
    return next((s for s in questionnaire.sections if s.name == name), questionnaire.sections[0])
