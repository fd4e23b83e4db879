"""Lists of sites: taken in whole or not at all, and written for download."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping

import pandas as pd
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from config.accounts.models import User
from config.language.problems import InvalidInput, Problem
from config.tabular.columns import columns_of
from config.tabular.tables import TextTable
from inspections.campaigns import site_services
from inspections.campaigns.sites import Site
from surveys.companies.name_matching import plain

HEADINGS = {
    "id": ("编号",),
    "name": ("场所", "场所名称", "名称"),
    "kind": ("类型", "场所类型"),
    "area": ("地区", "县区", "行政区划代码"),
    "address": ("地址",),
    "operator": ("经营主体", "经营者"),
    "brand": ("品牌",),
    "vendor": ("服务商", "系统服务商"),
    "credit_code": ("统一社会信用代码",),
    "latitude": ("纬度",),
    "longitude": ("经度",),
    "datum": ("坐标系",),
    "aliases": ("别名",),
}
Known = dict[tuple[str, str], int]


@transaction.atomic
def take_in(*, table: TextTable, by: User | None) -> Counter[str]:
    """Take in a list of sites, all of it or nothing; return how many are new, changed and
    unchanged.

    A site is known by its `id`, or else by its name, or another name of it, in its area. Empty
    cells change nothing. Raises InvalidInput with every cell that is wrong.
    """
    columns = columns_of(table, HEADINGS, needed=("name", "area"))
    outcomes: Counter[str] = Counter()
    problems: list[Problem] = []
    known, first_row = _known(), dict[int, object]()
    for row, cells in table.frame.iterrows():
        given = {name: str(cells[column]).strip() or None for name, column in columns.items()}
        try:
            with transaction.atomic():
                site = _of_row(given, known)
                if site and not given.get("id"):
                    given["name"] = None  # it was found by a name, which may be another one
                site, outcome = site_services.change(site=site, given=given, by=by)
                if site.pk in first_row:
                    text = _("is the site of row %(row)s again") % {"row": first_row[site.pk]}
                    raise ValidationError({"name": [text]})
        except ValidationError as error:
            problems += [
                Problem(
                    table.place(row, columns.get(name, columns["name"])),
                    "{message}",  # what it quotes of the file is no pattern
                    {"message": message},
                )
                for name, messages in error.message_dict.items()
                for message in messages
            ]
        else:
            first_row[site.pk] = row
            known[plain(site.name), site.area_id] = site.pk
            outcomes[outcome] += 1
    if problems:
        raise InvalidInput(*problems)
    return outcomes


def as_table(sites: QuerySet[Site]) -> pd.DataFrame:
    """Return sites as a list that `take_in` reads."""
    related = ("area", "operator", "brand", "vendor")
    listed = sites.select_related(*related).prefetch_related("aliases")
    rows = [
        {
            "id": site.pk,
            **site_services.as_texts(site),
            "aliases": "；".join(alias.name for alias in site.aliases.all()),
        }
        for site in listed
    ]
    return pd.DataFrame(rows, columns=list(HEADINGS))


def _known() -> Known:
    """Return the key of every site by each of its names and its area; a name that two sites of an
    area share leads to neither.
    """
    found: dict[tuple[str, str], set[int]] = defaultdict(set)
    for site in Site.objects.filter(merged_into=None).prefetch_related("aliases"):
        for name in (site.name, *(alias.name for alias in site.aliases.all())):
            found[plain(name), site.area_id].add(site.pk)
    return {name: keys.pop() for name, keys in found.items() if len(keys) == 1}


def _of_row(given: Mapping[str, str | None], known: Known) -> Site | None:
    """Return the site that a row is about, None for a new one. Raises ValidationError."""
    key = given.get("id")
    if key:
        site = Site.objects.filter(pk=int(key)).first() if _is_key(key) else None
        if site is None:
            raise ValidationError({"id": [_("there is no site %(id)s") % {"id": key}]})
        if site.merged_into:
            text = _("was merged into %(site)s") % {"site": site.merged_into}
            raise ValidationError({"id": [text]})
        return site
    areas = site_services.areas_called(given.get("area") or "")
    if len(areas) != 1:
        return None  # said by the service, at its cell
    key_of_name = known.get((plain(given.get("name") or ""), areas[0].pk))
    return Site.objects.get(pk=key_of_name) if key_of_name else None


def _is_key(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 19
