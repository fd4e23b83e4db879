"""Whether items belong together: additive cross-products and Cronbach's alpha; it never drops an
item by itself.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from reports.statistics.exact import Floats, Ints
from reports.statistics.index.scoring import MIDDLE

Missing = Literal["complete", "pairwise"]


@dataclass(frozen=True)
class CrossProducts:
    """Weighted sums of I items, (I, I) each, over the rows that count for a pair of items: `a + b`
    adds two parts.

    rows[a, b]: number of rows; w[a, b]: sum of weights; wx[a, b]: sum of w (x_a - centre); wxx[a,
    b]: sum of w (x_a - centre)(x_b - centre). "complete": rows that answer every item, so rows and
    w are the same everywhere; "pairwise": rows that answer both a and b. The centre is a constant
    of the scale, not of the data, so that parts made apart add up and second moments do not cancel.
    """

    missing: Missing
    centre: float
    rows: Ints
    w: Floats
    wx: Floats
    wxx: Floats

    def __add__(self, other: CrossProducts) -> CrossProducts:
        if (self.missing, self.centre, self.w.shape) != (
            other.missing,
            other.centre,
            other.w.shape,
        ):
            raise ValueError(
                "parts add up only with the same items, the same centre and the same rule for"
                " missing items"
            )
        return CrossProducts(
            missing=self.missing,
            centre=self.centre,
            rows=self.rows + other.rows,
            w=self.w + other.w,
            wx=self.wx + other.wx,
            wxx=self.wxx + other.wxx,
        )

    def take(self, index: Ints) -> CrossProducts:
        """Return the sums of the chosen items, in the order of `index`."""
        chosen = np.ix_(index, index)
        parts = {name: getattr(self, name)[chosen] for name in ("rows", "w", "wx", "wxx")}
        return replace(self, **parts)

    def covariance(self) -> Floats:
        """Return the weighted covariance, (I, I): n / (n - 1) x sum w (x_a - m_a)(x_b - m_b) / sum
        w, n rows.

        That of R's survey::svyvar; with equal weights the sample covariance. "pairwise" takes means
        and n from the rows of the pair and may have negative eigenvalues. Raises ValueError where a
        pair has fewer than two rows.
        """
        if (self.rows < 2).any():
            raise ValueError("a covariance needs two rows that answer the items; too few do")
        mean = self.wx / self.w
        square = self.wxx / self.w
        covariance = (square - mean * mean.T) * self.rows / (self.rows - 1)
        # what rounding leaves of an item that everyone answered alike is no spread
        alike = np.diag(covariance) <= 1e-12 * np.diag(square)
        covariance[alike, :] = covariance[:, alike] = 0.0
        return np.asarray((covariance + covariance.T) / 2)


@dataclass(frozen=True)
class Consistency:
    """How well I items hang together; point figures without intervals. NaN: not defined.

    alpha: Cronbach's, from covariances; alpha_standardised: from correlations; alpha_if_dropped
    (I,): of the other items (needs three); item_rest (I,): correlation of an item with the sum of
    the others (corrected item-total); eigenvalues (I,): of the correlation, largest first; one
    dimension shows as one large and the rest below 1. rows: the smallest number of rows behind any
    pair of items.
    """

    rows: int
    alpha: float
    alpha_standardised: float
    alpha_if_dropped: Floats
    item_rest: Floats
    eigenvalues: Floats


def cross_products(
    items: Floats, weights: Floats, *, missing: Missing, centre: float = MIDDLE
) -> CrossProducts:
    """Reduce item scores (n, I) with NaN for "not answered" and weights (n,) to additive sums.

    Rows of weight 0 do not count. Raises ValueError for shapes that do not fit and for negative or
    missing weights.
    """
    if items.ndim != 2 or weights.shape != (len(items),):
        raise ValueError("items must be (rows, items) and weights one for each row")
    if not (np.isfinite(weights).all() and (weights >= 0).all()):
        raise ValueError("weights must be finite and not negative")
    present = ~np.isnan(items) & (weights > 0)[:, None]
    if missing == "complete":
        present &= present.all(axis=1, keepdims=True)
    one = present.astype(np.float64)
    x = np.where(present, items - centre, 0.0)
    weighted = weights[:, None] * x
    return CrossProducts(
        missing=missing,
        centre=centre,
        rows=np.rint(one.T @ one).astype(np.int64),
        w=(weights[:, None] * one).T @ one,
        wx=weighted.T @ one,
        wxx=weighted.T @ x,
    )


def consistency(products: CrossProducts) -> Consistency:
    """Compute Cronbach's alpha (1951) and its companions as GB/T 19038-2009 Annex C asks for them.

    alpha = I / (I - 1) (1 - trace C / sum C) with C the covariance; standardised I r / (1 + (I - 1)
    r) with r the mean correlation. Alpha is a lower bound of the reliability of the sum under
    uncorrelated errors, and grows with I alone; it does not show that the items measure one thing.
    Raises ValueError for fewer than two items.
    """
    items = len(products.w)
    if items < 2:
        raise ValueError("consistency needs two items")
    covariance = products.covariance()
    correlation = correlations(covariance)
    r = (correlation.sum() - items) / (items * (items - 1))
    others = [np.delete(np.delete(covariance, j, 0), j, 1) for j in range(items)]
    return Consistency(
        rows=int(products.rows.min()),
        alpha=_alpha(covariance),
        alpha_standardised=float(items * r / (1 + (items - 1) * r))
        if r > -1 / (items - 1)
        else np.nan,
        alpha_if_dropped=np.array([_alpha(c) for c in others]),
        item_rest=_item_rest(covariance),
        eigenvalues=np.asarray(np.linalg.eigvalsh(correlation)[::-1]),
    )


def correlations(covariance: Floats) -> Floats:
    """Return the correlation matrix; an item everyone answered alike correlates with nothing: 0,
    and 1 with itself.
    """
    sd = np.sqrt(np.diag(covariance))
    correlation = _ratio(covariance, np.outer(sd, sd))
    np.fill_diagonal(correlation, 1.0)
    return correlation


def _alpha(covariance: Floats) -> float:
    """One item, or a sum without spread, has no alpha: NaN."""
    items, total = len(covariance), covariance.sum()
    if items < 2 or total <= 0:
        return np.nan
    return float(items / (items - 1) * (1 - np.trace(covariance) / total))


def _item_rest(covariance: Floats) -> Floats:
    own, shared = np.diag(covariance), covariance.sum(axis=1)
    rest = np.maximum(covariance.sum() - 2 * shared + own, 0.0)
    return _ratio(shared - own, np.sqrt(own * rest))


def _ratio(numerator: Floats, denominator: Floats) -> Floats:
    return np.divide(numerator, denominator, out=np.zeros_like(numerator), where=denominator > 0)
