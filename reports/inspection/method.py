"""How a report of a campaign came about, in words: what was done and what was not."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from inspections.agreement.items import LEAST_ALPHA
from inspections.campaigns.models import Draw
from reports.inspection.result import Inspection
from reports.inspection.snapshot import LEAST
from reports.publishing import numbers


def method(result: Inspection) -> Iterator[tuple[str, str]]:
    """Yield the method as term and text, in the active language."""
    more = result.manifest.more
    yield (
        _("What this is"),
        _(
            "Volunteers went to sites as ordinary consumers and wrote down facts on a fixed"
            " checklist. Nobody was asked for an opinion and nobody was rated: there are no"
            " scores of companies and no ranking here."
        ),
    )
    yield _("How sites came in"), " ".join(_selection(result))
    yield (
        _("What a finding is"),
        _(
            "A requirement that was not met on the day of the visit. What could be skipped is no"
            " finding; what did not apply or was not seen is left out of its base. %(findings)s"
            " findings are counted here, %(confirmed)s of them confirmed by a second person who"
            " was not there; what such a person did not see borne out is not counted."
        )
        % {
            "findings": numbers.count(result.findings),
            "confirmed": numbers.count(result.confirmed),
        },
    )
    yield _("Percentages and intervals"), " ".join(_intervals(result))
    if any(one.pairs for one in result.agreement):
        yield (
            _("Second visits"),
            _(
                "Other people went to a part of the sites again without knowing what the"
                " first visit had found. An item on which the two agree too little"
                " (Krippendorff's α below %(least)s) carries no statement about a vendor or brand."
            )
            % {"least": f"{LEAST_ALPHA:g}"},
        )
    if more["not_accepted"]:
        yield (
            _("Still under review"),
            _("%(n)s of the visits counted here had not been accepted by a supervisor.")
            % {"n": more["not_accepted"]},
        )
    yield (
        _("What it does not say"),
        _(
            "A visit shows what happened to one consumer at one site on one day. It says nothing"
            " of other days, nor that a site without findings has none. No site is named: that"
            " takes a second look, the operator's reply and two signatures."
        ),
    )


def _selection(result: Inspection) -> Iterator[str]:
    more = result.manifest.more
    if result.drawn is None:
        yield _(
            "They were led by complaints or chosen. The figures are counts of the sites visited; a"
            " share of all sites cannot be told from them, nor anything of a vendor or brand."
        )
    for made in more["draws"]:
        yield _(
            "%(size)s of %(frame)s sites were drawn (%(method)s) from %(source)s, %(source_on)s,"
            " with the seed %(seed)s; SHA-256 of frame and draw %(sha256)s."
        ) % {**made, "method": str(Draw.Method(made["method"]).label)}
    yield _(
        "%(chosen)s sites were to be visited, %(visited)s were; %(given_up)s were given up."
    ) % {
        "chosen": numbers.count(more["chosen"]),
        "visited": numbers.count(result.sites),
        "given_up": more["given_up"],
    }


def _intervals(result: Inspection) -> Iterator[str]:
    if result.drawn is None:
        yield _("None is printed.")
        return
    yield _("A percentage is printed of %(least)s sites or more; below that the count alone.") % {
        "least": LEAST
    }
    if result.drawn.is_simple:
        yield _(
            "Intervals are Wilson's at 95 %, each for itself; the workbook has Clopper and"
            " Pearson's beside them, for an “at least” that must hold."
        )
    else:
        yield _(
            "Shares are weighted by one over the chance of being drawn. Intervals are Korn and"
            " Graubard's at 95 %, each for itself, from the variance within the strata of the draw."
        )
    if (result.drawn.corrected < float("inf")).any():
        yield _("They are narrowed where more than 5 % of a stratum of the frame was visited.")
    else:
        yield _("So few of the frame were visited that its size does not matter.")
