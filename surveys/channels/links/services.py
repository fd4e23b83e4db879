"""Collection points: opened one by one or from a list of places, closed and opened again."""

from __future__ import annotations

import secrets
from collections.abc import Iterator

from django.db import transaction

from config.accounts import audit
from config.accounts.models import User
from config.language.problems import InvalidInput, Problem, say
from config.language.texts import Text
from config.tabular.tables import TextTable
from surveys.collection.models.collector import Collector
from surveys.collection.models.survey import Survey
from surveys.companies.models import Company

# no i, l, o, 0, 1: a code is typed from a poster when scanning fails
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
LENGTH = 8  # of 31 letters: 40 bits, not found by trying
HEADINGS = {
    "name_zh": ("name", "名称", "地点", "place"),
    "name_en": ("name_en", "英文名", "英文"),
    "stratum": ("stratum", "层"),
    "psu": ("psu", "站点"),
}


@transaction.atomic
def open_way(
    *,
    survey: Survey,
    kind: str,
    name: Text,
    stratum: str = "",
    psu: str = "",
    sealed_to: Company | None = None,
    by: User | None = None,
) -> Collector:
    """Open a collector. Raises ValidationError for what none can be."""
    made = _open(survey=survey, kind=kind, name=name, stratum=stratum, psu=psu, sealed_to=sealed_to)
    after = {"survey": survey.slug, "kind": kind, "code": made.code, "sealed_to": sealed_to}
    audit.record(by=by, action="collector.open", target=made, after=after)
    return made


def _open(
    *,
    survey: Survey,
    kind: str,
    name: Text,
    stratum: str,
    psu: str,
    sealed_to: Company | None = None,
) -> Collector:
    made = Collector(
        survey=survey,
        code=new_code(),
        kind=kind,
        name_zh=name.zh.strip(),
        name_en=name.en.strip(),
        stratum=stratum.strip(),
        psu=psu.strip(),
        sealed_to=sealed_to,
    )
    made.full_clean()
    made.save()
    return made


@transaction.atomic
def open_places(*, survey: Survey, table: TextTable, by: User | None = None) -> list[Collector]:
    """Open a poster for every place of a list, all or none; places that have one already get no
    second.

    Raises InvalidInput with every row that is wrong.
    """
    columns = _columns(table)
    there = set(
        survey.collectors.filter(kind=Collector.Kind.PLACE).values_list("name_zh", flat=True)
    )
    problems = list(_problems(table, columns))
    if problems:
        raise InvalidInput(*problems)
    made = []
    for _row, cells in table.frame.iterrows():
        place = {key: str(cells[column]).strip() for key, column in columns.items()}
        if place["name_zh"] not in there:
            there.add(place["name_zh"])
            name = Text(place["name_zh"], place.get("name_en", ""))
            psu = place.get("psu") or place["name_zh"][:60]
            made.append(
                _open(
                    survey=survey,
                    kind=Collector.Kind.PLACE,
                    name=name,
                    stratum=place.get("stratum", ""),
                    psu=psu,
                )
            )
    audit.record(by=by, action="collector.open_many", target=survey, after={"places": len(made)})
    return made


@transaction.atomic
def set_active(*, collector: Collector, is_active: bool, by: User | None = None) -> None:
    """Close a collector, or open it again; one that is so already stays. What came by it stays."""
    if not Collector.objects.filter(pk=collector.pk, is_active=not is_active).update(
        is_active=is_active
    ):
        return
    action = "collector.reopen" if is_active else "collector.close"
    audit.record(by=by, action=action, target=collector, after={"code": collector.code})


def new_code() -> str:
    """Return a code for an address: 8 letters and digits that are not mistaken for one another."""
    return "".join(secrets.choice(LETTERS) for _i in range(LENGTH))


def _columns(table: TextTable) -> dict[str, str]:
    plain = {str(column).strip().lower(): str(column) for column in table.frame.columns}
    found = {key: plain[name] for key, names in HEADINGS.items() for name in names if name in plain}
    if "name_zh" not in found:
        message = say("has no column {names} with the names of the places")
        raise InvalidInput(
            Problem(table.file, message, {"names": " / ".join(HEADINGS["name_zh"][:3])})
        )
    return found


def _problems(table: TextTable, columns: dict[str, str]) -> Iterator[Problem]:
    limits = {"name_zh": 120, "name_en": 160, "stratum": 60, "psu": 60}
    for row, cells in table.frame.iterrows():
        if not str(cells[columns["name_zh"]]).strip():
            yield Problem(table.place(row, columns["name_zh"]), say("has no name"))
        for key, column in columns.items():
            if len(str(cells[column]).strip()) > limits[key]:
                message = say("is longer than {most} characters")
                yield Problem(table.place(row, column), message, {"most": limits[key]})
