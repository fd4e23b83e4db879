"""Checks for sheets that are too much alike: one device, the same answers, the same written
text, one interviewer.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterator

import numpy as np

from surveys.quality.checks.columns import Flag, ResponseColumns

FEW = 3  # sheets of one device about one company that are too many for a household
TOGETHER = 600.0  # seconds within which two sheets of one device are one person
ENOUGH = 10  # answers that must be given for likeness to mean anything
LIKENESS = 0.9
LONGEST_BLOCK = (
    200  # sheets that share an answer pattern; in larger ones the pattern is nothing special
)
SHORTEST = 12  # characters of a text that two people do not write by chance
ALIKE_WORK = 0.5  # share of an interviewer's sheets that equal another of hers


def same_device(columns: ResponseColumns) -> Iterator[Flag]:
    """Flag sheets about one company from one network and browser: three and more, or two within ten
    minutes.

    A shop's visitors share its network, and phones of one make look the same: two of them a day
    apart are not flagged.
    """
    groups: dict[tuple[str, str, int], list[int]] = defaultdict(list)
    for i in range(len(columns)):
        if columns.network[i] and columns.browser[i] and columns.company[i] >= 0:
            groups[columns.network[i], columns.browser[i], int(columns.company[i])].append(i)
    for of_it in groups.values():
        if len(of_it) >= FEW:
            for i in of_it:
                yield Flag(i, "device", 2.0, {"responses": len(of_it)})
        elif len(of_it) == 2 and abs(columns.sent[of_it[0]] - columns.sent[of_it[1]]) < TOGETHER:
            for i in of_it:
                yield Flag(i, "device", 1.0, {"responses": 2})


def same_answers(columns: ResponseColumns) -> Iterator[Flag]:
    """Flag sheets about one company that share at least nine of ten answers, of ten or more, with
    another one.

    Only sheets that agree on every third question are compared pair by pair, in three turns, so
    that the work grows with the number of sheets and not with its square. Satisfied customers are
    alike honestly: full marks alone are no likeness, so items at the end of the scale count for
    nothing.
    """
    names = list(columns.answers)
    if len(names) < ENOUGH:
        return
    codes = np.column_stack(
        [np.unique(np.asarray(columns.answers[name]), return_inverse=True)[1] for name in names]
    )
    empty = np.column_stack([np.asarray(columns.answers[name]) == "" for name in names])
    nearest = np.zeros(len(columns))
    for turn in range(3):
        blocks: dict[tuple[int, ...], list[int]] = defaultdict(list)
        for i in range(len(columns)):
            if columns.company[i] >= 0:
                blocks[(int(columns.company[i]), *codes[i, turn::3])].append(i)
        for block in blocks.values():
            if 1 < len(block) <= LONGEST_BLOCK:
                _compare(np.array(block), codes, empty, nearest)
    for i in map(int, np.flatnonzero(nearest >= LIKENESS)):
        top = np.isfinite(columns.items[i]) & (columns.items[i] == 100)
        plain = np.isfinite(columns.items[i]).sum() - top.sum()
        if plain > 0:
            yield Flag(i, "answers", 1.0, {"alike": round(float(nearest[i]), 2)})


def _compare(block: np.ndarray, codes: np.ndarray, empty: np.ndarray, nearest: np.ndarray) -> None:
    for at, i in enumerate(block[:-1]):
        others = block[at + 1 :]
        both = ~(empty[i] & empty[others])
        asked = both.sum(axis=1)
        share = np.where(
            asked >= ENOUGH,
            ((codes[i] == codes[others]) & both).sum(axis=1) / np.maximum(asked, 1),
            0,
        )
        nearest[i] = max(nearest[i], share.max(initial=0))
        nearest[others] = np.maximum(nearest[others], share)


def same_text(columns: ResponseColumns) -> Iterator[Flag]:
    """Flag written answers of twelve characters or more that somebody else wrote too, width,
    case and signs apart.
    """
    for question, written in columns.texts.items():
        groups: dict[str, list[int]] = defaultdict(list)
        for i, words in enumerate(written):
            plain = "".join(
                c for c in unicodedata.normalize("NFKC", words).casefold() if c.isalnum()
            )
            if len(plain) >= SHORTEST:
                groups[plain].append(i)
        for of_it in groups.values():
            if len(of_it) > 1:
                for i in of_it:
                    yield Flag(
                        i,
                        "text",
                        2.0 if len(of_it) > 2 else 1.0,
                        {"question": question, "responses": len(of_it)},
                    )


def alike_interviews(columns: ResponseColumns) -> Iterator[Flag]:
    """Flag the sheets of an interviewer that repeat others of hers, where half of ten or more
    do.
    """
    for code in np.unique(columns.interviewer[columns.interviewer >= 0]):
        of_her = np.flatnonzero(columns.interviewer == code)
        if len(of_her) < ENOUGH:
            continue
        rows = [tuple(np.nan_to_num(columns.items[i], nan=-1)) for i in of_her]
        counts: dict[tuple[float, ...], int] = defaultdict(int)
        for row in rows:
            counts[row] += 1
        alike = [i for i, row in zip(of_her, rows, strict=True) if counts[row] > 1]
        if len(alike) > ALIKE_WORK * len(of_her):
            for i in alike:
                yield Flag(int(i), "interviewer", 2.0, {"alike": len(alike), "of": len(of_her)})
