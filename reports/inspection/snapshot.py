"""The first visits of a campaign frozen for its report: type of site, findings, what the revisits
came to, who was there as codes; beside the rows what cannot be put together with them again.

No site, vendor, brand, district or day stands in a row, nor a type of site that has too few visits:
a place is not named by its findings. Districts, vendors and brands are sums of their own, without a
way back to a row.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from config.language.problems import InvalidInput, Problem, say
from config.language.texts import Text
from inspections.campaigns.models import Campaign
from inspections.campaigns.sites import Site
from inspections.review.claims import pairs_of
from inspections.visits import chain
from inspections.visits.answer_table import first_visits, site_type, site_type_name
from inspections.visits.models import Evidence, Visit, VisitEvent
from reports.data.snapshots.answers import (
    About,
    AnswersSnapshot,
    Manifest,
    gathered,
    with_column,
)
from reports.data.snapshots.answers import freeze as freeze_table
from reports.data.sources import platform
from reports.statistics.estimates.prevalence import Moments
from reports.statistics.exact import Floats, Ints
from surveys.collection.models.area import Area
from surveys.collection.models.response import Response
from surveys.collection.selectors import questionnaire_of
from surveys.questionnaires.questionnaire import Indicator, Questionnaire
from surveys.questionnaires.scoring import scored_column

# a group with fewer visits than this goes with the others, and has no percentage
LEAST = 10
REST = Text("其他场所", "Other sites")
OTHERS = Text("其他", "Others")
ROWS = (
    "_site_type",
    "_stratum",
    "_weight",
    "_findings",
    "_critical",
    "_confirmed",
    "_revisits",
    "_outcome",
    "_findings_again",
    "_is_control",
    "_inspectors",
    "_photographs",
)
# what a site belongs to, by the column that says so; vendors and brands only where sites were drawn
DISTRICT, VENDOR, BRAND = "_area", "_vendor", "_brand"
# positions are known to this part of a degree, some 500 m: a dot is no address
GRID = 200
# what is counted at every site, beside the facts of the checklist
ANY, CRITICAL = "any", "critical"


def facts_of(questionnaire: Questionnaire) -> list[Indicator]:
    """Return what a visit may find: the facts of a checklist, in its order."""
    return [leaf for leaf in questionnaire.leaves() if leaf.kind == "fact"]


def freeze(campaign: Campaign) -> AnswersSnapshot:
    """Freeze the first visits of a campaign. Raises InvalidInput where there is none."""
    digest = hashlib.sha256()
    days: set[str] = set()
    facts = facts_of(questionnaire_of(campaign.survey))
    columns = [*ROWS, *(scored_column(fact.name) for fact in facts), DISTRICT, VENDOR, BRAND]

    def frames() -> Iterator[pd.DataFrame]:
        for frame in platform.frames(campaign.survey, campaign=True):
            digest.update(platform.as_hashed(frame, first=not days))
            days.update(frame["_day"])
            yield frame[columns]

    table = gathered(frames())
    if not days:
        raise InvalidInput(Problem(campaign.survey.slug, say("has no visits yet")))
    out = _left_out(campaign)
    kinds = list(_kinds(table))
    design = _design(campaign, table)
    units = (DISTRICT, VENDOR, BRAND) if design["is_drawn"] else (DISTRICT,)
    sums = _Sums(table, design, facts)
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
            **_chosen(campaign),
            "design": {name: design[name] for name in ("is_drawn", "is_simple", "strata")},
            "site_types": [{"name": name, "label": _both(label)} for name, label in kinds],
            "groups": {unit: list(sums.of(unit)) for unit in units},
            # sorted: the order of the sites is not to be seen
            "seconds": {fact: sorted(pairs) for fact, pairs in pairs_of(campaign).items()},
            "pins": sorted(_pins(campaign)),
            "evidence": _evidence(campaign),
        },
    )
    return freeze_table(_hidden(table, {name for name, _label in kinds}, design), manifest)


def _chosen(campaign: Campaign) -> dict[str, Any]:
    """Return how the sites came in, and how far the visits of them are."""
    places = campaign.places.filter(is_calibration=False)
    waiting = Visit.objects.filter(response__in=first_visits(campaign.survey))
    return {
        "selection": campaign.selection,
        "draws": [
            {
                "method": made.method,
                "source": made.source,
                "source_on": made.source_on.isoformat(),
                "frame": len(made.frame),
                "size": made.size,
                "seed": made.seed,
                "sha256": made.sha256,
            }
            for made in campaign.draws.all()
        ],
        "chosen": places.count(),
        "given_up": places.exclude(dropped_at=None).count(),
        "not_accepted": waiting.exclude(status=Visit.Status.ACCEPTED).count(),
    }


def _design(campaign: Campaign, table: pa.Table) -> dict[str, Any]:
    """Return whether all sites were drawn, and the strata of the rows: their codes, and of each how
    many sites were visited and are in the frame, null where chances were unequal.
    """
    by_hand = campaign.places.filter(probability=None, is_calibration=False).exists()
    is_drawn = campaign.may_say_prevalence and not by_hand
    names = _texts(table, "_stratum") if is_drawn else ["all"] * table.num_rows
    codes, found = pd.factorize(pd.Series(names, dtype="str"))
    draws = list(campaign.draws.all())
    sizes: Counter[str] = Counter()
    for number, made in enumerate(draws, start=1):
        for unit in made.frame if made.method != "pps" else ():
            name = unit["stratum"] if made.method == "stratified" else ""
            sizes[(name if number == 1 else f"{number} {name}".strip()) or "all"] += 1
    strata = [
        {"sampled": int((codes == code).sum()), "population": sizes.get(str(name)) or None}
        for code, name in enumerate(found)
    ]
    methods = [made.method for made in draws]
    return {
        "is_drawn": is_drawn,
        "is_simple": methods == ["simple"],
        "strata": strata,
        "codes": np.asarray(codes, np.int64),
    }


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


@dataclass(frozen=True)
class _Sums:
    """The rows as sums by group: what a share needs and no row shows."""

    table: pa.Table
    design: dict[str, Any]
    facts: list[Indicator]

    def of(self, unit: str) -> Iterator[dict[str, Any]]:
        """Yield the groups with enough visits in the order of their names, and the others."""
        names = np.array(_texts(self.table, unit), dtype=object)
        counts = Counter(names)
        shown = sorted(name for name, n in counts.items() if name and n >= LEAST)
        labels = _labels(unit, shown)
        for name in shown:
            yield self._group(labels[name], names == name)
        rest = ~np.isin(names, shown)
        if rest.any():
            yield self._group(OTHERS, rest)

    def _group(self, label: Text, members: Any) -> dict[str, Any]:
        codes: Ints = self.design["codes"]
        strata, weight = len(self.design["strata"]), weights_of(self.table)
        measures = {
            name: Moments.of(codes, weight, members & applies, has, strata=strata)
            for name, applies, has in measured(self.table, self.facts)
        }
        return {
            "label": _both(label),
            "measures": {
                name: {part: getattr(sums, part).tolist() for part in Moments.__annotations__}
                for name, sums in measures.items()
            },
        }


def measured(table: pa.Table, facts: Iterable[Indicator]) -> Iterator[tuple[str, Any, Any]]:
    """Yield what is counted at every site of a table: its name, (n,) where it applies and (n,)
    where it was found.
    """
    found = [set(cell.split()) for cell in _texts(table, "_findings")]
    everywhere = np.ones(len(found), np.bool_)
    yield ANY, everywhere, np.array([bool(cell) for cell in found])
    yield CRITICAL, everywhere, np.array([cell != "" for cell in _texts(table, "_critical")])
    for fact in facts:
        applies = np.array([cell != "" for cell in _texts(table, scored_column(fact.name))])
        yield fact.name, applies, np.array([fact.name in cell for cell in found])


def weights_of(table: pa.Table) -> Floats:
    """Return the weights of the rows."""
    return np.array([float(cell) for cell in _texts(table, "_weight")])


def _labels(unit: str, names: list[str]) -> dict[str, Text]:
    if unit != DISTRICT:
        return {name: Text(name, name) for name in names}
    areas = Area.objects.in_bulk(names)
    return {code: Text(area.zh, area.en) for code, area in areas.items()}


def _pins(campaign: Campaign) -> Iterator[tuple[float, float, str, str]]:
    """Yield where a first visit was, as latitude and longitude (WGS-84) of the grid, with the
    names of its county.
    """
    seen = Visit.objects.filter(response__in=first_visits(campaign.survey))
    for visit in seen.select_related("site__area"):
        if position := visit.site.position:
            area, place = visit.site.area, position.in_wgs84()
            north, east = (round(x * GRID) / GRID for x in (place.latitude, place.longitude))
            yield north, east, area.zh, area.en


def _evidence(campaign: Campaign) -> dict[str, Any]:
    """Return what of the evidence can be checked without telling where it was."""
    kept = Evidence.objects.filter(visit__campaign=campaign)
    kept = kept.exclude(visit__status=Visit.Status.VOID)
    originals = kept.filter(of=None)
    events = VisitEvent.objects.filter(visit__campaign=campaign)
    visits, root = chain.state_of(campaign)
    return {
        "originals": originals.exclude(received_at=None).count(),
        "missing": originals.filter(received_at=None).count(),
        "sealed": campaign.visits.exclude(sealed_at=None).count(),
        "events": events.count(),
        "visits": visits,
        "root": root,
        "certificates": sorted(
            kept.filter(kind=Evidence.Kind.CERTIFICATE).values_list("number", flat=True)
        ),
        "days": [
            {"day": day.isoformat(), "hash": mark, "stamped_by": by}
            for day, mark, by in chain.roots_of(events).values_list("day", "hash", "stamped_by")
        ],
    }


def _hidden(table: pa.Table, kinds: set[str], design: dict[str, Any]) -> pa.Table:
    """Return the table without what names a place or a person: small types are the rest, strata and
    people are codes; districts, vendors and brands are gone.
    """
    types = pd.Series(_texts(table, "_site_type"), dtype="str")
    table = with_column(table, "_site_type", types.where(types.isin(kinds), f"{REST.zh} {REST.en}"))
    people: dict[str, str] = {}
    seen = [
        " ".join(people.setdefault(person, str(len(people) + 1)) for person in cell.split())
        for cell in _texts(table, "_inspectors")
    ]
    table = with_column(table, "_inspectors", pd.Series(seen, dtype="str"))
    table = with_column(table, "_stratum", design["codes"])
    return table.drop_columns([DISTRICT, VENDOR, BRAND])


def _both(text: Text) -> dict[str, str]:
    return {"zh": text.zh, "en": text.en}


def _texts(table: pa.Table, column: str) -> list[str]:
    found: list[str] = table.column(column).cast(pa.string()).to_pylist()
    return found


def _left_out(campaign: Campaign) -> dict[str, int]:
    """Return how many visits are no row of their own, by reason: revisits, second visits, practice,
    and what was taken out in review or cleaning.
    """
    accepted = Response.Status.ACCEPTED
    reasons: Counter[str] = Counter()
    listed = campaign.visits.values_list(
        "revisit_of", "is_second", "is_calibration", "response__status"
    )
    for revisit_of, is_second, is_calibration, status in listed:
        if status != accepted:
            reasons[status] += 1
        elif is_calibration:
            reasons["calibration"] += 1
        elif is_second:
            reasons["second"] += 1
        elif revisit_of:
            reasons["revisit"] += 1
    return {str(reason): reasons[reason] for reason in sorted(reasons)}
