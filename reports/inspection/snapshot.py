"""The first visits of a campaign frozen for its report: type of site, findings, what the last
revisit found, who was there as codes, photographs.

No site, vendor, brand, area or day is in it, nor a type of site that has too few visits: a place is
not named by its findings.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator

import pandas as pd
import pyarrow as pa

from config.language.problems import InvalidInput, Problem, say
from config.language.texts import Text
from inspections.campaigns.models import Campaign
from inspections.campaigns.sites import Site
from inspections.visits.answer_table import site_type, site_type_name
from reports.data.snapshots.answers import (
    About,
    AnswersSnapshot,
    Manifest,
    codes,
    gathered,
    with_column,
)
from reports.data.snapshots.answers import freeze as freeze_table
from reports.data.sources import platform
from surveys.collection.models.response import Response

# a type of site with fewer visits than this goes with the others
LEAST = 10
REST = Text("其他场所", "Other sites")
FROZEN = (
    "_site_type",
    "_stratum",
    "_psu",
    "_findings",
    "_critical",
    "_revisits",
    "_findings_left",
    "_inspectors",
    "_photographs",
)


def freeze(campaign: Campaign) -> AnswersSnapshot:
    """Freeze the first visits of a campaign. Raises InvalidInput where there is none."""
    digest = hashlib.sha256()
    days: set[str] = set()

    def frames() -> Iterator[pd.DataFrame]:
        for frame in platform.frames(campaign.survey, campaign=True):
            digest.update(platform.as_hashed(frame, first=not days))
            days.update(frame["_day"])
            yield frame[list(FROZEN)]

    table = gathered(frames())
    if not days:
        raise InvalidInput(Problem(campaign.survey.slug, say("has no visits yet")))
    kinds = list(_kinds(table))
    out = _left_out(campaign)
    manifest = Manifest(
        kind="inspection",
        source="campaign",
        about=About.of(campaign.survey),
        source_sha256=digest.hexdigest(),
        rows_read=table.num_rows + sum(out.values()),
        rows_in=table.num_rows,
        rows_out=out,
        first_day=min(days),
        last_day=max(days),
        more={
            "selection": campaign.selection,
            "site_types": [
                {"name": name, "label": {"zh": label.zh, "en": label.en}} for name, label in kinds
            ],
        },
    )
    return freeze_table(_hidden(table, {name for name, _label in kinds}), manifest)


def _kinds(table: pa.Table) -> Iterator[tuple[str, Text]]:
    """Yield the types of site with enough visits in the order of their number, and then the
    rest.
    """
    counts = Counter(_texts(table, "_site_type"))
    for kind in sorted(Site.Kind, key=lambda kind: -counts[site_type_name(kind)]):
        if counts[site_type_name(kind)] >= LEAST:
            yield site_type_name(kind), site_type(kind)
    if any(count < LEAST for count in counts.values()):
        yield f"{REST.zh} {REST.en}", REST


def _hidden(table: pa.Table, kinds: set[str]) -> pa.Table:
    """Return the table without what names a place or a person: small types are the rest, strata,
    places and people are codes.
    """
    types = pd.Series(_texts(table, "_site_type"), dtype="str")
    table = with_column(table, "_site_type", types.where(types.isin(kinds), f"{REST.zh} {REST.en}"))
    people: dict[str, str] = {}
    seen = [
        " ".join(people.setdefault(person, str(len(people) + 1)) for person in cell.split())
        for cell in _texts(table, "_inspectors")
    ]
    table = with_column(table, "_inspectors", pd.Series(seen, dtype="str"))
    # the stratum of a visit is its type of site, a small one too: within the rest they are one
    stratum, _names = pd.factorize(pd.Series(_texts(table, "_site_type"), dtype="str"))
    table = with_column(table, "_stratum", stratum)
    return with_column(table, "_psu", codes(table.column("_psu")))


def _texts(table: pa.Table, column: str) -> list[str]:
    found: list[str] = table.column(column).cast(pa.string()).to_pylist()
    return found


def _left_out(campaign: Campaign) -> dict[str, int]:
    """Return how many visits are no row of their own, by reason: revisits, and what was taken out
    in cleaning.
    """
    reasons = Counter(
        "revisit" if revisit_of and status == Response.Status.ACCEPTED else status
        for revisit_of, status in campaign.visits.values_list("revisit_of", "response__status")
        if revisit_of or status != Response.Status.ACCEPTED
    )
    return {str(reason): reasons[reason] for reason in sorted(reasons)}
