"""The second opinion: the same figures by plain loops over the rows, sharing no code with the
product.
"""

from __future__ import annotations

import csv
import math
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

# PISA 2018 mathematics: the 95 % set of the first five, as csranks documents it
PISA_FIRST_FIVE = [
    *(
        "Belgium",
        "Canada",
        "Denmark",
        "Estonia",
        "Finland",
        "Japan",
        "Korea",
        "Netherlands",
        "Poland",
        "Slovenia",
    ),
    *("Sweden", "Switzerland"),
]


def read(path: Path) -> list[dict[str, str]]:
    """Read a CSV file."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def scores(
    rows: Iterable[dict[str, str]], company: str, items: list[str], low: float, high: float
) -> dict[str, list[float]]:
    """Return the respondents' scores 0-100 by company; a 0 or an empty cell is no answer."""
    by_company: dict[str, list[float]] = defaultdict(list)
    for row in rows:
        answers = [float(row[item]) for item in items if row[item] not in ("", "0", "0.0")]
        if answers:
            mean = sum((a - low) / (high - low) * 100 for a in answers) / len(answers)
            by_company[row[company]].append(mean)
    return dict(by_company)


def mean(values: list[float]) -> float:
    """Return the mean."""
    return sum(values) / len(values)


def standard_error(values: list[float]) -> float:
    """Return the standard error of a mean of independent rows."""
    m = mean(values)
    return math.sqrt(sum((v - m) ** 2 for v in values) / (len(values) - 1) / len(values))


def domain_covariance(
    rows: list[tuple[str, str, str, float, float]], companies: list[str]
) -> list[list[float]]:
    """Return the covariance of domain means of a clustered, stratified, weighted sample, by its
    definition.

    rows: (stratum, psu, company, score, weight).
    """
    weight = {c: sum(r[4] for r in rows if r[2] == c) for c in companies}
    m = {c: sum(r[4] * r[3] for r in rows if r[2] == c) / weight[c] for c in companies}
    strata = sorted({r[0] for r in rows})
    out = [[0.0] * len(companies) for _c in companies]
    for h in strata:
        psus = sorted({r[1] for r in rows if r[0] == h})
        z = {
            (u, c): sum(r[4] * (r[3] - m[c]) for r in rows if (r[0], r[1], r[2]) == (h, u, c))
            / weight[c]
            for u in psus
            for c in companies
        }
        centre = {c: sum(z[u, c] for u in psus) / len(psus) for c in companies}
        for i, a in enumerate(companies):
            for j, b in enumerate(companies):
                products = sum((z[u, a] - centre[a]) * (z[u, b] - centre[b]) for u in psus)
                out[i][j] += len(psus) / (len(psus) - 1) * products
    return out


def holm(p: list[float]) -> list[float]:
    """Return Holm's adjusted p-values by their definition."""
    return [
        min(1.0, max((len(p) - sum(r < q for r in p)) * q for q in p if q <= mine)) for mine in p
    ]
