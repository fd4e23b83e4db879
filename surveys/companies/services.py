"""Companies under one name: register them, give them spellings, find them by Chinese, pinyin or
alias.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from pypinyin import Style, lazy_pinyin

from config.accounts import audit
from config.accounts.models import User
from surveys.companies.models import Alias, Brand, Company, CompanyChange
from surveys.companies.name_matching import Why, likely, plain


class NotPossible(Exception):
    """A merge or split that the companies do not allow."""


@transaction.atomic
def register(
    *,
    key: str,
    name: str,
    name_en: str = "",
    credit_code: str | None = None,
    brands: Iterable[tuple[str, str]] = (),
    aliases: Iterable[str] = (),
    by: User | None = None,
) -> Company:
    """Add a company with its brands (Chinese, English) and aliases.

    Raises ValidationError for a key, name, code or spelling that is wrong or belongs to another
    company.
    """
    company = Company(key=key, name=name, name_en=name_en, credit_code=credit_code)
    company.full_clean()
    company.save()
    for brand, english in brands:
        made = Brand(company=company, name=brand, name_en=english)
        made.full_clean()
        made.save()
    add_aliases(
        company=company,
        spellings=[name, name_en, *(word for brand in brands for word in brand), *aliases],
    )
    audit.record(by=by, action="company.register", target=company, after={"key": key})
    return company


@transaction.atomic
def add_aliases(*, company: Company, spellings: Iterable[str]) -> None:
    """Let more spellings lead to a company. Raises ValidationError for one that leads to another
    company.
    """
    known = set(company.aliases.values_list("spelling", flat=True))
    for spelling in dict.fromkeys(plain(s) for s in spellings):
        if spelling and spelling not in known:
            alias = Alias(company=company, spelling=spelling)
            alias.full_clean()
            alias.save()
    company.search, company.sound = " ".join(_findable(company)), sound_of(company.name)
    company.save(update_fields=["search", "sound"])


def sound_of(name: str) -> str:
    """Return a name as it is sorted: by pinyin, as in a Chinese dictionary, with Latin letters
    among it.
    """
    return " ".join(lazy_pinyin(plain(name)))[:240]


def _findable(company: Company) -> Iterable[str]:
    """Return every spelling with its pinyin and its initials: 晨星 is found by chenxing and cx."""
    spellings = [company.key, *company.aliases.values_list("spelling", flat=True)]
    for spelling in spellings:
        yield spelling
    for spelling in spellings:
        if not spelling.isascii():
            yield "".join(lazy_pinyin(spelling))
            yield "".join(lazy_pinyin(spelling, style=Style.FIRST_LETTER))


def named(text: str) -> Company | None:
    """Return the company that a spelling leads to, the one it was merged into, or None."""
    alias = (
        Alias.objects.select_related("company__merged_into").filter(spelling=plain(text)).first()
    )
    return (alias.company.merged_into or alias.company) if alias else None


@transaction.atomic
def merge(*, company: Company, into: Company, reason: str, by: User | None) -> None:
    """Count everything about one company for another: spellings and brands move, surveys offer the
    other one.

    Answers keep the company they name; what reads them follows `merged_into`. Raises NotPossible
    for a company merged into itself, one that is merged already, or a reason left out.
    """
    both = {
        c.pk: c for c in Company.objects.select_for_update().filter(pk__in=(company.pk, into.pk))
    }
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
            company=one,
            what="merged",
            other=other,
            detail=detail,
            reason=reason.strip()[:300],
            made_by=by,
        )
    after = {"into": into.key, **detail}
    audit.record(by=by, action="company.merge", target=company, after=after, reason=reason)


@transaction.atomic
def tell_apart(*, company: Company, other: Company, by: User | None) -> None:
    """Keep that two companies with like names are two, so that nobody is asked again."""
    for one, two in ((company, other), (other, company)):
        CompanyChange.objects.create(
            company=one, what=CompanyChange.What.APART, other=two, made_by=by
        )
    after = {"other": other.key}
    audit.record(by=by, action="company.tell_apart", target=company, after=after)


def likely_doubles() -> list[tuple[Company, Company, Why]]:
    """Return pairs of companies whose names are alike, without those that somebody told apart."""
    single = Company.objects.filter(merged_into=None).prefetch_related("aliases")
    known = {company.pk: company for company in single}
    apart = set(
        CompanyChange.objects.filter(what=CompanyChange.What.APART).values_list("company", "other")
    )
    names = {
        pk: [c.name, c.name_en, *(a.spelling for a in c.aliases.all())] for pk, c in known.items()
    }
    return [(known[a], known[b], why) for a, b, why in likely(names) if (a, b) not in apart]


@transaction.atomic
def split(*, company: Company, reason: str, by: User | None) -> None:
    """Take a company out of the one it was merged into, with the spellings and brands that it
    brought.

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
            company=one,
            what="split",
            other=other,
            detail=detail,
            reason=reason.strip()[:300],
            made_by=by,
        )
    after = {"out_of": into.key, **detail}
    audit.record(by=by, action="company.split", target=company, after=after, reason=reason)
