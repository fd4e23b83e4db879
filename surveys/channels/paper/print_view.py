"""Paper questionnaires are numbered and printed."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_POST

from config.accounts.permissions import requires, user_of
from config.language.texts import Language, Text
from config.tabular.downloads import download
from surveys.channels.paper import services as forms
from surveys.channels.paper.forms import PrintForm
from surveys.channels.paper.printing import Paper, questionnaires
from surveys.channels.views import render_channels
from surveys.collection.models.survey import Survey
from surveys.collection.selectors import questionnaire_of


@require_POST
@requires("surveys.manage")
def paper(request: HttpRequest, slug: str) -> HttpResponse:
    """Number so many paper sheets and send them as PDF."""
    survey = get_object_or_404(Survey, slug=slug)
    form = PrintForm(request.POST, questionnaire=questionnaire_of(survey))
    if not form.is_valid():
        return render_channels(request, survey, form)
    given = form.cleaned_data
    serials = forms.number_forms(
        survey=survey,
        count=given["count"],
        stratum=given["stratum"],
        psu=given["psu"],
        by=user_of(request),
    )
    around = Paper(
        organiser=survey.organiser,
        notice=Text(survey.purpose_zh, survey.purpose_en),
        companies=[
            (c.key, str(c.pk), Text(c.name, c.name_en or c.name)) for c in survey.companies.all()
        ],
    )
    language: Language = "en" if given["language"] == "en" else "zh-Hans"
    content = questionnaires(
        questionnaire_of(survey),
        around,
        serials=serials,
        language=language,
        day=timezone.localdate(),
    )
    return download(content, f"{slug}-{serials[0]}-{serials[-1]}.pdf", "application/pdf")
