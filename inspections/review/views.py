"""The supervisor's board of a campaign, and the page of one visit: answers, photographs, place and
time side by side, what happened to it, and what is to be decided.
"""

from __future__ import annotations

import re
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from config.accounts.permissions import requires, user_of
from config.fields import files_of, posted, status_of
from config.language.languages import spoken
from inspections.campaigns.models import Campaign
from inspections.review import presenter
from inspections.review import services as review
from inspections.review.claims import agreement, claims
from inspections.review.flags import flags_of
from inspections.review.forms import CertificateForm
from inspections.review.selectors import board, is_accepted_by, same_site, total
from inspections.visits import services as visits
from inspections.visits.models import Finding, Visit
from inspections.visits.scoring import score_of
from inspections.visits.selectors import awaited, evidence_seen, pictures_seen, visits_seen
from surveys.collection.selectors import compiled
from surveys.responses.answer_text import lines

AREA = re.compile(r"\d{1,4},\d{1,4},\d{1,4},\d{1,4}")


@require_safe
@requires("visits.view_all")
def campaign_board(request: HttpRequest, slug: str) -> HttpResponse:
    """Show how far a campaign is, by person and by district; the figures refresh."""
    campaign = get_object_or_404(Campaign.objects.select_related("survey"), survey__slug=slug)
    by = "area" if request.GET.get("by") == "area" else "person"
    rows = board(campaign, user_of(request), by=by)
    context = {
        "room": "campaigns",
        "tab": "board",
        "campaign": campaign,
        "by": by,
        "rows": rows,
        "total": total(rows),
    }
    only = "figures" if request.headers.get("HX-Request") else "board"
    return render(request, f"inspections/review/{only}.html", context)


@require_safe
@requires("visits.view_all")
def campaign_claims(request: HttpRequest, slug: str) -> HttpResponse:
    """Show how well two visits agree, and which claims the visits of a campaign support."""
    campaign = get_object_or_404(Campaign.objects.select_related("survey"), survey__slug=slug)
    questionnaire, language = compiled(campaign.survey.version_id), spoken()
    agreed = agreement(campaign)
    rows = [
        presenter.ClaimRow(one, presenter.indicator_label(one.indicator, questionnaire, language))
        for one in claims(campaign, agreed)
    ]
    context = {
        "room": "campaigns",
        "tab": "claims",
        "campaign": campaign,
        "agreement": [
            presenter.AgreementRow(
                presenter.indicator_label(one.item, questionnaire, language), one
            )
            for one in agreed
        ],
        # a site is named by its own finding; listed are sites of which even that is refused
        "allowed": [r for r in rows if r.claim.support.is_allowed and r.claim.scope != "site"],
        "refused": [r for r in rows if not r.claim.support.is_allowed],
    }
    return render(request, "inspections/review/claims.html", context)


@require_safe
@requires("visits.view")
def visit(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one visit. Whoever was not there and looks at it is noted in its chain."""
    chosen = _visit(request, pk)
    person = user_of(request)
    if not chosen.inspectors.filter(pk=person.pk).exists():
        review.look(visit=chosen, by=person)
    return _page(request, chosen)


@require_POST
@requires("visits.review")
def step(request: HttpRequest, pk: int, what: str) -> HttpResponse:
    """Accept a visit, send it back with a note, or declare it void with a reason."""
    chosen, by, reason = _visit(request, pk), user_of(request), request.POST.get("reason", "")
    try:
        if what == "accept":
            review.accept(visit=chosen, by=by)
            said = _("The visit is accepted.")
        elif what == "return":
            review.give_back(visit=chosen, note=reason, by=by)
            said = _("The visit was sent back; the inspector's phone shows the note.")
        elif what == "void":
            review.declare_void(visit=chosen, reason=reason, by=by)
            said = _("The visit does not count any more; the site can be visited anew.")
        else:
            raise Http404
    except review.NotAllowed as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, said)
    return redirect("visit", pk)


@require_POST
@requires("findings.confirm")
def finding(request: HttpRequest, pk: int, what: str) -> HttpResponse:
    """Confirm a finding as the second person, or say that the evidence does not show it."""
    person = user_of(request)
    found = get_object_or_404(Finding, pk=pk, visit__in=visits_seen(person))
    try:
        if what == "confirm":
            review.confirm(finding=found, by=person)
            messages.success(
                request, _("The finding is confirmed and the evidence of the visit is sealed.")
            )
        elif what == "dismiss":
            review.dismiss(finding=found, reason=request.POST.get("reason", ""), by=person)
            messages.success(request, _("The finding is noted as not borne out."))
        else:
            raise Http404
    except review.NotAllowed as refused:
        messages.error(request, str(refused))
    return redirect("visit", found.visit_id)


@require_safe
@requires("visits.view")
def photograph(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the copy of a picture that was decoded and written anew; the original is never
    served.
    """
    seen = get_object_or_404(pictures_seen(user_of(request)), pk=pk)
    return HttpResponse(visits.copy_of(seen), content_type="image/jpeg")


@require_http_methods(["GET", "HEAD", "POST"])
@requires("visits.review")
def blur(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark faces, plates and telephone numbers on a picture; a copy without them is made."""
    piece = get_object_or_404(pictures_seen(user_of(request)), pk=pk)
    error, sent = "", request.POST.getlist("area")
    if request.method == "POST":
        try:
            review.blur(evidence=piece, areas=_areas(sent), by=user_of(request))
        except review.NotAllowed as refused:
            error = str(refused)
        else:
            messages.success(request, _("A copy was made in which the marked parts are illegible."))
            return redirect("visit", piece.visit_id)
    context = {"room": "campaigns", "evidence": piece, "error": error, "areas": sent}
    return render(request, "inspections/review/blur.html", context, status=422 if error else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@requires("visits.review")
def certify(request: HttpRequest, pk: int) -> HttpResponse:
    """Take in a certificate from outside beside a piece of evidence."""
    piece = get_object_or_404(evidence_seen(user_of(request)).filter(of=None), pk=pk)
    form = CertificateForm(posted(request), files_of(request))
    if request.method == "POST" and form.is_valid():
        sent = form.cleaned_data["file"]
        try:
            review.certify(
                evidence=piece,
                content=sent.read(),
                name=sent.name,
                number=form.cleaned_data["number"],
                by=user_of(request),
            )
        except review.NotAllowed as refused:
            form.add_error(None, str(refused))
        else:
            return redirect("visit", piece.visit_id)
    context = {"room": "campaigns", "evidence": piece, "form": form}
    return render(request, "inspections/review/certify.html", context, status=status_of(form))


@require_POST
@requires("visits.review")
def give_up(request: HttpRequest, pk: int) -> HttpResponse:
    """Wait no more for a file that was announced, with a reason."""
    person = user_of(request)
    piece = get_object_or_404(evidence_seen(person), pk=pk)
    try:
        review.give_up(evidence=piece, reason=request.POST.get("reason", ""), by=person)
    except review.NotAllowed as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Nobody waits for this file any more."))
    return redirect("visit", piece.visit_id)


def _areas(sent: list[str]) -> list[tuple[int, int, int, int]]:
    """Return the areas that were marked: left, top, right, bottom in thousandths; what is none is
    left out.
    """
    areas = []
    for text in sent:
        if AREA.fullmatch(text):
            left, top, right, bottom = (min(int(part), 1000) for part in text.split(","))
            if left < right and top < bottom:
                areas.append((left, top, right, bottom))
    return areas


def _visit(request: HttpRequest, pk: int) -> Visit:
    found = visits_seen(user_of(request)).select_related(
        "site__area__parent", "campaign__survey", "response__version", "assignment"
    )
    return get_object_or_404(found, pk=pk)


def _page(request: HttpRequest, chosen: Visit) -> HttpResponse:
    questionnaire, language = compiled(chosen.response.version_id), spoken()
    answers = chosen.response.answers
    score = score_of(questionnaire, answers)
    events = chosen.events.select_related("by")
    pieces: Any = chosen.evidence.all()
    context = {
        "room": "campaigns",
        "visit": chosen,
        "flags": list(flags_of(chosen)),
        "missing": awaited(chosen).count(),
        "was_there": chosen.inspectors.filter(pk=user_of(request).pk).exists(),
        "has_accepted": is_accepted_by(chosen, user_of(request)),
        "findings": presenter.findings(chosen.findings.all(), questionnaire, language),
        "answers": list(lines(questionnaire, answers, language, {})),
        "evidence": presenter.evidence(pieces),
        "score": score,
        "sections": presenter.score_rows(score, questionnaire, language),
        "place": presenter.place(chosen),
        "metres": presenter.metres_away(chosen),
        "others": same_site(chosen, user_of(request)),
        "history": presenter.history(events, questionnaire, language),
    }
    return render(request, "inspections/review/visit.html", context)
