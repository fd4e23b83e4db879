"""A list of companies checked against the directory in memory, so that a long one is refused whole
before any of it is written and nobody waits for it meanwhile.

It refuses what the database would refuse; what somebody else takes in between, the database says.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from config.tabular.columns import several
from surveys.companies.models import Alias, Brand, Company
from surveys.companies.name_matching import plain

PLAIN_COLUMNS = ("name", "name_en", "kind", "credit_code")
KINDS = {
    "品牌": "brand",
    "品牌自营": "brand",
    "授权店": "authorised",
    "街边店": "street",
    "平台": "platform",
}
Owners = dict[str, str]  # what may belong to one company only: its key


def fill(company: Company, given: Mapping[str, str]) -> None:
    """Give a company the fields of a row; empty ones change nothing."""
    for name in PLAIN_COLUMNS:
        if value := given.get(name):
            setattr(company, name, KINDS.get(value, value) if name == "kind" else value)


def spellings_of(company: Company, given: Mapping[str, str]) -> list[str]:
    """Return the spellings that a row gives a company."""
    named = [company.name, company.name_en, *several(given.get("brands", ""))]
    return [*named, *several(given.get("aliases", ""))]


def belongs_to_another(brand: str) -> ValidationError:
    """Return what is wrong with a brand that another company has."""
    text = _("the brand %(name)s belongs to another company")
    return ValidationError(text % {"name": brand})


@dataclass(frozen=True)
class Directory:
    """The companies by key, and whose each name, credit code, brand and spelling is."""

    companies: dict[str, Company]
    names: Owners
    codes: Owners
    brands: Owners
    spellings: Owners

    def check(self, given: Mapping[str, str]) -> None:
        """Check one row as if the rows before it were written. Raises ValidationError."""
        key = given["key"]
        before = self.companies.get(key)
        if before and before.merged_into_id:
            return
        old = {name: getattr(before, name, "") for name in PLAIN_COLUMNS}
        company = Company(key=key, **{name: value for name, value in old.items() if value})
        fill(company, given)
        company.clean_fields()
        own = [company.unique_error_message(Company, (n,)) for n in ("name", "credit_code")]
        claims = [(self.names, company.name, own[0])]
        if company.credit_code:
            claims.append((self.codes, company.credit_code, own[1]))
        for brand in several(given.get("brands", "")):
            claims.append((self.brands, brand, belongs_to_another(brand)))
        for spelling in filter(None, map(plain, spellings_of(company, given))):
            alias = Alias(spelling=spelling)
            alias.clean_fields(exclude=["company"])
            taken = alias.unique_error_message(Alias, ("spelling",))
            claims.append((self.spellings, spelling, taken))
        for owners, thing, wrong in claims:
            if owners.get(thing, key) != key:
                raise wrong
        if before and before.name != company.name:
            self.names.pop(before.name, None)
        for owners, thing, _wrong in claims:
            owners[thing] = key
        self.companies[key] = company


def directory() -> Directory:
    """Return the directory as it is."""
    companies = {company.key: company for company in Company.objects.all()}
    return Directory(
        companies,
        {company.name: key for key, company in companies.items()},
        {code: key for key, company in companies.items() if (code := company.credit_code)},
        dict(Brand.objects.values_list("name", "company__key")),
        dict(Alias.objects.values_list("spelling", "company__key")),
    )
