"""Companies under one name: register them, give them spellings, find them by Chinese, pinyin or alias."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from django.db import transaction
from pypinyin import Style, lazy_pinyin

from surveys.models import Alias, Brand, Company


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
    """Return the company that a spelling leads to, or None."""
    alias = Alias.objects.select_related("company").filter(spelling=plain(text)).first()
    return alias.company if alias else None
