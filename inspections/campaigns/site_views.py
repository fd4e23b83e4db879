"""The back office's pages of sites: the list in and out, a map, one site with its history, merged
and split.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from config import lists
from config.accounts.editing import unchanged
from config.accounts.models import User
from config.accounts.permissions import may_call, requires, user_of
from config.accounts.scope import prefix
from config.fields import blame, files_of, posted, status_of
from config.language.problems import InvalidInput, say
from config.tabular.downloads import download
from config.tabular.writers import XLSX, workbook, worksheet
from inspections.campaigns import site_lists, site_services
from inspections.campaigns.forms import (
    SiteApartForm,
    SiteEditForm,
    SiteForm,
    SiteMergeForm,
    SitesForm,
    SiteSplitForm,
)
from inspections.campaigns.selectors import (
    called,
    counts_by_area,
    likely_doubles,
    sites_of,
    sites_seen_by,
)
from inspections.campaigns.site_map import Pin, site_map
from inspections.campaigns.sites import Site
from surveys.collection.models.area import Area
from surveys.directory.presenter import double, history
from surveys.directory.views import WHY
from surveys.monitoring.tile_map import tiles

SITES = lists.Table(
    caption=say("Sites"),
    row="inspections/campaigns/site_row.html",
    columns=(
        lists.Column("site", say("Site"), ("name",)),
        lists.Column("kind", say("Kind"), ("kind",)),
        lists.Column("area", say("County or district"), ("area",)),
        lists.Column("operator", say("Operator"), ("operator__sound",)),
        lists.Column("vendor", say("Vendor"), ("vendor__name",)),
    ),
    sort="site",
)
MERGED = lists.Table(
    caption=say("Merged into others"),
    row="inspections/campaigns/merged_row.html",
    columns=(
        lists.Column("site", say("Site"), ("name",)),
        lists.Column("into", say("Merged into"), ("merged_into__name",)),
    ),
    sort="site",
)
DOUBLES = 50  # that are asked about at a time


@require_http_methods(["GET", "HEAD", "POST"])
@requires("visits.view_all", post="campaigns.manage")
def index(request: HttpRequest) -> HttpResponse:
    """List the sites; take in a list of them."""
    form, person = SitesForm(posted(request), files_of(request)), user_of(request)
    if request.method == "POST" and form.is_valid():
        try:
            counts = site_lists.take_in(table=form.cleaned_data["sites"], by=person)
        except InvalidInput as refused:
            blame(form, refused, "sites")
        else:
            values = {key: counts[key] for key in ("new", "changed", "unchanged")}
            messages.success(
                request, _("%(new)s new, %(changed)s changed, %(unchanged)s unchanged") % values
            )
            return redirect("sites")
    related = ("area__parent", "operator", "vendor")
    filters = (
        lists.Search("q", say("Name or address"), called),
        lists.Choice("kind", say("Kind"), lists.equals("kind"), Site.Kind.choices),
        lists.Choice("city", say("City"), _of_city, _cities()),
    )
    merged = sites_seen_by(person).exclude(merged_into=None).select_related("merged_into")
    context = {
        "room": "sites",
        "sites": lists.listing(
            request, SITES, sites_of(person).select_related(*related), filters=filters
        ),
        "merged": lists.listing(request, MERGED, merged, filters=filters[:1], prefix="merged-"),
        # who asks for a part of the list is not kept from it
        "doubles": [] if request.GET else _doubles(person),
        "form": form,
    }
    return render(request, "inspections/campaigns/sites.html", context, status=status_of(form))


@require_safe
@requires("visits.view_all")
def as_file(request: HttpRequest) -> HttpResponse:
    """Send the list as a workbook to be edited and taken in again."""
    table = site_lists.as_table(sites_of(user_of(request)))
    return download(workbook([worksheet("sites", table)]), "sites.xlsx", XLSX)


@require_safe
@requires("visits.view_all")
def on_map(request: HttpRequest) -> HttpResponse:
    """Show the cities with their numbers of sites, and the sites of one as points."""
    found, asked = sites_of(user_of(request)), request.GET.get("city", "")
    counts = counts_by_area(found)
    areas = {area.pk: area for area in Area.objects.filter(level=Area.Level.CITY)}
    by_city = {
        code: sum(n for at, n in counts.items() if at.startswith(prefix(code))) for code in areas
    }
    city = areas.get(asked) or max(areas.values(), key=lambda area: by_city[area.pk], default=None)
    inside = _of_city(found, city.pk) if city else found.none()
    inside = inside.select_related("area")
    shown = inside.exclude(latitude=None)
    context = {
        "room": "sites",
        "tiles": tiles(by_city, {}, areas),
        "cities": [(code, areas[code].name, n) for code, n in by_city.items() if n],
        "city": city,
        "city_name": city.name if city else "",
        "map": site_map(map(pin, shown)),
        "without": inside.filter(latitude=None).count(),
        "counties": _counties(inside),
    }
    return render(request, "inspections/campaigns/sites_map.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires("campaigns.manage")
def new(request: HttpRequest) -> HttpResponse:
    """Add a site."""
    form = SiteForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            made = _kept(form, None, user_of(request))
        except ValidationError as wrong:
            blame(form, wrong)
        else:
            return redirect("site", made.pk)
    context = {"room": "sites", "form": form, "names": form.names()}
    return render(request, "inspections/campaigns/site_new.html", context, status=status_of(form))


@require_http_methods(["GET", "HEAD", "POST"])
@requires("visits.view_all", post="campaigns.manage")
def site(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a site, who stands behind it, what happened to it; change it."""
    chosen = _found(request, pk)
    form = SiteEditForm(posted(request), site=chosen)
    if request.method == "POST" and form.is_valid():
        try:
            with unchanged(form):
                _kept(form, chosen, user_of(request))
        except ValidationError as wrong:
            blame(form, wrong)
        else:
            return redirect("site", pk)
    return _site(request, chosen, form)


@require_POST
@requires("campaigns.manage")
def merge(request: HttpRequest, pk: int) -> HttpResponse:
    """Merge a site into another, take it out again, or keep that two are two."""
    chosen, by = _found(request, pk), user_of(request)
    what, among = request.POST.get("what", ""), sites_of(by)
    form: forms.Form = SiteMergeForm(request.POST, site=chosen, among=among)
    if what == "split":
        form = SiteSplitForm(request.POST)
    elif what == "apart":
        form = SiteApartForm(request.POST, site=chosen, among=among)
    if form.is_valid():
        given = form.cleaned_data
        try:
            if what == "split":
                site_services.split(site=chosen, reason=given["reason"], by=by)
            elif what == "apart":
                site_services.tell_apart(site=chosen, other=given["into"], by=by)
            else:
                site_services.merge(site=chosen, into=given["into"], reason=given["reason"], by=by)
        except site_services.NotPossible:
            text = _("Nothing was done: a reason is needed, and two sites that are not merged.")
            form.add_error(None, text)
        else:
            return redirect("sites") if what == "apart" else redirect("site", pk)
    return _site(request, chosen, form)


def pin(site: Site, *, href: str = "", mark: str = "") -> Pin:
    """Return a site, which has a position, as a map shows it."""
    assert site.position is not None
    return Pin(
        site.position, site.name, site.area.name, href or reverse("site", args=[site.pk]), mark
    )


def _kept(form: SiteForm, chosen: Site | None, by: User) -> Site:
    given = {name: form.cleaned_data[name] for name in SiteForm.base_fields}
    return site_services.change(site=chosen, given=given, by=by)[0]


def _site(request: HttpRequest, chosen: Site, sent: forms.Form) -> HttpResponse:
    """Answer with the page of a site; a form that was sent and is wrong stands in it as it was
    filled in.
    """
    into, among = request.GET.get("into", ""), sites_of(user_of(request))
    empty: list[forms.Form] = [
        SiteEditForm(site=chosen),
        SiteMergeForm(site=chosen, among=among, into=into),
        SiteSplitForm(),
    ]
    change, merging, splitting = (sent if isinstance(sent, type(form)) else form for form in empty)
    assert isinstance(change, SiteEditForm)
    may_merge = may_call(user_of(request), "site-merge", post=True)
    context = {
        "room": "sites",
        "site": chosen,
        "area": chosen.area.whole_name,
        "aliases": chosen.aliases.all(),
        "history": history(
            chosen.changes.select_related("other", "made_by"), SiteForm, dict(Site.Kind.choices)
        ),
        "places": chosen.places.select_related("campaign__survey"),
        "change_form": change,
        "merge_form": merging if may_merge else None,
        "split_form": splitting,
        "names": change.names(),
        "into": into,
    }
    return render(request, "inspections/campaigns/site.html", context, status=status_of(sent))


def _found(request: HttpRequest, pk: int) -> Site:
    related = ("area__parent", "operator", "brand", "vendor", "merged_into")
    return get_object_or_404(sites_seen_by(user_of(request)).select_related(*related), pk=pk)


def _doubles(person: User) -> list[dict[str, Any]]:
    found = []
    for a, b, why, metres in likely_doubles(person)[:DOUBLES]:
        apart = "" if metres is None else " · " + _("%(n)s m apart") % {"n": round(metres)}
        found.append(double(a, b, f"{_(WHY[why])}{apart}", key="pk", page="site"))
    return found


def _of_city(found: Any, code: str) -> Any:
    return found.filter(area__code__startswith=prefix(code))


def _cities() -> list[tuple[str, str]]:
    return [(area.pk, area.name) for area in Area.objects.filter(level=Area.Level.CITY)]


def _counties(inside: Iterable[Site]) -> list[tuple[str, int]]:
    counted: dict[str, int] = {}
    for one in inside:
        counted[one.area.name] = counted.get(one.area.name, 0) + 1
    return sorted(counted.items(), key=lambda pair: -pair[1])
