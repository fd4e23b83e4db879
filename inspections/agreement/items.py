"""Agreement of two visits to the same sites, item by item: what the board and the report show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from inspections.agreement.raters import (
    cohen_kappa,
    gwet,
    krippendorff_alpha,
    percent_agreement,
)

# below it an item cannot carry a named claim (Krippendorff 2004, p. 241: tentative conclusions)
LEAST_ALPHA = 0.667
DRAWS = 1000
SEED = 20230315


@dataclass(frozen=True)
class ItemAgreement:
    """How far two independent visits agree on one item. Shares and coefficients are NaN where they
    are not defined: nobody could have disagreed.

    pairs: sites at which both visits have an answer; low, high: 95 per cent interval of alpha, from
    drawing sites with replacement.
    """

    item: str
    pairs: int
    percent: float
    kappa: float
    alpha: float
    low: float
    high: float
    ac1: float

    @property
    def carries_claims(self) -> bool:
        """Whether the item is observed reliably enough for a claim that names somebody.

        Where all visits found the same, alpha is not defined; then full agreement is enough.
        """
        if np.isnan(self.alpha):
            return self.pairs > 0 and self.percent == 1.0
        return self.alpha >= LEAST_ALPHA


def agreement_of(pairs: Mapping[str, Sequence[tuple[str, str]]]) -> list[ItemAgreement]:
    """Return the agreement on every item, in the order given.

    pairs: for each item, a pair of answers (first visit, second visit) for every site seen twice;
    pairs in which an answer is missing are left out by the caller.
    """
    return [_item(name, list(answers)) for name, answers in pairs.items()]


def _item(name: str, answers: list[tuple[str, str]]) -> ItemAgreement:
    if not answers:
        return ItemAgreement(name, 0, *[float("nan")] * 6)
    categories = sorted({answer for pair in answers for answer in pair})
    codes = np.array([[categories.index(a), categories.index(b)] for a, b in answers])
    k = max(len(categories), 2)
    counts = np.zeros((len(codes), k), dtype=np.int64)
    table = np.zeros((k, k), dtype=np.int64)
    for row, (a, b) in enumerate(codes):
        counts[row, a] += 1
        counts[row, b] += 1
        table[a, b] += 1
    rng = np.random.default_rng(SEED)
    drawn = [
        krippendorff_alpha(
            codes[rng.integers(0, len(codes), len(codes))].T.astype(float), scale="nominal"
        )
        for _draw in range(DRAWS)
    ]
    known = [alpha for alpha in drawn if not np.isnan(alpha)]
    low, high = np.quantile(known, [0.025, 0.975]) if known else (float("nan"), float("nan"))
    return ItemAgreement(
        item=name,
        pairs=len(answers),
        percent=percent_agreement(counts),
        kappa=cohen_kappa(table).kappa,
        alpha=krippendorff_alpha(codes.T.astype(float), scale="nominal"),
        low=float(low),
        high=float(high),
        ac1=gwet(counts),
    )
