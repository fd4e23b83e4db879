"""Answers as files: which form, labels or codes, with or without what people wrote."""

from __future__ import annotations

from typing import get_args

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from config.accounts.permissions import requires, user_of
from config.language.problems import InvalidInput
from config.tabular.downloads import download, streamed
from surveys.collection.models.survey import Survey
from surveys.responses.exports import KINDS, Asked, form_of, made


@require_safe
@requires("responses.export")
def answers(request: HttpRequest, slug: str, form: str) -> HttpResponse | StreamingHttpResponse:
    """Send the accepted answers of a survey, or of the area that somebody is posted to, as a
    file.
    """
    survey = get_object_or_404(Survey, slug=slug)
    asked = next((known for known in get_args(Asked) if known == form), None)
    if asked is None:
        raise Http404
    whole = form_of(survey, asked)
    try:
        pieces = made(
            survey,
            user_of(request),
            whole,
            with_text=request.GET.get("text") == "1",
            codes=request.GET.get("codes") == "1",
            every=request.GET.get("every") == "1",
        )
    except InvalidInput as error:
        messages.error(request, "\n".join(problem.render(_) for problem in error.problems))
        return redirect("survey", slug)
    name = f"{slug}.{whole}"
    if whole == "csv":
        return streamed(pieces, name, KINDS[whole])
    return download(b"".join(pieces), name, KINDS[whole])
