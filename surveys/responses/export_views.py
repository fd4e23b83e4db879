"""Answers as files: which form, labels or codes, with or without what people wrote."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from config.accounts.models import User
from config.accounts.permissions import requires, user_of
from config.language.languages import spoken
from config.tabular.downloads import XLSX, download, workbook
from surveys.collection.models.response import Response
from surveys.collection.models.survey import Survey
from surveys.collection.selectors import responses_of
from surveys.responses import frames, writers

KINDS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": XLSX,
    "sav": "application/x-spss-sav",
}


@require_safe
@requires("responses.export")
def answers(request: HttpRequest, slug: str, form: str) -> HttpResponse:
    """Send the accepted answers of a survey, or of the area that somebody is posted to, as a
    file.
    """
    survey = get_object_or_404(Survey, slug=slug)
    if form not in KINDS:
        raise Http404
    with_text = request.GET.get("text") == "1"
    content = made(
        survey,
        user_of(request),
        form,
        with_text=with_text,
        codes=request.GET.get("codes") == "1",
    )
    return download(content, f"{slug}.{form}", KINDS[form])


def made(survey: Survey, user: User, form: str, *, with_text: bool, codes: bool) -> bytes:
    """Return the file in one form."""
    accepted = responses_of(survey, user.scope).filter(status=Response.Status.ACCEPTED)
    columns = frames.columns_of(survey, with_text=with_text)
    plain = frames.frame(accepted, columns)
    language = "en" if spoken() == "en" else "zh"
    if form == "sav":
        return writers.as_sav(plain, columns, language)
    shown = plain if codes else frames.labelled(plain, columns, language)
    if form == "csv":
        return writers.as_csv(shown)
    sheets = {"answers": shown, "codebook": writers.codebook(plain, columns)}
    return workbook({**sheets, **frames.repeats(accepted, survey, with_text=with_text)})
