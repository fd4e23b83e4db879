"""Companies under one name: register them, give them spellings, find them by Chinese, pinyin or alias."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from pypinyin import Style, lazy_pinyin

from config.models import User
from config.problems import Problem, Unusable, say
from config.tables import TextTable
from surveys.models import Alias, Brand, Company, CompanyChange

PLAIN_COLUMNS = ("name", "name_en", "kind", "credit_code")
HEADINGS = {
    "key": ("代号",),
    "name": ("企业名称", "名称"),
    "name_en": ("英文名",),
    "kind": ("类型",),
    "credit_code": ("统一社会信用代码",),
    "brands": ("品牌",),
    "aliases": ("别名", "简称"),
}
KINDS = {"品牌": "brand", "品牌自营": "brand", "授权店": "authorised", "街边店": "street", "平台": "platform"}


class NotPossible(Exception):
    """A merge or split that the companies do not allow."""


def plain(text: str) -> str:
    """Return a spelling as it is compared: one width, lower case, letters and digits only."""
    return "".join(c for c in unicodedata.normalize("NFKC", text).casefold() if c.isalnum())


@transaction.atomic
def register(
    *,
    key: str,
    name: str,
    name_en: str = "",
    credit_code: str | None = None,
    brands: Iterable[tuple[str, str]] = (),
    aliases: Iterable[str] = (),
) -> Company:
    """Add a company with its brands (Chinese, English) and aliases.

    Raises ValidationError for a key, name, code or spelling that is wrong or belongs to another company.
    """
    company = Company(key=key, name=name, name_en=name_en, credit_code=credit_code)
    company.full_clean()
    company.save()
    for brand, english in brands:
        made = Brand(company=company, name=brand, name_en=english)
        made.full_clean()
        made.save()
    add_aliases(company=company, spellings=[name, name_en, *(word for brand in brands for word in brand), *aliases])
    return company


@transaction.atomic
def add_aliases(*, company: Company, spellings: Iterable[str]) -> None:
    """Let more spellings lead to a company. Raises ValidationError for one that leads to another company."""
    known = set(company.aliases.values_list("spelling", flat=True))
    for spelling in dict.fromkeys(plain(s) for s in spellings):
        if spelling and spelling not in known:
            alias = Alias(company=company, spelling=spelling)
            alias.full_clean()
            alias.save()
    company.search = " ".join(_findable(company))
    company.save(update_fields=["search"])


def _findable(company: Company) -> Iterable[str]:
    """Return every spelling with its pinyin and its initials: 晨星 is found by chenxing and by cx."""
    spellings = [company.key, *company.aliases.values_list("spelling", flat=True)]
    for spelling in spellings:
        yield spelling
    for spelling in spellings:
        if not spelling.isascii():
            yield "".join(lazy_pinyin(spelling))
            yield "".join(lazy_pinyin(spelling, style=Style.FIRST_LETTER))


def named(text: str) -> Company | None:
    """Return the company that a spelling leads to, the one it was merged into, or None."""
    alias = Alias.objects.select_related("company__merged_into").filter(spelling=plain(text)).first()
    return (alias.company.merged_into or alias.company) if alias else None


@transaction.atomic
def merge(*, company: Company, into: Company, reason: str, by: User | None) -> None:
    """Count everything about one company for another: spellings and brands move, surveys offer the other one.

    Answers keep the company they name; what reads them follows `merged_into`. Raises NotPossible for a company merged
    into itself, one that is merged already, or a reason left out.
    """
    both = {c.pk: c for c in Company.objects.select_for_update().filter(pk__in=(company.pk, into.pk))}
    if len(both) < 2 or not reason.strip() or any(c.merged_into_id for c in both.values()):
        raise NotPossible
    moved = list(Alias.objects.filter(company=company).values_list("spelling", flat=True))
    brands = list(Brand.objects.filter(company=company).values_list("name", flat=True))
    Alias.objects.filter(company=company).update(company=into)
    Brand.objects.filter(company=company).update(company=into)
    Company.objects.filter(merged_into=company).update(merged_into=into)  # no chains
    for survey in company.surveys.all():
        survey.companies.add(into)
        survey.companies.remove(company)
    Company.objects.filter(pk=company.pk).update(merged_into=into)
    company.merged_into = into
    add_aliases(company=into, spellings=())
    detail = {"spellings": moved, "brands": brands}
    for one, other in ((company, into), (into, company)):
        CompanyChange.objects.create(
            company=one, what="merged", other=other, detail=detail, reason=reason.strip()[:300], made_by=by
        )


@transaction.atomic
def split(*, company: Company, reason: str, by: User | None) -> None:
    """Take a company out of the one it was merged into, with the spellings and brands that it brought.

    Raises NotPossible for a company that is not merged, or a reason left out.
    """
    locked = Company.objects.select_for_update().get(pk=company.pk)
    into = locked.merged_into
    if into is None or not reason.strip():
        raise NotPossible
    last = CompanyChange.objects.filter(company=locked, what="merged").order_by("-pk").first()
    detail = last.detail if last else {"spellings": [], "brands": []}
    Alias.objects.filter(company=into, spelling__in=detail["spellings"]).update(company=locked)
    Brand.objects.filter(company=into, name__in=detail["brands"]).update(company=locked)
    locked.merged_into = company.merged_into = None
    locked.save(update_fields=["merged_into"])
    for one in (locked, into):
        add_aliases(company=one, spellings=())
    for one, other in ((locked, into), (into, locked)):
        CompanyChange.objects.create(
            company=one, what="split", other=other, detail=detail, reason=reason.strip()[:300], made_by=by
        )


@transaction.atomic
def take_in(*, table: TextTable, by: User | None) -> Counter[str]:
    """Take in a list of companies, all of it or nothing; return how many are new, changed and unchanged.

    Known companies are found by `key`; cells that are empty change nothing. Raises Unusable with every cell that is
    wrong.
    """
    columns = _columns(table)
    outcomes: Counter[str] = Counter()
    problems: list[Problem] = []
    for row, cells in table.frame.iterrows():
        given = {name: str(cells[column]).strip() for name, column in columns.items()}
        try:
            with transaction.atomic():
                outcomes[_take_in(given, by)] += 1
        except ValidationError as error:
            problems += [Problem(table.place(row, columns["key"]), message) for message in error.messages]
    if problems:
        raise Unusable(*problems)
    return outcomes


def _take_in(given: dict[str, str], by: User | None) -> str:
    company = Company.objects.filter(key=given["key"]).first()
    is_new = company is None
    company = company or Company(key=given["key"], name=given["name"])
    before = {name: getattr(company, name) for name in PLAIN_COLUMNS}
    for name in PLAIN_COLUMNS:
        if given.get(name):
            setattr(company, name, KINDS.get(given[name], given[name]) if name == "kind" else given[name])
    company.full_clean()
    company.save()
    brands = _listed(given.get("brands", ""))
    for brand in brands:
        made, _is_made = Brand.objects.get_or_create(name=brand, defaults={"company": company})
        if made.company_id != company.pk:
            raise ValidationError(_("the brand %(name)s belongs to another company") % {"name": brand})
    known = set(company.aliases.values_list("spelling", flat=True))
    add_aliases(company=company, spellings=[company.name, company.name_en, *brands, *_listed(given.get("aliases", ""))])
    changed = {
        name: [before[name], value] for name in PLAIN_COLUMNS if (value := getattr(company, name)) != before[name]
    }
    more = sorted(set(company.aliases.values_list("spelling", flat=True)) - known)
    if is_new or changed or more:
        what = CompanyChange.What.IMPORTED if is_new else CompanyChange.What.CHANGED
        CompanyChange.objects.create(
            company=company, what=what, detail={"changed": changed, "spellings": more}, made_by=by
        )
    return "new" if is_new else "changed" if changed or more else "unchanged"


def _columns(table: TextTable) -> dict[str, str]:
    plain_ = {str(column).strip().lower(): str(column) for column in table.frame.columns}
    found = {
        name: plain_[said] for name, spellings in HEADINGS.items() for said in (name, *spellings) if said in plain_
    }
    missing = [name for name in ("key", "name") if name not in found]
    if missing:
        words = say("has no column {columns} in its first row")
        raise Unusable(Problem(table.file, words, {"columns": ", ".join(missing)}))
    return found


def _listed(cell: str) -> list[str]:
    return [part.strip() for part in re.split(r"[;；、|]", cell) if part.strip()]
