"""What a ranking of a frozen data set will hold: how many companies are ranked, and which gate
stops the others. Nothing is compared.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from config.language.languages import spoken
from config.language.spelling import visible
from reports.data.snapshots.snapshot import Manifest, Snapshot
from reports.data.sources.naming import Likeness
from reports.plans.plan import Plan
from reports.ranking import wording
from reports.ranking.beside import Beside, compute_beside
from reports.ranking.earlier import Earlier
from reports.ranking.estimation import estimate_companies
from reports.statistics.disclosure.gates import Reason, apply_gates

SHOWN = 10  # names in a line, and likely pairs


@dataclass(frozen=True)
class Outlook:
    """Companies with a rank, and those with a score alone by the gate that stops them; a company
    may fail at several. names: all that will be printed.
    """

    manifest: Manifest
    ranked: int
    score_only: int
    stopped: dict[Reason, list[str]]
    names: tuple[str, ...]
    beside: Beside


def outlook(plan: Plan, snapshot: Snapshot, earlier: Earlier | None = None) -> Outlook:
    """Put the companies of a snapshot through the gates, and try what the plan asks for beside the
    ranking. Raises InvalidInput where design or requests do not fit the data.
    """
    estimated = estimate_companies(plan, snapshot)
    gates = apply_gates(estimated.score, plan.gates)
    passed = np.flatnonzero([gate.status == "ranked" for gate in gates])
    beside = compute_beside(plan, snapshot, estimated, passed, earlier)
    stopped: dict[Reason, list[str]] = {}
    ranked = score_only = 0
    for name, gate in zip(estimated.names, gates, strict=True):
        ranked += gate.status == "ranked"
        score_only += gate.status == "score_only"
        for reason in gate.reasons:
            stopped.setdefault(reason, []).append(name)
    named = (*estimated.names, *snapshot.manifest.withheld_names)
    return Outlook(snapshot.manifest, ranked, score_only, stopped, named, beside)


def told(found: Outlook, plan: Plan) -> Iterator[str]:
    """Yield what will be in the ranking, line by line."""
    manifest = found.manifest
    yield ngettext(
        "%(plan)s and its data can be used: %(rows)s rows in, %(companies)s company",
        "%(plan)s and its data can be used: %(rows)s rows in, %(companies)s companies",
        manifest.companies,
    ) % {
        "plan": plan.file,
        "rows": f"{manifest.rows_in:,}",
        "companies": manifest.companies,
    }
    for code, count in manifest.rows_out.items():
        values = {"count": f"{count:,}", "why": wording.out(code, plan, spoken())}
        yield "  " + _("rows left out: %(count)s (%(why)s)") % values
    ranked = found.ranked if found.ranked > 1 else 0  # one alone has no place
    yield "  " + ngettext(
        "%(count)s company will be ranked", "%(count)s companies will be ranked", ranked
    ) % {"count": ranked}
    if found.score_only:
        yield "  " + ngettext(
            "%(count)s company has a score without a rank:",
            "%(count)s companies have a score without a rank:",
            found.score_only,
        ) % {"count": found.score_only}
    for reason, names in found.stopped.items():
        yield "    " + _("%(why)s: %(count)s (%(names)s)") % {
            "why": wording.REASON[reason],
            "count": len(names),
            "names": _listed(names),
        }
    if manifest.withheld:
        yield "  " + ngettext(
            "%(count)s company is withheld: fewer than %(least)s answers",
            "%(count)s companies are withheld: fewer than %(least)s answers",
            manifest.withheld,
        ) % {"count": manifest.withheld, "least": plan.gates.n or 1}
    yield from (f"  {line}" for line in _of_beside(found.beside))
    if found.ranked < 2:
        yield "  " + _("Fewer than two companies passed the gates, so nothing is compared.")
    yield from (f"  {line}" for line in joined(manifest))


def _of_beside(beside: Beside) -> Iterator[str]:
    """Yield how weights met their margins, and how much there is to be compared with."""
    if beside.weights:
        yield _(
            "weights raked to %(columns)s: factors from %(least).2f to %(greatest).2f times their"
            " mean, at the cost of a factor of %(kish).2f in answers"
        ) % {
            **vars(beside.weights),
            "columns": _(", ").join(margin.column for margin in beside.weights.margins),
        }
    if beside.change:
        companies = len(beside.change.companies)
        yield ngettext(
            "%(count)s ranked company is in the earlier ranking",
            "%(count)s ranked companies are in the earlier ranking",
            companies,
        ) % {"count": companies}


def joined(manifest: Manifest) -> Iterator[str]:
    """Yield which spellings were counted for a company as the same."""
    for name, spellings in manifest.joined.items():
        values = {"name": name, "spellings": _(", ").join(map(visible, spellings))}
        yield _("counted for %(name)s, of the same spelling: %(spellings)s") % values


def proposals(likely: list[Likeness]) -> Iterator[str]:
    """Yield names that may be one company, with the alias that would say so."""
    why = {
        "same": _("the same but for signs, place or legal form"),
        "sound": _("the same in sound"),
        "slip": _("one sign apart"),
    }
    for pair in likely[:SHOWN]:
        yield _("%(one)s and %(other)s may be one company (%(why)s); if so, %(alias)s") % {
            "one": pair.spelling,
            "other": pair.name,
            "why": why[pair.why],
            "alias": f'aliases: {{"{pair.spelling}": "{pair.name}"}}',
        }
    if len(likely) > SHOWN:
        yield _("and %(count)s more such pairs") % {"count": len(likely) - SHOWN}


def _listed(names: list[str]) -> str:
    more = ["…"] if len(names) > SHOWN else []
    return _(", ").join([*names[:SHOWN], *more])
