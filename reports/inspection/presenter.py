"""From the result of a campaign to what its templates print. Computes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from math import isnan
from typing import Any

from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from config.charts.scale import Scale, fit
from config.language.texts import Language
from inspections.agreement.items import ItemAgreement
from inspections.visits.models import Visit
from reports.inspection import county_map
from reports.inspection.method import method
from reports.inspection.result import (
    UNITS,
    Count,
    Group,
    Inspection,
    Item,
    Revisited,
)
from reports.publishing import numbers
from reports.publishing.charts import bars

BAR = 170.0  # points
TOLD = 5  # faults that are told in words


def inspection(result: Inspection, language: Language) -> dict[str, Any]:
    """Return what the templates need, in the active language."""
    manifest, survey = result.manifest, result.manifest.about
    scale = _scale(result)
    return {
        "language": language,
        "title": survey.title.get(language),
        "publisher": survey.organiser.get(language),
        "demonstration": survey.demonstration,
        "sentence": sentence(result),
        "is_drawn": result.drawn is not None,
        "dates": f"{manifest.first_day} – {manifest.last_day}",
        "subtitle": _("%(sites)s sites visited by %(people)s volunteers")
        % {"sites": numbers.count(result.sites), "people": result.inspectors},
        "sites": numbers.count(result.sites),
        "with_findings": numbers.count(result.with_findings),
        "without": numbers.count(result.sites - result.with_findings),
        "critical": numbers.count(result.critical),
        "findings": numbers.count(result.findings),
        "confirmed": numbers.count(result.confirmed),
        "photographs": numbers.count(result.photographs),
        "headline": written(result.found[0].counts[0]),
        "faults": list(_faults(result.items, language)),
        "found": [_line(line.label.get(language), line.counts) for line in result.found],
        "heads": [_("All sites"), *(kind.get(language) for kind in result.kinds)],
        "topics": [
            {
                "label": topic.label.get(language),
                "cells": [_cell(count) for count in topic.counts],
                "items": [
                    _item(item, scale, language)
                    for item in result.items
                    if item.topic == topic.label
                ],
            }
            for topic in result.topics
        ],
        "axis": mark_safe(bars.axis(scale, width=BAR)),
        "units": [
            {
                "head": UNITS[unit].get(language),
                "groups": [_group(group, language) for group in groups],
            }
            for unit, groups in result.groups.items()
            if groups
        ],
        "map": mark_safe(county_map.picture(manifest.more["pins"], language)),
        "agreement": [_agreement(one, result.items, language) for one in result.agreement],
        "seconds": max((one.pairs for one in result.agreement), default=0),
        "outcomes": [str(outcome.label) for outcome in Visit.Outcome],
        "revisits": [_revisit(line, language) for line in result.revisits],
        "changed": result.changed,
        "changed_p": numbers.p_value(result.changed.p) if result.changed else "",
        "was_revisited": any(line.again for line in result.revisits),
        "method": list(method(result)),
        "evidence": manifest.more["evidence"],
        "snapshot_hash": result.snapshot_hash,
        "short_snapshot": numbers.short(result.snapshot_hash),
        "version": survey.version,
    }


def sentence(result: Inspection) -> str:
    """Return what the figures may be taken for."""
    if result.drawn is None:
        return _(
            "Sites were chosen, not drawn at random: the figures count the sites that were visited"
            " and say nothing of all sites."
        )
    return _(
        "Sites were drawn at random: a percentage stands for all sites of the frame, with the"
        " sampling error of the draw."
    )


def written(count: Count | None) -> str:
    """Write a share with its interval, 31.7 (25.7–38.4), or a count that is none: 3 / 8."""
    if count is None:
        return "–"
    if count.prevalence is None:
        return of(count)
    told = count.prevalence
    return f"{100 * told.share:.1f} ({100 * told.low:.1f}–{100 * told.high:.1f})"


def of(count: Count | None) -> str:
    """Write a count: 65 / 205."""
    return f"{count.x} / {count.n}" if count else "–"


def _scale(result: Inspection) -> Scale:
    """Return the one axis of all items: per cent of sites, or numbers of sites."""
    counts = [item.counts[0] for item in result.items]
    if result.drawn:
        ends = [100 * c.prevalence.high for c in counts if c and c.prevalence]
    else:
        ends = [float(c.x) for c in counts if c]
    return fit([0.0, max(ends, default=1.0)], left=0.0, right=BAR)


def _faults(items: Iterable[Item], language: Language) -> Iterator[dict[str, str]]:
    """Yield the faults that were met most often, in words."""
    met = [item for item in items if (count := item.counts[0]) and count.x]
    for item in sorted(met, key=lambda item: -(item.counts[0] or Count(0, 0)).x)[:TOLD]:
        count = item.counts[0]
        yield {
            "fault": item.fault.get(language),
            "of": of(count),
            "written": written(count) if count and count.prevalence else "",
        }


def _line(label: str, counts: tuple[Count | None, ...]) -> dict[str, Any]:
    return {"label": label, "cells": [_cell(count) for count in counts]}


def _cell(count: Count | None) -> dict[str, Any]:
    told = count.prevalence if count else None
    bar = bars.bar(told.share, told.low, told.high, width=BAR) if told else ""
    share = written(count) if told else ""
    return {"of": of(count), "written": share, "bar": mark_safe(bar)}


def _item(item: Item, scale: Scale, language: Language) -> dict[str, Any]:
    count = item.counts[0]
    return {
        **_line(item.fault.get(language), item.counts),
        "requirement": item.requirement.get(language),
        "critical": item.critical,
        "is_reliable": item.is_reliable,
        "bar": mark_safe(_bar(count, scale) if count else ""),
    }


def _bar(count: Count, scale: Scale) -> str:
    told, drawn_to = count.prevalence, scale.high
    if told:
        share, low, high = (100 * x for x in (told.share, told.low, told.high))
        return bars.bar(share, low, high, width=BAR, full=drawn_to)
    return bars.bar(count.x, None, None, width=BAR, full=drawn_to)


def _group(group: Group, language: Language) -> dict[str, Any]:
    return _line(group.label.get(language), (group.found, group.critical))


def _agreement(one: ItemAgreement, items: Iterable[Item], language: Language) -> dict[str, Any]:
    label = next(item.requirement for item in items if item.name == one.item)
    return {
        "label": label.get(language),
        "pairs": one.pairs,
        "percent": "–" if isnan(one.percent) else f"{100 * one.percent:.0f}",
        "kappa": coefficient(one.kappa),
        "alpha": coefficient(one.alpha),
        "interval": "–" if isnan(one.low) else f"{one.low:.2f}–{one.high:.2f}",
        "ac1": coefficient(one.ac1),
        "is_weak": bool(one.pairs) and not one.carries_claims,
    }


def coefficient(value: float) -> str:
    """Write a coefficient of agreement; – where it is not defined."""
    return "–" if isnan(value) else f"{value:.2f}"


def _revisit(line: Revisited, language: Language) -> dict[str, Any]:
    return {
        "label": line.label.get(language),
        "failed": line.failed,
        "again": line.again,
        "outcomes": list(line.outcomes.values()),
        "undecided": line.undecided,
        "fixed": fixed(line),
    }


def fixed(line: Revisited) -> str:
    """Write the share fixed with its interval, or the count where it is too small."""
    if line.fixed is None:
        return "–"
    if line.fixed.interval is None:
        return f"{line.fixed.x} / {line.fixed.n}"
    low, high = line.fixed.interval
    return f"{100 * line.fixed.x / line.fixed.n:.1f} ({100 * low:.1f}–{100 * high:.1f})"
