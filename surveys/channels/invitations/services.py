"""Single-use invitations from a customer list. The list itself is never kept: a hash of each link
is, and its number.

What comes in is given back with a column of links, once. For a reminder the same file comes in
again, and the rows go out that have not answered.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Iterator
from typing import Any

import pandas as pd
from django.db import transaction
from django.db.models import Count, Q, QuerySet

from config.accounts import audit
from config.accounts.models import User
from config.language.problems import InvalidInput, Problem, say
from config.tabular.tables import TextTable
from surveys.collection.models.invitation import Disposition, Invitation
from surveys.collection.models.survey import Survey
from surveys.companies.models import Company
from surveys.companies.services import named

BITS = 128
LINK = "link"  # the headings of the columns that are added
NUMBER = "mingcha_no"  # by which the telephone pages call a row
TEXT = "text"  # the message for the SMS sender
COLUMNS = {"stratum": "stratum", "psu": "psu", "weight": "weight", "company": "company"}
MOST = 200_000


@transaction.atomic
def invite(
    *,
    survey: Survey,
    batch: str,
    table: TextTable,
    address: Callable[[str], str],
    by: User | None = None,
) -> pd.DataFrame:
    """Invite everyone on a list, and return the list with its numbers and a column of personal
    links.

    address: from a token to the link. Columns stratum, psu, weight and company are kept where the
    list has them. Raises InvalidInput for a batch of that name that is there, or rows that are
    wrong.
    """
    if survey.invitations.filter(batch=batch).exists():
        message = say("the batch {name} is there already; the same list gets no second links")
        raise InvalidInput(Problem(table.file, message, {"name": batch}))
    if len(table.frame) > MOST:
        raise InvalidInput(Problem(table.file, say("has more than {most} rows"), {"most": MOST}))
    columns = {str(c).strip().lower(): str(c) for c in table.frame.columns}
    if LINK in columns:
        raise InvalidInput(
            Problem(table.file, say("has a column {name} already"), {"name": columns[LINK]})
        )
    rows, problems = list(_rows(table, {k: columns[k] for k in COLUMNS if k in columns})), []
    problems = [problem for _values, found in rows for problem in found]
    if problems:
        raise InvalidInput(*problems[:50])
    tokens = [secrets.token_urlsafe(BITS // 8) for _row in rows]
    Invitation.objects.bulk_create(
        (
            Invitation(
                survey=survey, batch=batch, number=number, token_sha256=hashed(token), **values
            )
            for number, (token, (values, _found)) in enumerate(
                zip(tokens, rows, strict=True), start=1
            )
        ),
        batch_size=1000,
    )
    after = {"batch": batch, "people": len(rows)}
    audit.record(by=by, action="survey.invite", target=survey, after=after)
    return table.frame.assign(**{NUMBER: range(1, len(rows) + 1)}).assign(
        **{LINK: [address(token) for token in tokens]}
    )


def reminders(*, survey: Survey, table: TextTable, message: str) -> pd.DataFrame:
    """Return the rows of an invited list that have neither answered nor refused, with the text for
    the SMS sender.

    message: words with {link} in them. Raises InvalidInput for a list without the links.
    """
    column = next((str(c) for c in table.frame.columns if str(c).strip().lower() == LINK), None)
    if column is None:
        wording = say(
            "has no column {name}; it is the file that was given back when the people were invited"
        )
        raise InvalidInput(Problem(table.file, wording, {"name": LINK}))
    links = [str(cell).strip() for cell in table.frame[column]]
    by_hash = {hashed(token_of(link)): i for i, link in enumerate(links) if link}
    waiting = survey.invitations.filter(used_on=None).exclude(disposition=Disposition.REFUSAL)
    known = set(survey.invitations.values_list("token_sha256", flat=True))
    if not known & by_hash.keys():
        raise InvalidInput(Problem(table.file, say("has no link of this survey in it")))
    left = sorted(
        by_hash[h] for h in waiting.values_list("token_sha256", flat=True) if h in by_hash
    )
    rows = table.frame.iloc[left]
    return rows.assign(**{TEXT: [message.format(link=links[i]) for i in left]})


def find(token: str) -> Invitation | None:
    """Return the invitation of a link, or None."""
    return Invitation.objects.select_related("survey").filter(token_sha256=hashed(token)).first()


def refuse(*, invitation: Invitation) -> None:
    """Note that an invited person does not want to be asked again; who has answered is left as
    is.
    """
    Invitation.objects.filter(pk=invitation.pk, used_on=None).update(
        disposition=Disposition.REFUSAL
    )


def batches(survey: Survey) -> QuerySet[Any, Any]:
    """Return how far each batch is: sent, begun, answered, refused."""
    answered = Q(disposition__in=[Disposition.COMPLETE, Disposition.PARTIAL])
    return (
        survey.invitations.order_by("batch")
        .values("batch")
        .annotate(
            sent=Count("pk"),
            begun=Count("draft"),
            answered=Count("pk", filter=answered),
            refused=Count("pk", filter=Q(disposition=Disposition.REFUSAL)),
        )
    )


def hashed(token: str) -> str:
    """Return what is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def token_of(link: str) -> str:
    """Return the token at the end of a link."""
    return link.rstrip("/").rpartition("/")[2]


def _rows(
    table: TextTable, columns: dict[str, str]
) -> Iterator[tuple[dict[str, object], list[Problem]]]:
    known: dict[str, Company | None] = {}
    for row, cells in table.frame.iterrows():
        values: dict[str, object] = {}
        problems = []
        for key, column in columns.items():
            cell, place = str(cells[column]).strip(), table.place(row, column)
            if key == "weight":
                weight = _weight(cell)
                values["weight"] = weight or 1.0
                if weight is None:
                    problems.append(
                        Problem(
                            place,
                            say("“{cell}” is no weight; it is a number above 0"),
                            {"cell": cell},
                        )
                    )
            elif key == "company":
                values["company"] = (
                    known[cell] if cell in known else known.setdefault(cell, named(cell))
                )
                if cell and values["company"] is None:
                    problems.append(
                        Problem(place, say("there is no company “{cell}”"), {"cell": cell[:60]})
                    )
            else:
                values[key] = cell[:60]
        yield values, problems


def _weight(cell: str) -> float | None:
    try:
        weight = float(cell or 1)
    except ValueError:
        return None
    return weight if 0 < weight < 1e9 else None
