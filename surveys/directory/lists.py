"""Lists of companies: checked whole before any of it is taken in, written for download, one company
changed; all with history.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Literal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django_tasks import task

from config.accounts import audit
from config.accounts.models import User
from config.language.problems import InvalidInput, Place, Problem
from config.storage import files
from config.tabular.columns import columns_of, several
from config.tabular.tables import TextTable, parse
from config.tabular.uploads import SentFile
from config.work import readings
from config.work.models import FileReading
from config.work.write_lock import write_lock
from surveys.collection import laid_aside
from surveys.companies.models import Brand, Company, CompanyChange
from surveys.companies.services import add_aliases
from surveys.directory.checking import (
    PLAIN_COLUMNS,
    belongs_to_another,
    directory,
    fill,
    spellings_of,
)

if TYPE_CHECKING:
    import pandas as pd

HEADINGS = {
    "key": ("代号",),
    "name": ("企业名称", "名称"),
    "name_en": ("英文名",),
    "kind": ("类型",),
    "credit_code": ("统一社会信用代码",),
    "brands": ("品牌",),
    "aliases": ("别名", "简称"),
}
Outcome = Literal["new", "changed", "unchanged"]
TOGETHER = 100  # companies a transaction: who writes meanwhile waits no longer than these take


def take_in_later(*, file: SentFile, by: User) -> FileReading:
    """Let the worker take in a large list."""
    digest = files.store_temporary(file.content)
    return readings.begin(
        read=read_list, purpose=laid_aside.COMPANIES, sha256=digest, name=file.name, by=by
    )


def again(*, reading: FileReading, by: User) -> FileReading:
    """Let the worker take in once more a list that it did not finish."""
    return readings.begin(
        read=read_list,
        purpose=laid_aside.COMPANIES,
        sha256=reading.sha256,
        name=reading.name,
        by=by,
    )


@task()
def read_list(reading_id: int, language: str) -> None:
    """Take in a large list; how many companies are new, changed and unchanged is the outcome."""
    with readings.running(reading_id, language) as (reading, tell):
        table = parse(readings.content_of(reading), reading.name)
        tell(_("%(rows)s rows") % {"rows": f"{len(table.frame):,}"}, True)
        reading.outcome = dict(
            take_in(
                table=table,
                by=reading.job.started_by,
                progress=lambda done, all_: tell(f"{done:,} / {all_:,}", False),
            )
        )


def take_in(
    *,
    table: TextTable,
    by: User | None,
    progress: Callable[[int, int], None] = lambda done, all_: None,
) -> Counter[str]:
    """Take in a list of companies, if nothing in it is wrong; return how many are new, changed and
    unchanged.

    Known companies are found by `key`; cells that are empty change nothing. Raises InvalidInput
    with every cell that is wrong, before anything is written; for what somebody else took while it
    was, with the row it ended at: the same list again goes on there.
    """
    columns = columns_of(table, HEADINGS, needed=("key", "name"))
    rows = [
        (row, {name: str(cells[column]).strip() for name, column in columns.items()})
        for row, cells in table.frame.iterrows()
    ]
    known = directory()
    problems: list[Problem] = []
    for row, given in rows:
        try:
            known.check(given)
        except ValidationError as error:
            problems += _problems(table.place(row, columns["key"]), error)
    if problems:
        raise InvalidInput(*problems)
    outcomes: Counter[str] = Counter()
    for start in range(0, len(rows), TOGETHER):
        with write_lock(), transaction.atomic():
            for row, given in rows[start : start + TOGETHER]:
                try:
                    outcomes[change(given=given, by=by)] += 1
                except ValidationError as error:
                    place = table.place(row, columns["key"])
                    raise InvalidInput(*_problems(place, error)) from None
        progress(min(start + TOGETHER, len(rows)), len(rows))
    return outcomes


def _problems(place: Place, error: ValidationError) -> list[Problem]:
    # what a message quotes of the file is no pattern
    return [Problem(place, "{message}", {"message": message}) for message in error.messages]


@transaction.atomic
def change(*, given: Mapping[str, str], by: User | None) -> Outcome:
    """Make the company of given["key"], or change it; fields are those of HEADINGS, empty ones
    change nothing, and nothing changes at a company that was merged into another.

    Raises ValidationError for what is wrong or belongs to another company.
    """
    company = Company.objects.filter(key=given["key"]).first()
    if company and company.merged_into_id:
        return "unchanged"
    is_new = company is None
    company = company or Company(key=given["key"], name=given["name"])
    before = {name: getattr(company, name) for name in PLAIN_COLUMNS}
    fill(company, given)
    company.full_clean()
    company.save()
    for brand in several(given.get("brands", "")):
        made, _is_made = Brand.objects.get_or_create(name=brand, defaults={"company": company})
        if made.company_id != company.pk:
            raise belongs_to_another(brand)
    known = set(company.aliases.values_list("spelling", flat=True))
    add_aliases(company=company, spellings=spellings_of(company, given))
    changed = {
        name: [before[name], value]
        for name in PLAIN_COLUMNS
        if (value := getattr(company, name)) != before[name]
    }
    more = sorted(set(company.aliases.values_list("spelling", flat=True)) - known)
    if is_new or changed or more:
        what = CompanyChange.What.IMPORTED if is_new else CompanyChange.What.CHANGED
        CompanyChange.objects.create(
            company=company, what=what, detail={"changed": changed, "spellings": more}, made_by=by
        )
        audit.record(
            by=by,
            action="company.register" if is_new else "company.change",
            target=company,
            before={name: old for name, (old, _new) in changed.items()},
            after={**{name: new for name, (_old, new) in changed.items()}, "spellings": more},
        )
    return "new" if is_new else "changed" if changed or more else "unchanged"


def as_table() -> pd.DataFrame:
    """Return the companies that are not merged as a list that `take_in` reads."""
    import pandas as pd  # a second to load, which `companies merge` need not wait for

    listed = Company.objects.filter(merged_into=None).prefetch_related("brands", "aliases")
    rows = [
        (
            c.key,
            c.name,
            c.name_en,
            c.kind,
            c.credit_code or "",
            "；".join(brand.name for brand in c.brands.all()),
            "；".join(alias.spelling for alias in c.aliases.all()),
        )
        for c in listed
    ]
    return pd.DataFrame(rows, columns=list(HEADINGS))
