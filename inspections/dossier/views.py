"""The dossier of a visit: a page, PDF in two languages, the evidence pack; and the daily hashes."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from config import lists
from config.accounts.permissions import requires, user_of
from config.language.languages import spoken
from config.language.problems import say
from config.language.texts import LANGUAGES, Language
from inspections.dossier import pack, pdf
from inspections.review import services as review
from inspections.visits.models import DailyRoot, Visit
from inspections.visits.selectors import visits_seen

DAYS = lists.Table(
    caption=say("Daily hashes over all visits"),
    row="inspections/dossier/days_row.html",
    columns=(
        lists.Column("day", say("Day"), ("day",)),
        lists.Column("visits", say("Visits"), ("visits",), is_figure=True),
        lists.Column("stamp", say("Time stamp"), ()),
        lists.Column("hash", say("Hash"), ()),
    ),
    sort="-day",
)


@require_safe
@requires("evidence.export")
def page(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the dossier of a visit."""
    visit = _visit(request, pk)
    review.look(visit=visit, by=user_of(request))
    context = {"room": "campaigns", **pdf.context(visit, spoken()), "pictures": ""}
    return render(request, "inspections/dossier/page.html", context)


@require_safe
@requires("evidence.export")
def as_pdf(request: HttpRequest, pk: int, language: str) -> HttpResponse:
    """Return the dossier as PDF in one language."""
    visit = _visit(request, pk)
    chosen: Language | None = next((known for known in LANGUAGES if known == language), None)
    if chosen is None:
        raise Http404
    review.look(visit=visit, by=user_of(request))
    name = f"dossier-{visit.pk}-{chosen}.pdf"
    return HttpResponse(
        pdf.dossier(visit, chosen),
        content_type="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@require_POST
@requires("evidence.export")
def as_pack(request: HttpRequest, pk: int) -> HttpResponse:
    """Return the evidence pack; it is an event of the visit's chain."""
    visit = _visit(request, pk)
    try:
        content = pack.build(visit=visit, by=user_of(request))
    except FileNotFoundError:
        messages.error(
            request,
            _(
                "An original of this visit is not in the storage; nothing was exported. Tell"
                " whoever keeps the backups."
            ),
        )
        return redirect("visit", pk)
    return HttpResponse(
        content,
        content_type="application/zip",
        headers={"Content-Disposition": f'attachment; filename="evidence-{visit.pk}.zip"'},
    )


@require_safe
@requires("visits.view_all")
def days(request: HttpRequest) -> HttpResponse:
    """List the daily hashes: one number a day over everything that happened to any visit."""
    context = {
        "room": "campaigns",
        "days": lists.listing(request, DAYS, DailyRoot.objects.all()),
        "is_stamping": bool(settings.TIMESTAMP_URL),
    }
    return render(request, "inspections/dossier/days.html", context)


def _visit(request: HttpRequest, pk: int) -> Visit:
    found = visits_seen(user_of(request)).select_related(
        "site__area__parent",
        "site__operator",
        "site__brand",
        "site__vendor",
        "campaign__survey",
        "response__version",
    )
    return get_object_or_404(found, pk=pk)
