"""The back office's pages of the ways into a survey: entrances with posters, invitations with reminders."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from config.language.problems import Unusable
from config.language.texts import Language, Text
from config.tabular.downloads import XLSX, download, workbook
from config.tabular.uploads import table_of
from surveys.models import Company, Entrance, Response, Survey
from surveys.presenters import page
from surveys.printing.paper import Paper, questionnaires
from surveys.printing.poster import Poster, code, posters
from surveys.selectors import questionnaire_of
from surveys.services import entrances, invitations
from surveys.services import paper as sheets
from surveys.views import notice

ACCEPTED = Count("responses", filter=Q(responses__status=Response.Status.ACCEPTED))


@require_safe
@login_required
def ways(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the ways into a survey, with what came by each."""
    return _page(request, slug)


def _page(request: HttpRequest, slug: str, error: str = "") -> HttpResponse:
    survey = get_object_or_404(Survey, slug=slug)
    listed = survey.entrances.select_related("sealed_to").annotate(accepted=ACCEPTED).order_by("kind", "name_zh")
    words = {
        "room": "surveys",
        "tab": "ways",
        "survey": survey,
        "entrances": [(entrance, _address(request, entrance)) for entrance in listed],
        "open_link": request.build_absolute_uri(reverse("survey-page", args=[slug])) if survey.has_page else "",
        "kinds": Entrance.Kind.choices,
        "companies": survey.companies.all(),
        "printed": survey.paper_sheets.count(),
        "batches": invitations.batches(survey),
        "error": error,
        "given": request.POST,
    }
    return render(request, "surveys/console/ways.html", words, status=422 if error else 200)


@require_POST
@login_required
def add(request: HttpRequest, slug: str) -> HttpResponse:
    """Open one way in, or a poster for every place of a list."""
    survey = get_object_or_404(Survey, slug=slug)
    try:
        if request.FILES:
            made = entrances.open_places(survey=survey, table=table_of(request.FILES.get("places")))
            messages.success(request, _("%(n)s places were added.") % {"n": len(made)})
        else:
            sealed_to = Company.objects.filter(pk=request.POST.get("sealed_to") or 0).first()
            kind = request.POST.get("kind", "")
            entrances.open_way(
                survey=survey,
                kind=kind,
                name=Text(request.POST.get("name_zh", ""), request.POST.get("name_en", "")),
                stratum=request.POST.get("stratum", ""),
                psu=request.POST.get("psu", ""),
                sealed_to=sealed_to if kind == Entrance.Kind.COMPANY else None,
            )
    except Unusable as error:
        return _page(request, slug, "\n".join(problem.render(_) for problem in error.problems))
    except ValidationError as error:
        return _page(request, slug, "\n".join(error.messages))
    return redirect("ways", slug)


@require_POST
@login_required
def switch(request: HttpRequest, code: str) -> HttpResponse:
    """Close a way in, or open it again."""
    entrance = get_object_or_404(Entrance, code=code)
    entrances.set_active(entrance=entrance, is_active=not entrance.is_active)
    return redirect("ways", entrance.survey.slug)


@require_safe
@login_required
def poster(request: HttpRequest, slug: str) -> HttpResponse:
    """Send the posters of a survey's open ways in, or of one, as PDF."""
    survey = get_object_or_404(Survey, slug=slug)
    wanted = survey.entrances.filter(is_active=True)
    if chosen := request.GET.get("code"):
        wanted = wanted.filter(code=chosen)
    questionnaire = questionnaire_of(survey)
    first = page(questionnaire, questionnaire.sections[0], {}, language="zh-Hans", today=timezone.localdate())
    every = [
        Poster(_address(request, way), survey.title, survey.organiser, Text(way.name_zh, way.name_en), first.minutes)
        for way in wanted
    ]
    if not every:
        messages.error(request, _("There is no open way in to print a poster for."))
        return redirect("ways", slug)
    content = posters(every, day=timezone.localdate())
    return download(content, f"{slug}-posters.pdf", "application/pdf")


@require_safe
@login_required
def qr(request: HttpRequest, code_: str) -> HttpResponse:
    """Send the QR code of one way in as SVG."""
    entrance = get_object_or_404(Entrance, code=code_)
    drawn = code(_address(request, entrance)).replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)
    return download(drawn.encode(), f"{entrance.code}.svg", "image/svg+xml")


@require_POST
@login_required
def paper(request: HttpRequest, slug: str) -> HttpResponse:
    """Number so many paper sheets and send them as PDF."""
    survey = get_object_or_404(Survey, slug=slug)
    given = request.POST
    count = given.get("count", "")
    try:
        serials = sheets.number_sheets(
            survey=survey,
            count=int(count) if count.isdecimal() else 0,
            stratum=given.get("stratum", ""),
            psu=given.get("psu", ""),
        )
    except sheets.TooMany:
        return _page(
            request, slug, _("Between 1 and %(most)s copies can be printed at a time.") % {"most": sheets.MOST}
        )
    around = Paper(
        organiser=survey.organiser,
        notice=Text(survey.purpose_zh, survey.purpose_en),
        companies=[(c.key, str(c.pk), Text(c.name, c.name_en or c.name)) for c in survey.companies.all()],
    )
    language: Language = "en" if given.get("language") == "en" else "zh-Hans"
    content = questionnaires(
        questionnaire_of(survey), around, serials=serials, language=language, day=timezone.localdate()
    )
    return download(content, f"{slug}-{serials[0]}-{serials[-1]}.pdf", "application/pdf")


@require_POST
@login_required
def invite(request: HttpRequest, slug: str) -> HttpResponse:
    """Give a customer list back with a column of links; the list is not kept."""
    survey = get_object_or_404(Survey, slug=slug)
    try:
        table = table_of(request.FILES.get("people"))
        batch = request.POST.get("batch", "").strip()[:60] or table.file.rpartition(".")[0][:60]
        made = invitations.invite(
            survey=survey,
            batch=batch,
            table=table,
            address=lambda token: request.build_absolute_uri(reverse("invitation", args=[token])),
        )
    except Unusable as error:
        return _page(request, slug, "\n".join(problem.render(_) for problem in error.problems))
    return download(workbook({"people": made}), f"{batch}-links.xlsx", XLSX)


@require_POST
@login_required
def remind(request: HttpRequest, slug: str) -> HttpResponse:
    """Give back the rows of an invited list that have not answered, with the text of a message."""
    survey = get_object_or_404(Survey, slug=slug)
    words = _("{organiser}: please tell us about “{title}”: {{link}} To refuse, open it and choose so.")
    message = words.format(organiser=survey.organiser_zh, title=survey.title_zh)
    try:
        table = table_of(request.FILES.get("people"))
        left = invitations.reminders(survey=survey, table=table, message=message)
    except Unusable as error:
        return _page(request, slug, "\n".join(problem.render(_) for problem in error.problems))
    return download(workbook({"people": left}), f"{table.file.rpartition('.')[0]}-reminders.xlsx", XLSX)


# as with every page of a respondent, the token in the address is what proves that the form is ours
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Show the notice to an invited person; begin, go on, or refuse."""
    invited = invitations.find(token)
    if invited is None:
        return render(request, "surveys/unknown.html", {"language": notice.language_of(request)}, status=404)
    if request.method == "POST" and request.POST.get("go") == "refuse":
        invitations.refuse(invitation=invited)
        return notice.refused(request, invited.survey)
    return notice.start(request, invited.survey, invitation=invited)


def _address(request: HttpRequest, entrance: Entrance) -> str:
    return request.build_absolute_uri(reverse("entrance", args=[entrance.code]))
