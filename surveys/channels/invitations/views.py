"""Customer lists come in and go back with links, once to invite and again to remind."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from config.accounts.permissions import requires, user_of
from config.address import absolute
from config.fields import blame
from config.language.problems import InvalidInput
from config.tabular.downloads import download
from config.tabular.writers import XLSX, workbook, worksheet
from surveys.channels.invitations import services as invitations
from surveys.channels.invitations.forms import InviteForm, RemindForm
from surveys.channels.views import render_channels
from surveys.collection.models.survey import Survey


@require_POST
@requires("surveys.manage")
def invite(request: HttpRequest, slug: str) -> HttpResponse:
    """Give a customer list back with a column of links; the list is not kept."""
    survey = get_object_or_404(Survey, slug=slug)
    form = InviteForm(request.POST, request.FILES)
    if not form.is_valid():
        return render_channels(request, survey, form)
    batch = form.batch_name()
    try:
        made = invitations.invite(
            survey=survey,
            batch=batch,
            table=form.cleaned_data["people"],
            by=user_of(request),
            address=lambda token: absolute(request, reverse("invitation", args=[token])),
        )
    except InvalidInput as error:
        blame(form, error, "people")
        return render_channels(request, survey, form)
    return download(workbook([worksheet("people", made)]), f"{batch}-links.xlsx", XLSX)


@require_POST
@requires("surveys.manage")
def remind(request: HttpRequest, slug: str) -> HttpResponse:
    """Give back the rows of an invited list that have not answered, with the text of a message."""
    survey = get_object_or_404(Survey, slug=slug)
    wording = _(
        "{organiser}: please tell us about “{title}”: {{link}} To refuse, open it and choose so."
    )
    message = wording.format(organiser=survey.organiser_zh, title=survey.title_zh)
    form = RemindForm(request.POST, request.FILES)
    if not form.is_valid():
        return render_channels(request, survey, form)
    table = form.cleaned_data["people"]
    try:
        left = invitations.reminders(survey=survey, table=table, message=message)
    except InvalidInput as error:
        blame(form, error, "people")
        return render_channels(request, survey, form)
    return download(
        workbook([worksheet("people", left)]),
        f"{table.file.rpartition('.')[0]}-reminders.xlsx",
        XLSX,
    )
