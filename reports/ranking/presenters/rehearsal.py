"""A rehearsal for the terminal: sentences and a table."""

from __future__ import annotations

from collections.abc import Iterator
from unicodedata import east_asian_width

from django.utils.translation import gettext as _

from reports.plans.plan import Plan
from reports.ranking.rehearsal import Rehearsal, Size


def told(rehearsal: Rehearsal, plan: Plan) -> Iterator[str]:
    """Yield the lines: what was assumed, what to expect, a table for other sizes, and how many
    answers are needed.
    """
    expect, first = rehearsal.expect, rehearsal.sizes[0]
    yield _(
        "Assumed: %(companies)s companies whose true scores differ by %(between)g points (standard"
        " deviation), answers"
        " inside a company by %(within)g, design effect %(deff)g."
    ) % {
        "companies": len(expect.answers),
        "between": expect.between,
        "within": expect.within,
        "deff": expect.deff,
    }
    if first.result is None:
        yield _(
            "With %(answers)s answers per company fewer than two come through the plan's gates."
        ) % {"answers": first.answers}
    else:
        yield _("Expect about %(above)s above, %(below)s below, %(undecided)s undecided.") % {
            "above": round(first.result.above),
            "below": round(first.result.below),
            "undecided": first.ranked - round(first.result.above) - round(first.result.below),
        }
        yield _(
            "A company's rank range covers %(width).1f of %(ranked)s places; %(first).1f companies"
            " may be among the"
            " first %(tau)s; its interval is ±%(half).1f points; reliability %(reliability).2f. In"
            " %(wrong).1f %% of"
            " surveys some company stands on the wrong side."
        ) % {
            "width": first.result.width,
            "ranked": first.ranked,
            "first": first.result.first,
            "tau": plan.inference.tau,
            "half": first.result.half_width,
            "reliability": first.result.reliability,
            "wrong": 100 * first.result.wrong,
        }
    yield ""
    yield from _table(rehearsal)
    yield ""
    if rehearsal.needed is None:
        yield _(
            "A million answers each are not enough to tell a company %(between)g points above the"
            " others apart."
        ) % {"between": expect.between}
    else:
        yield _(
            "To tell a company %(between)g points above the others apart in 8 of 10 surveys you"
            " need n = %(needed)s"
            " answers per company."
        ) % {"between": expect.between, "needed": f"{rehearsal.needed:,}"}


def _table(rehearsal: Rehearsal) -> Iterator[str]:
    heads = [
        _("answers each"),
        _("ranked"),
        _("above"),
        _("below"),
        _("undecided"),
        _("rank range"),
    ]
    rows = [_cells(size) for size in sorted(rehearsal.sizes, key=lambda size: size.answers)]
    widths = [max(_width(row[i]) for row in (heads, *rows)) for i in range(len(heads))]
    for row in (heads, *rows):
        yield "   ".join(
            " " * (width - _width(cell)) + cell for cell, width in zip(row, widths, strict=True)
        )


def _cells(size: Size) -> list[str]:
    cells = [f"{size.answers:,}", str(size.ranked)]
    if size.result is None:
        return [*cells, "", "", "", ""]
    result = size.result
    return [
        *cells,
        *(f"{value:.1f}" for value in (result.above, result.below, result.undecided, result.width)),
    ]


def _width(text: str) -> int:
    """Return how many columns of a terminal a text takes; a Chinese character takes two."""
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text)
