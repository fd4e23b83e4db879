"""The back office's pages of companies: the list in and out, one company with its history,
merged and split.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from config import lists
from config.accounts.editing import Changed, unchanged
from config.accounts.permissions import requires, user_of
from config.fields import blame, files_of, posted, status_of
from config.language.problems import InvalidInput, say
from config.tabular.downloads import download
from config.tabular.uploads import SentFile
from config.tabular.writers import XLSX, workbook, worksheet
from config.work.models import FileReading, Job
from config.work.progress import asks_how_far
from surveys.collection import fieldwork, laid_aside
from surveys.collection.models.response import Response
from surveys.companies import services as companies
from surveys.companies.models import Company
from surveys.companies.name_matching import plain
from surveys.directory import lists as company_lists
from surveys.directory.forms import (
    ApartForm,
    CompaniesForm,
    CompanyForm,
    MergeForm,
    NewCompanyForm,
    OfferForm,
    SplitForm,
)
from surveys.directory.presenter import double, history

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
    form = CompaniesForm(posted(request), files_of(request))
    if request.method == "POST" and form.is_valid():
        file: SentFile = form.cleaned_data["companies"]
        if file.is_large:
            reading = company_lists.take_in_later(file=file, by=user_of(request))
            return redirect("company-list", reading.pk)
        try:
            counts = company_lists.take_in(table=file.table(), by=user_of(request))
        except InvalidInput as refused:
            blame(form, refused, "companies")
        else:
            messages.success(request, _counted(counts))
            return redirect("companies")
    return _index(request, form, NewCompanyForm())


@require_POST
@requires("companies.manage")
def add(request: HttpRequest) -> HttpResponse:
    """Take in one company."""
    form = NewCompanyForm(request.POST)
    if form.is_valid():
        try:
            company_lists.change(given=form.cleaned_data, by=user_of(request))
        except ValidationError as wrong:
            blame(form, wrong)
        else:
            messages.success(request, _("%(name)s is in the list.") % form.cleaned_data)
            return redirect("companies")
    return _index(request, CompaniesForm(), form)


def _index(request: HttpRequest, form: CompaniesForm, new: NewCompanyForm) -> HttpResponse:
    filters = (
        lists.Search("q", say("Name, pinyin or alias"), _called),
        lists.Choice("kind", say("Kind"), lists.equals("kind"), Company.Kind.choices),
    )
    own = Company.objects.filter(merged_into=None).annotate(answers=ANSWERS)
    merged = Company.objects.exclude(merged_into=None).select_related("merged_into")
    at = reverse("companies")
    listed = lists.listing(request, COMPANIES, own, filters=filters, at=at)
    context = {
        "room": "companies",
        "companies": listed,
        "merged": lists.listing(
            request, MERGED, merged, filters=filters[:1], prefix="merged-", at=at
        ),
        "doubles": []
        if request.GET  # who asks for a part of the list is not kept from it
        else [
            double(a, b, _(WHY[why]), key="key", page="company")
            for a, b, why in companies.likely_doubles()[:50]
        ],
        "form": form,
        "new_form": new,
    }
    status = status_of(form, new)
    return render(request, "surveys/directory/index.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@requires("companies.manage")
def large_list(request: HttpRequest, pk: int) -> HttpResponse:
    """Show how far the worker is with a large list and what came of it; let it begin again."""
    found = FileReading.objects.select_related("job").filter(purpose=laid_aside.COMPANIES)
    reading = get_object_or_404(found, pk=pk)
    if request.method == "POST":
        return redirect(
            "company-list", company_lists.again(reading=reading, by=user_of(request)).pk
        )
    if asks_how_far(request) and not reading.job.is_busy:
        return HttpResponseClientRefresh()
    is_done = reading.job.state == Job.State.DONE
    context = {
        "room": "companies",
        "reading": reading,
        "counted": _counted(reading.outcome) if is_done else "",
    }
    return render(request, "surveys/directory/list.html", context)


def _counted(counts: Mapping[str, int]) -> str:
    values = {key: counts.get(key, 0) for key in ("new", "changed", "unchanged")}
    return _("%(new)s new, %(changed)s changed, %(unchanged)s unchanged") % values


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
    chosen = _found(key)
    form = CompanyForm(posted(request), company=chosen)
    if request.method == "POST" and form.is_valid():
        try:
            with unchanged(form):
                given = {**form.cleaned_data, "key": key}
                company_lists.change(given=given, by=user_of(request))
        except ValidationError as wrong:
            blame(form, wrong)
        else:
            return redirect("company", key)
    return _company(request, chosen, form)


def _company(request: HttpRequest, chosen: Company, sent: forms.Form) -> HttpResponse:
    """Answer with the page of a company; a form that was sent and is wrong stands in it as it was
    filled in.
    """
    empty: list[forms.Form] = [
        CompanyForm(company=chosen),
        OfferForm(company=chosen),
        MergeForm(company=chosen, into=request.GET.get("into", "")),
        SplitForm(),
    ]
    change, offering, merging, splitting = (
        sent if isinstance(sent, type(form)) else form for form in empty
    )
    context = {
        "room": "companies",
        "company": chosen,
        "aliases": chosen.aliases.all(),
        "history": history(
            chosen.changes.select_related("other", "made_by"),
            CompanyForm,
            dict(Company.Kind.choices),
        ),
        "change_form": change,
        "offer_form": offering,
        "merge_form": merging,
        "split_form": splitting,
        "into": request.GET.get("into", ""),
    }
    return render(request, "surveys/directory/company.html", context, status=status_of(sent))


@require_POST
@requires("surveys.manage")
def offer(request: HttpRequest, key: str) -> HttpResponse:
    """Say which surveys offer a company."""
    chosen = _found(key)
    if chosen.merged_into:
        raise Http404
    form = OfferForm(request.POST, company=chosen)
    if not form.is_valid():
        return _company(request, chosen, form)
    surveys = form.cleaned_data["surveys"]
    try:
        with unchanged(form):
            fieldwork.offer(company=chosen, surveys=surveys, by=user_of(request))
    except Changed as changed:
        blame(form, changed)
        return _company(request, chosen, form)
    return redirect("company", key)


@require_POST
@requires("companies.manage")
def merge(request: HttpRequest, key: str) -> HttpResponse:
    """Merge a company into another, take it out again, or keep that two are two."""
    chosen, by = _found(key), user_of(request)
    what = request.POST.get("what", "")
    form: forms.Form = MergeForm(request.POST, company=chosen)
    if what == "split":
        form = SplitForm(request.POST)
    elif what == "apart":
        form = ApartForm(request.POST, company=chosen)
    if form.is_valid():
        given = form.cleaned_data
        try:
            if what == "split":
                companies.split(company=chosen, reason=given["reason"], by=by)
            elif what == "apart":
                companies.tell_apart(company=chosen, other=given["into"], by=by)
            else:
                companies.merge(company=chosen, into=given["into"], reason=given["reason"], by=by)
        except companies.NotPossible:
            text = _("Nothing was done: a reason is needed, and two companies that are not merged.")
            form.add_error(None, text)
        else:
            return redirect("companies") if what == "apart" else redirect("company", key)
    return _company(request, chosen, form)


def _found(key: str) -> Company:
    return get_object_or_404(Company.objects.annotate(answers=ANSWERS), key=key)


def _called(found: QuerySet[Any], text: str) -> QuerySet[Any]:
    """Narrow companies to those that are called so: Chinese, pinyin, alias."""
    return found.filter(search__contains=plain(text))
