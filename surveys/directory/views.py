"""The back office's pages of companies: the list in and out, one company with its history,
merged and split.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from config.accounts.permissions import requires, user_of
from config.console import lists
from config.language.problems import InvalidInput, say
from config.tabular.downloads import download
from config.tabular.uploads import table_of
from config.tabular.writers import XLSX, workbook, worksheet
from surveys.collection import fieldwork
from surveys.collection.models.response import Response
from surveys.collection.models.survey import Survey
from surveys.companies import services as companies
from surveys.companies.models import Company
from surveys.directory import lists as company_lists

ANSWERS = Coalesce(
    Subquery(
        Response.objects.filter(company=OuterRef("pk"), status=Response.Status.ACCEPTED)
        .order_by()
        .values("company")
        .annotate(n=Count("pk"))
        .values("n")
    ),
    Value(0),
)
COMPANIES = lists.Table(
    caption=say("Companies"),
    row="surveys/directory/company_row.html",
    columns=(
        lists.Column("company", say("Company"), ("sound", "name")),
        lists.Column("kind", say("Kind"), ("kind",)),
        lists.Column("key", say("Key"), ("key",)),
        lists.Column("accepted", say("Accepted"), ("answers",), is_figure=True),
    ),
    sort="company",
)
MERGED = lists.Table(
    caption=say("Merged into others"),
    row="surveys/directory/merged_row.html",
    columns=(
        lists.Column("company", say("Company"), ("sound", "name")),
        lists.Column("into", say("Merged into"), ("merged_into__sound",)),
    ),
    sort="company",
)
WHY = {
    "same": say("the same name but for place, trade and legal form"),
    "sound": say("they sound the same"),
    "slip": say("one sign apart"),
}


@require_http_methods(["GET", "HEAD", "POST"])
@requires("companies.view", post="companies.manage")
def index(request: HttpRequest) -> HttpResponse:
    """List the companies, those that may be the same, and take a list in."""
    error = ""
    if request.method == "POST":
        try:
            counts = company_lists.take_in(
                table=table_of(request.FILES.get("companies")), by=user_of(request)
            )
        except InvalidInput as refused:
            error = "\n".join(problem.render(_) for problem in refused.problems[:30])
        else:
            values = {key: counts[key] for key in ("new", "changed", "unchanged")}
            messages.success(
                request, _("%(new)s new, %(changed)s changed, %(unchanged)s unchanged") % values
            )
            return redirect("companies")
    filters = (
        lists.Search("q", say("Name, pinyin or alias"), _called),
        lists.Choice("kind", say("Kind"), lists.equals("kind"), Company.Kind.choices),
    )
    own = Company.objects.filter(merged_into=None).annotate(answers=ANSWERS)
    merged = Company.objects.exclude(merged_into=None).select_related("merged_into")
    listed = lists.listing(request, COMPANIES, own, filters=filters)
    context = {
        "room": "companies",
        "companies": listed,
        "merged": lists.listing(request, MERGED, merged, filters=filters[:1], prefix="merged-"),
        "doubles": []
        if request.GET  # who asks for a part of the list is not kept from it
        else [(a, b, _(WHY[why])) for a, b, why in companies.likely_doubles()[:50]],
        "error": error,
    }
    return render(request, "surveys/directory/index.html", context, status=422 if error else 200)


@require_safe
@requires("companies.view")
def as_file(request: HttpRequest) -> HttpResponse:
    """Send the list as a workbook to be edited and taken in again."""
    return download(
        workbook([worksheet("companies", company_lists.as_table())]), "companies.xlsx", XLSX
    )


@require_http_methods(["GET", "HEAD", "POST"])
@requires("companies.view", post="companies.manage")
def company(request: HttpRequest, key: str) -> HttpResponse:
    """Show a company, where it is offered, what happened to it; change it."""
    chosen = get_object_or_404(Company.objects.annotate(answers=ANSWERS), key=key)
    error = ""
    if request.method == "POST":
        given = {name: request.POST.get(name, "").strip() for name in company_lists.HEADINGS}
        try:
            company_lists.change(given={**given, "key": key}, by=user_of(request))
        except ValidationError as wrong:
            error = "\n".join(wrong.messages)
        else:
            return redirect("company", key)
    context = {
        "room": "companies",
        "company": chosen,
        "kinds": Company.Kind.choices,
        "brands": chosen.brands.all(),
        "aliases": chosen.aliases.all(),
        "history": chosen.changes.select_related("other", "made_by"),
        "surveys": [(survey, survey in chosen.surveys.all()) for survey in Survey.objects.all()],
        "others": Company.objects.filter(merged_into=None).exclude(pk=chosen.pk),
        "into": request.GET.get("into", ""),
        "error": error,
    }
    return render(request, "surveys/directory/company.html", context, status=422 if error else 200)


@require_POST
@requires("surveys.manage")
def offer(request: HttpRequest, key: str) -> HttpResponse:
    """Say which surveys offer a company."""
    chosen = get_object_or_404(Company, key=key, merged_into=None)
    fieldwork.offer(
        company=chosen,
        surveys=Survey.objects.filter(slug__in=request.POST.getlist("surveys")),
        by=user_of(request),
    )
    return redirect("company", key)


@require_POST
@requires("companies.manage")
def merge(request: HttpRequest, key: str) -> HttpResponse:
    """Merge a company into another, take it out again, or keep that two are two."""
    chosen, by = get_object_or_404(Company, key=key), user_of(request)
    other = Company.objects.filter(key=request.POST.get("into", "")).first()
    what, reason = request.POST.get("what", ""), request.POST.get("reason", "")
    try:
        if what == "split":
            companies.split(company=chosen, reason=reason, by=by)
        elif other is None:
            raise companies.NotPossible
        elif what == "apart":
            companies.tell_apart(company=chosen, other=other, by=by)
            return redirect("companies")
        else:
            companies.merge(company=chosen, into=other, reason=reason, by=by)
    except companies.NotPossible:
        messages.error(
            request,
            _("Nothing was done: a reason is needed, and two companies that are not merged."),
        )
    return redirect("company", key)


def _called(found: QuerySet[Any], text: str) -> QuerySet[Any]:
    """Narrow companies to those that are called so: Chinese, pinyin, alias."""
    return found.filter(search__contains=companies.plain(text))
