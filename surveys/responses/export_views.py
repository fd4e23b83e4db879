"""Answers as files: which form, labels or codes, with or without what people wrote."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import pandas as pd
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from config.accounts import audit
from config.accounts.models import User
from config.accounts.permissions import requires, user_of
from config.language.languages import spoken
from config.language.problems import InvalidInput
from config.tabular.downloads import download, streamed
from config.tabular.sav import SAV, as_sav
from config.tabular.writers import CSV, XLSX, Worksheet, csv_pieces, rows_of, workbook
from surveys.collection.models.response import Response
from surveys.collection.models.survey import Survey
from surveys.collection.selectors import responses_of
from surveys.responses import frames, writers
from surveys.responses.columns import parts

KINDS = {"csv": CSV, "xlsx": XLSX, "sav": SAV}


@require_safe
@requires("responses.export")
def answers(request: HttpRequest, slug: str, form: str) -> HttpResponse | StreamingHttpResponse:
    """Send the accepted answers of a survey, or of the area that somebody is posted to, as a
    file.
    """
    survey = get_object_or_404(Survey, slug=slug)
    if form not in KINDS:
        raise Http404
    with_text = request.GET.get("text") == "1"
    try:
        pieces = made(
            survey,
            user_of(request),
            form,
            with_text=with_text,
            codes=request.GET.get("codes") == "1",
        )
    except InvalidInput as error:
        messages.error(request, "\n".join(problem.render(_) for problem in error.problems))
        return redirect("survey", slug)
    if form == "csv":
        return streamed(pieces, f"{slug}.{form}", KINDS[form])
    return download(b"".join(pieces), f"{slug}.{form}", KINDS[form])


def made(survey: Survey, user: User, form: str, *, with_text: bool, codes: bool) -> Iterable[bytes]:
    """Return the file in one form, in pieces; that it was asked for stands in the audit trail.
    Raises InvalidInput for more rows than a workbook holds.
    """
    accepted = responses_of(survey, user.scope).filter(status=Response.Status.ACCEPTED)
    with transaction.atomic():
        after = {"form": form, "with_text": with_text, "responses": accepted.count()}
        audit.record(by=user, action="responses.export", target=survey, after=after)
    columns = frames.columns_of(survey, with_text=with_text)
    plain = frames.frames(accepted, survey, columns)
    language = "en" if spoken() == "en" else "zh"
    if form == "sav":
        whole = pd.concat(list(plain), ignore_index=True)
        return [as_sav(list(writers.variables(whole, columns, language)))]

    def rows(found: Iterable[pd.DataFrame], wanted: Any) -> Iterator[tuple[Any, ...]]:
        for frame in found:
            yield from rows_of(frame if codes else frames.labelled(frame, wanted, language))

    heads = [frames.NUMBER, *(column.name for column in columns)]
    if form == "csv":
        return csv_pieces(heads, rows(plain, columns))
    counts = writers.Counts(columns)
    sheets = [
        Worksheet("answers", heads, rows(counts.watch(plain), columns), frozen=1),
        # written after the answers, when all are counted
        Worksheet("codebook", writers.HEADS, writers.codebook(counts, columns), frozen=1),
    ]
    for repeat in frames.repeats(survey):
        wanted = parts(repeat, with_text=with_text)
        found = frames.instances(accepted, survey, repeat, with_text=with_text)
        names = [*frames.heads_of(survey, repeat), *(column.name for column in wanted)]
        sheets.append(Worksheet(repeat.name, names, rows(found, wanted), frozen=1))
    return [workbook(sheets)]
