"""Before and after the questions: the notice, the thanks with the receipt, contact details,
withdrawal.
"""

from __future__ import annotations

import segno
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from config.address import absolute
from config.language.languages import language_of, speaking
from config.language.texts import Language
from surveys.channels.invitations import services as invitations
from surveys.collection import drafts, fill_token
from surveys.collection import rights as respondents
from surveys.collection import services as collection
from surveys.collection.models.collector import Collector
from surveys.collection.models.invitation import Invitation
from surveys.collection.models.response import Response
from surveys.collection.models.survey import Survey
from surveys.collection.selectors import questionnaire_of
from surveys.forms.page import page


@login_not_required
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def survey(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the notice of a survey; POST begins a sheet."""
    return start(request, get_object_or_404(Survey, slug=slug, has_page=True))


@login_not_required
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def collector(request: HttpRequest, code: str) -> HttpResponse:
    """Show the notice of a survey to who came by a collector."""
    way = get_object_or_404(Collector.objects.select_related("survey"), code=code)
    if not way.is_active:
        return closed(request, way.survey, language_of(request), state="closed")
    return start(request, way.survey, collector=way)


# as with every page of a respondent, the token in the address is what proves that the form is ours
@login_not_required
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Show the notice to an invited person; begin, go on, or refuse."""
    invited = invitations.find(token)
    if invited is None:
        return render(
            request,
            "surveys/respondent/unknown.html",
            {"language": language_of(request)},
            status=404,
        )
    if request.method == "POST" and request.POST.get("go") == "refuse":
        invitations.refuse(invitation=invited)
        return refused(request, invited.survey)
    return start(request, invited.survey, invitation=invited)


def start(
    request: HttpRequest,
    survey: Survey,
    *,
    collector: Collector | None = None,
    invitation: Invitation | None = None,
) -> HttpResponse:
    """Show the notice, or begin a sheet and go to its address. An invited person goes on with
    the sheet there is.
    """
    language = language_of(request)
    if survey.state() != "open":
        return closed(request, survey, language)
    if invitation and invitation.used_on:
        return used(request, survey, language)
    draft = drafts.of_invitation(invitation.pk) if invitation else None
    if request.method == "POST":
        way = collector.pk if collector else None
        if invitation:
            token = fill_token.of_invited(
                draft, collector=way, invitation=invitation.pk, language=language
            )
        else:
            token = fill_token.begin(collector=way, invitation=None, language=language)
        # the first section's own address: Back from the second leads to it
        at = draft.section if draft else questionnaire_of(survey).sections[0].name
        address = reverse("fill", args=[survey.slug, token.signed(survey)])
        return HttpResponseRedirect(f"{address}?at={at}", status=303)
    with speaking(language):
        questionnaire = questionnaire_of(survey)
        first = page(
            questionnaire,
            questionnaire.sections[0],
            {},
            language=language,
            today=timezone.localdate(),
        )
        context = {
            **_common_context(survey, language),
            "purpose": survey.purpose.get(language),
            "enquiries": survey.enquiries.get(language),
            "minutes": first.minutes,
            "questions": first.count,
            "deleted_on": respondents.kept_until(survey),
            "goes_on": draft is not None,
            "invited": invitation is not None,
            "interviewer": collector is not None and collector.kind in ("tablet", "telephone"),
        }
        return render(request, "surveys/respondent/notice.html", context)


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD"])
def thanks(request: HttpRequest, slug: str, receipt: str) -> HttpResponse:
    """Say that the answers have arrived, with the receipt; as often as the page is opened."""
    response = get_object_or_404(
        Response.objects.select_related("survey"), survey__slug=slug, receipt=receipt
    )
    return _thanks(request, response)


@login_not_required
@csrf_exempt
@never_cache
@require_POST
def contact(request: HttpRequest, slug: str, receipt: str) -> HttpResponse:
    """Keep how a respondent may be reached, or delete it."""
    response = get_object_or_404(
        Response.objects.select_related("survey"), survey__slug=slug, receipt=receipt
    )
    language = language_of(request)
    with speaking(language):
        if request.POST.get("go") == "delete":
            respondents.delete_contact(response=response)
            return redirect(f"{reverse('thanks', args=[slug, receipt])}?lang={language}")
        if not request.POST.get("consent"):
            return _thanks(
                request,
                response,
                error=_("Please tick that we may keep your number, or leave it out."),
            )
        try:
            respondents.leave_contact(
                response=response,
                name=request.POST.get("name", ""),
                telephone=request.POST.get("telephone", ""),
                consent=consent_words(response.survey, language),
            )
        except respondents.NoTelephone:
            return _thanks(
                request, response, error=_("This is no telephone number; digits are enough.")
            )
    return redirect(f"{reverse('thanks', args=[slug, receipt])}?lang={language}")


@login_not_required
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, receipt: str = "") -> HttpResponse:
    """Take answers back by the receipt: ask for it, show what it is, then withdraw on POST."""
    language = language_of(request)
    written = receipt or request.POST.get("receipt", "")
    response = respondents.find(written) if written else None
    with speaking(language):
        if response is None:
            unknown = {
                "language": language,
                "written": written,
                "title": _("Take your answers back"),
            }
            return render(
                request, "surveys/respondent/withdraw.html", unknown, status=404 if written else 200
            )
        if request.method == "POST" and request.POST.get("sure"):
            respondents.withdraw(response=response)
            response.refresh_from_db()
        context = {
            **_common_context(response.survey, language),
            "response": response,
            "receipt": collection.spaced(response.receipt),
            "is_withdrawn": response.status == Response.Status.WITHDRAWN,
        }
        return render(request, "surveys/respondent/withdraw.html", context)


def closed(
    request: HttpRequest, survey: Survey, language: Language, state: str = ""
) -> HttpResponse:
    """Say that a survey takes no answers now."""
    state = state or survey.state()
    with speaking(language):
        context = {**_common_context(survey, language), "state": state}
        return render(
            request,
            "surveys/respondent/closed.html",
            context,
            status=410 if state == "closed" else 403,
        )


def stale(request: HttpRequest, survey: Survey) -> HttpResponse:
    """Say that the address of a sheet cannot be read."""
    language = language_of(request)
    with speaking(language):
        return render(
            request, "surveys/respondent/stale.html", _common_context(survey, language), status=400
        )


def used(request: HttpRequest, survey: Survey, language: Language) -> HttpResponse:
    """Say that an invitation was used."""
    with speaking(language):
        return render(
            request, "surveys/respondent/used.html", _common_context(survey, language), status=409
        )


def refused(request: HttpRequest, survey: Survey) -> HttpResponse:
    """Say that an invited person will not be asked again."""
    language = language_of(request)
    with speaking(language):
        return render(request, "surveys/respondent/refused.html", _common_context(survey, language))


def consent_words(survey: Survey, language: Language) -> str:
    """Return the sentence that somebody agrees to who leaves a number."""
    message = _(
        "{organiser} may keep my name and telephone number to ask about these answers, until {day}"
        " at the latest."
    )
    return message.format(
        organiser=survey.organiser.get(language), day=respondents.kept_until(survey).isoformat()
    )


def _thanks(request: HttpRequest, response: Response, error: str = "") -> HttpResponse:
    language = language_of(request)
    address = absolute(request, reverse("withdraw-receipt", args=[response.receipt]))
    # an interviewer goes on from here; a respondent's request is never asked who it is
    by_telephone = response.mode == Response.Mode.TELEPHONE and request.user.is_authenticated
    with speaking(language):
        context = {
            **_common_context(response.survey, language),
            "by_telephone": by_telephone,
            "receipt": collection.spaced(response.receipt),
            "address": address,
            "code": segno.make(address, error="m", micro=False).svg_inline(
                scale=4, border=4, omitsize=True
            ),
            "is_withdrawn": response.status == Response.Status.WITHDRAWN,
            "contact": getattr(response, "contact", None),
            "consent": consent_words(response.survey, language),
            "error": error,
            "given": request.POST,
            "action": reverse("contact", args=[response.survey.slug, response.receipt]),
        }
        return render(
            request, "surveys/respondent/thanks.html", context, status=422 if error else 200
        )


def _common_context(survey: Survey, language: Language) -> dict[str, object]:
    """Return what every page about a survey says."""
    return {
        "survey": survey,
        "title": survey.title.get(language),
        "organiser": survey.organiser.get(language),
        "language": language,
    }
