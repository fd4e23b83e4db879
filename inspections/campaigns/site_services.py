"""Sites under one record: added, changed, merged and split; all with history."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Literal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from config.accounts import audit
from config.accounts.models import User
from config.language.languages import in_both
from config.tabular.columns import several
from inspections.campaigns.models import CampaignSite
from inspections.campaigns.sites import Datum, Site, SiteAlias, SiteChange, Vendor
from surveys.collection.models.area import Area
from surveys.companies import services as companies
from surveys.companies.models import Brand, Company
from surveys.companies.name_matching import likely, plain

Outcome = Literal["new", "changed", "unchanged"]
FIELDS = (
    "name",
    "kind",
    "area",
    "address",
    "operator",
    "brand",
    "vendor",
    "credit_code",
    "latitude",
    "longitude",
    "datum",
)
NEEDED = ("name", "kind", "area")
# what lists of others call a kind of site, beside its own names
SPELLINGS = {
    "餐饮": Site.Kind.RESTAURANT,
    "饭店": Site.Kind.RESTAURANT,
    "餐厅": Site.Kind.RESTAURANT,
    "商场": Site.Kind.SHOP,
    "超市": Site.Kind.SHOP,
    "停车场": Site.Kind.CAR_PARK,
    "其他": Site.Kind.OTHER,
}
DATUMS = {"wgs84": Datum.WGS84, "gps": Datum.WGS84, "gcj02": Datum.GCJ02}
What = SiteChange.What


class NotPossible(Exception):
    """A merge or split that the sites do not allow."""


@transaction.atomic
def change(
    *, site: Site | None, given: Mapping[str, str | None], by: User | None
) -> tuple[Site, Outcome]:
    """Add a site, or change one; given are texts by the names of FIELDS, and aliases.

    What is not given, or None, stays as it is; "" takes away. Kinds, areas, companies, brands and
    datums are found by their names in either language; a vendor that nobody heard of is added, one
    that nearly has a known name is not. Raises ValidationError with what is wrong by field.
    """
    is_new = site is None
    site = site or Site()
    before = as_texts(site)
    wrong: dict[str, list[str]] = {}
    for name in FIELDS:
        text = given.get(name)
        if text is None:
            continue
        try:
            setattr(site, name, READ[name](text.strip()))
        except ValidationError as error:
            wrong[name] = error.messages
    for name in NEEDED:
        if name not in wrong and not (given.get(name) if is_new else as_texts(site)[name]):
            wrong[name] = [_("is needed")]
    _check_whole(site, wrong)
    if wrong:
        raise ValidationError(wrong)
    site.save()
    more = add_aliases(site=site, names=several(given.get("aliases") or ""))
    after = as_texts(site)
    changed = {name: [before[name], after[name]] for name in FIELDS if before[name] != after[name]}
    if not (is_new or changed or more):
        return site, "unchanged"
    SiteChange.objects.create(
        site=site,
        what=What.IMPORTED if is_new else What.CHANGED,
        detail={"changed": {} if is_new else changed, "aliases": more},
        made_by=by,
    )
    audit.record(
        by=by,
        action="site.register" if is_new else "site.change",
        target=site,
        before={} if is_new else {name: old for name, (old, _new) in changed.items()},
        after={
            **{name: after[name] for name in FIELDS if after[name] != before[name]},
            "aliases": more,
        },
    )
    return site, "new" if is_new else "changed"


def add_aliases(*, site: Site, names: Iterable[str]) -> list[str]:
    """Let more names lead to a site; return those that are new. Its own name is none."""
    known = {plain(site.name), *(plain(alias.name) for alias in site.aliases.all())}
    added = []
    for name in names:
        if plain(name) not in known:
            known.add(plain(name))
            SiteAlias.objects.create(site=site, name=name[:120])
            added.append(name[:120])
    return added


def as_texts(site: Site) -> dict[str, str]:
    """Return the fields of a site as a list has them."""
    return {
        "name": site.name,
        "kind": site.kind,
        "area": site.area_id or "",
        "address": site.address,
        "operator": site.operator.name if site.operator else "",
        "brand": site.brand.name if site.brand else "",
        "vendor": site.vendor.name if site.vendor else "",
        "credit_code": site.credit_code,
        "latitude": "" if site.latitude is None else f"{site.latitude:.6f}",
        "longitude": "" if site.longitude is None else f"{site.longitude:.6f}",
        "datum": site.datum,
    }


@transaction.atomic
def merge(*, site: Site, into: Site, reason: str, by: User | None) -> None:
    """Say that a site is another one: its names lead there, campaigns go there once.

    Its record and its visits stay. Raises NotPossible for a site merged into itself, one that is
    merged already, or a reason left out.
    """
    reason = reason.strip()[:300]
    both = {s.pk: s for s in Site.objects.select_for_update().filter(pk__in=(site.pk, into.pk))}
    if len(both) < 2 or not reason or any(s.merged_into_id for s in both.values()):
        raise NotPossible
    names = [site.name, *site.aliases.values_list("name", flat=True)]
    moved = add_aliases(site=into, names=names)
    Site.objects.filter(merged_into=site).update(merged_into=into)  # no chains
    Site.objects.filter(pk=site.pk).update(merged_into=into)
    site.merged_into = into
    # where a campaign goes to both it goes to one
    twice = CampaignSite.objects.filter(site=site, dropped_at=None)
    twice = twice.filter(campaign__in=into.places.values("campaign"))
    places = list(twice.values_list("pk", flat=True))
    twice.update(dropped_at=timezone.now(), dropped_because=reason)
    detail = {"aliases": moved, "places": places}
    _tell_both(site, into, What.MERGED, detail, reason, by)
    after = {"into": str(into), **detail}
    audit.record(by=by, action="site.merge", target=site, after=after, reason=reason)


@transaction.atomic
def split(*, site: Site, reason: str, by: User | None) -> None:
    """Take a site out of the one it was merged into, with the names that it brought. Raises
    NotPossible for one that is not merged, or a reason left out.
    """
    reason = reason.strip()[:300]
    locked = Site.objects.select_for_update().get(pk=site.pk)
    into = locked.merged_into
    if into is None or not reason:
        raise NotPossible
    last = SiteChange.objects.filter(site=locked, what=What.MERGED).order_by("-pk").first()
    detail = last.detail if last else {"aliases": [], "places": []}
    SiteAlias.objects.filter(site=into, name__in=detail["aliases"]).delete()
    CampaignSite.objects.filter(pk__in=detail["places"], replaced_by=None).update(
        dropped_at=None, dropped_because=""
    )
    locked.merged_into = site.merged_into = None
    locked.save(update_fields=["merged_into"])
    _tell_both(locked, into, What.SPLIT, detail, reason, by)
    after = {"out_of": str(into), **detail}
    audit.record(by=by, action="site.split", target=site, after=after, reason=reason)


@transaction.atomic
def tell_apart(*, site: Site, other: Site, by: User | None) -> None:
    """Keep that two sites that look alike are two, so that nobody is asked again."""
    _tell_both(site, other, What.APART, {}, "", by)
    audit.record(by=by, action="site.tell_apart", target=site, after={"other": str(other)})


def _tell_both(
    site: Site, other: Site, what: str, detail: dict[str, Any], reason: str, by: User | None
) -> None:
    for one, two in ((site, other), (other, site)):
        SiteChange.objects.create(
            site=one, what=what, other=two, detail=detail, reason=reason, made_by=by
        )


def _check_whole(site: Site, wrong: dict[str, list[str]]) -> None:
    """Add what is wrong with fields together: a position in part, a name that is taken."""
    try:
        site.clean_fields(exclude=[*wrong, *(name for name in NEEDED if not as_texts(site)[name])])
    except ValidationError as error:
        wrong.update(error.message_dict)
    position = {
        "latitude": site.latitude is not None,
        "longitude": site.longitude is not None,
        "datum": bool(site.datum),
    }
    if any(position.values()) and not wrong.keys() & position.keys():
        for name, is_there in position.items():
            if not is_there:
                wrong[name] = [_("is missing: a position is latitude, longitude and datum")]
    if not wrong:
        same = Site.objects.filter(name=site.name, area=site.area_id).exclude(pk=site.pk)
        if same.exists():
            wrong["name"] = [_("is the name of another site of this area")]


def _text(text: str) -> str:
    return text


def _kind(text: str) -> str:
    found = kinds().get(plain(text))
    if found is None:
        known = ", ".join(Site.Kind.values)
        raise ValidationError(
            _("%(text)s is no kind of site; there are: %(known)s") % {"text": text, "known": known}
        )
    return found


def kinds() -> dict[str, str]:
    """Return every spelling of a kind of site, in both languages, with its code."""
    found = {plain(value): str(value) for value in Site.Kind.values}
    found |= {plain(text): str(kind.value) for text, kind in SPELLINGS.items()}
    for kind in Site.Kind:
        found |= {plain(label): str(kind.value) for label in _labels(kind)}
    return found


def _labels(kind: Site.Kind) -> list[str]:
    return list(in_both(lambda: str(kind.label)).values())


def _area(text: str) -> Area:
    """Return the area of a code or a name; a county may have its city in front."""
    found = areas_called(text)
    if len(found) != 1:
        message = _("%(text)s is no area; write its code, or city and county")
        if found:
            message = _("there are several areas called %(text)s: write the city before it")
        raise ValidationError(message % {"text": text})
    return found[0]


def areas_called(text: str) -> list[Area]:
    """Return the areas that a text may mean: a code of GB/T 2260, a name, or city and county."""
    if not text:
        return []
    wanted = plain(text)
    every = Area.objects.select_related("parent")
    if wanted.isdigit():
        return list(every.filter(pk=wanted))
    return [area for area in every if wanted in _spellings(area)]


def _spellings(area: Area) -> set[str]:
    alone = {plain(area.zh), plain(area.en)}
    city = area.parent if area.level == Area.Level.COUNTY else None
    return alone | {plain(f"{city.zh}{area.zh}"), plain(f"{city.en}{area.en}")} if city else alone


def _operator(text: str) -> Company | None:
    found = companies.named(text) if text else None
    if text and found is None:
        message = _("%(text)s is no company of the directory; take it in there first")
        raise ValidationError(message % {"text": text})
    return found


def _brand(text: str) -> Brand | None:
    if not text:
        return None
    found: Brand | None = _same(Brand, text)
    if found is None:
        message = _("%(text)s is no brand of the directory; add it to its company first")
        raise ValidationError(message % {"text": text})
    return found


def _vendor(text: str) -> Vendor | None:
    if not text:
        return None
    found: Vendor | None = _same(Vendor, text)
    if found is None and (near := nearly(text, Vendor.objects.values_list("name", flat=True))):
        message = _("%(text)s may be %(near)s; write one of the names that are known")
        raise ValidationError(message % {"text": text, "near": near})
    return found or Vendor.objects.create(name=text[:120])


def nearly(text: str, known: Iterable[str]) -> str:
    """Return the first known name that is like a text without being it, or ""."""
    listed = list(known)
    pairs = likely(dict(enumerate([[text], *([name] for name in listed)])))
    return next((listed[b - 1] for a, b, _why in pairs if a == 0), "")


def _same(model: type[Any], text: str) -> Any:
    """Return the record of a name, whatever its width, case and signs."""
    exact = model.objects.filter(name=text).first()
    others = (one for one in model.objects.all() if plain(one.name) == plain(text))
    return exact or next(others, None)


def _degrees(text: str) -> float | None:
    if not text:
        return None
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise ValidationError(_("%(text)s is no number of degrees, as 37.8706") % {"text": text})
    return value


def _latitude(text: str) -> float | None:
    value = _degrees(text)
    if value is not None and not -90 <= value <= 90:
        raise ValidationError(_("a latitude lies between -90 and 90"))
    return value


def _longitude(text: str) -> float | None:
    value = _degrees(text)
    if value is not None and not -180 <= value <= 180:
        raise ValidationError(_("a longitude lies between -180 and 180"))
    return value


def _datum(text: str) -> str:
    if text and plain(text) not in DATUMS:
        message = _("%(text)s is no datum; write WGS-84 (of a phone) or GCJ-02 (of a Chinese map)")
        raise ValidationError(message % {"text": text})
    return DATUMS[plain(text)] if text else ""


READ: dict[str, Callable[[str], Any]] = {
    "name": _text,
    "kind": _kind,
    "area": _area,
    "address": _text,
    "operator": _operator,
    "brand": _brand,
    "vendor": _vendor,
    "credit_code": _text,
    "latitude": _latitude,
    "longitude": _longitude,
    "datum": _datum,
}
