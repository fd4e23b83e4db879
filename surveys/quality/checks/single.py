"""Checks that look at one sheet beside what is usual: too fast, all the same, an attention item,
what cannot be.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from surveys.quality.checks.columns import Flag, ResponseColumns

THIRD, QUARTER = (
    1 / 3,
    1 / 4,
)  # of the median: what vendors call a speeder, and what nobody reads at
FLOOR = 1.0  # seconds a question
ROUTE = 30  # sheets of about the same length that a median needs
BATTERY, SAME = 8, 0.9  # items from which on the same answer in so many of them is looked at
NIGHT = (0.0, 5.0)


def speeders(columns: ResponseColumns) -> Iterator[Flag]:
    """Flag sheets filled in under a third of the median seconds a question, of sheets about as
    long.

    Under a quarter, or under a second a question, the flag is strong. Paper and imported sheets
    have no begin, and some files give the same moment for begin and end: these are not judged.
    """
    pace = (columns.sent - columns.begun) / np.where(columns.shown > 0, columns.shown, np.nan)
    known = np.isfinite(pace) & (pace > 0)
    route = np.where(known, np.digitize(columns.shown, [5, 10, 20, 40]), -1)
    for length in np.unique(route[known]):
        of_it = np.flatnonzero(known & (route == length))
        usual = np.median(pace[of_it if len(of_it) >= ROUTE else np.flatnonzero(known)])
        for i in of_it[(pace[of_it] < usual * THIRD) | (pace[of_it] < FLOOR)]:
            hard = pace[i] < max(usual * QUARTER, FLOOR)
            yield Flag(
                int(i),
                "speed",
                2.0 if hard else 1.0,
                {"seconds": round(float(pace[i]), 1), "usual": round(float(usual), 1)},
            )


def straight_lines(columns: ResponseColumns) -> Iterator[Flag]:
    """Flag sheets with the same answer in at least nine of ten of eight items or more.

    A satisfied customer does so honestly: the flag is weak, and weaker still at the upper end of
    the scale.
    """
    for i, row in enumerate(columns.items):
        given = row[np.isfinite(row)]
        if len(given) >= BATTERY:
            values, counts = np.unique(given, return_counts=True)
            if counts.max() >= SAME * len(given):
                top = values[counts.argmax()] == 100
                yield Flag(
                    i,
                    "straight",
                    0.5 if top else 1.0,
                    {"same": int(counts.max()), "of": len(given)},
                )


def attention(columns: ResponseColumns, wanted: Mapping[str, str]) -> Iterator[Flag]:
    """Flag sheets that did not give the answer an attention item asks for. wanted: question →
    answer.

    A weak flag: of bogus respondents 84 % passed such an item (Pew Research Center 2020).
    """
    for question, answer in wanted.items():
        for i, given in enumerate(columns.answers.get(question, ())):
            if given and given != answer:
                yield Flag(i, "attention", 1.0, {"question": question})


def impossible(
    columns: ResponseColumns, pairs: Sequence[tuple[str, str, str, str]]
) -> Iterator[Flag]:
    """Flag sheets with two answers that cannot both be true. pairs: (question, answer, question,
    answer).
    """
    for one, this, other, that in pairs:
        both = zip(columns.answers.get(one, ()), columns.answers.get(other, ()), strict=False)
        for i, (a, b) in enumerate(both):
            if this in a.split() and that in b.split():
                yield Flag(i, "impossible", 2.0, {"first": one, "second": other})


def night_work(columns: ResponseColumns) -> Iterator[Flag]:
    """Flag interviews that were sent between midnight and five."""
    for i in np.flatnonzero(
        (columns.interviewer >= 0) & (columns.hour >= NIGHT[0]) & (columns.hour < NIGHT[1])
    ):
        yield Flag(int(i), "night", 1.0, {"hour": float(columns.hour[i])})


def sealed(columns: ResponseColumns) -> Iterator[Flag]:
    """Flag sheets about the very company that was given the link they came by: it has been
    passed on.
    """
    for i in np.flatnonzero((columns.sealed_to >= 0) & (columns.sealed_to == columns.company)):
        yield Flag(int(i), "sealed", 2.0, {})
