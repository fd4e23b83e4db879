"""Critical values for the largest of many differences between companies, simulated or bounded."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import numpy as np
from scipy import optimize, stats

from reports.statistics.exact import Bools, Floats, Ints

Progress = Callable[[int, int], None]

# per draw, so many companies furthest from 0 are looked at first; nearly always the largest
# difference is among them
NEAR = 32
# so few companies have so few pairs that it is quicker to compute them all
FEW = 64
# numbers in one block of intermediate arrays: 32 MB
BLOCK = 4_000_000


class Critical(Protocol):
    """Says how large the largest ratio of a family of hypotheses may be by chance alone."""

    def of_pairs(self, pairs: Bools, level: float) -> float:
        """Return c for the ordered pairs (j, k), (G, G), of hypotheses that j is not above k."""

    def of_company(self, j: int, pairs: Bools, level: float) -> float:
        """Return c for company j alone; pairs (2, G): that j is not above k, that k is not above
        j.
        """


class Sidak:
    """The bound c with prod P(|z| <= c) prod P(z <= c) = level over unordered pairs with both or
    one side in.

    Differences between estimates are such that the product is a lower bound of the joint
    probability (Šidák 1967).
    """

    def of_pairs(self, pairs: Bools, level: float) -> float:
        """As `Critical`."""
        both = int((pairs & pairs.T).sum()) // 2
        return self._solve(both, int(pairs.sum()) - 2 * both, level)

    def of_company(self, j: int, pairs: Bools, level: float) -> float:
        """As `Critical`."""
        return self._solve(int(pairs.all(axis=0).sum()), int((pairs[0] ^ pairs[1]).sum()), level)

    def _solve(self, both: int, one: int, level: float) -> float:
        def excess(c: float) -> float:
            tail = stats.norm.sf(c)
            return float(both * np.log1p(-2 * tail) + one * np.log1p(-tail) - np.log(level))

        # c = 0 would make the two-sided tail 1; the answer lies far above
        far = float(stats.norm.isf((1 - level) / max(4 * (both + one), 4)))
        return float(optimize.brentq(excess, 1e-6, far))


class Simulated:
    """The `level` quantile of the largest (Z_j - Z_k) / sd_jk of the family over draws.

    It is exact, not approximate, though few pairs of few draws are ever computed. With s_j the
    spread of Z_j after the companies' common shift is taken out, e_j = |Z_j| / s_j and kappa the
    least sd_jk^2 / (s_j^2 + s_k^2), Cauchy and Schwarz give ((Z_j - Z_k) / sd_jk)^2 <= (e_j^2 +
    e_k^2) / kappa. The `NEAR` companies of largest e give every draw a lower bound of its maximum,
    the next one an upper bound; and a draw must be known exactly only where the two lie on
    different sides of the quantile.
    """

    def __init__(self, z: Floats, v: Floats, sd: Floats, progress: Progress) -> None:
        # a common shift changes no difference, but hides how little companies have in common apart
        # from it
        self.z = z
        self.z -= self.z.mean(axis=1, keepdims=True)
        self.progress = progress
        self.apart = sd > 0
        self.per_sd = np.divide(1.0, sd, out=np.zeros_like(sd), where=self.apart)
        centred = v - v.mean(axis=0) - v.mean(axis=1)[:, None] + v.mean()
        own = np.maximum(np.diag(centred), 0.0)
        both = own[:, None] + own[None, :]
        share = np.divide(
            sd * sd, both, out=np.full_like(sd, np.inf), where=self.apart & (both > 0)
        )
        self.kappa = float(share.min(initial=1.0))
        self.per_own = np.divide(1.0, np.sqrt(own), out=np.zeros_like(own), where=own > 0)
        self._look_near()

    def _look_near(self) -> None:
        """Keep of every draw its `NEAR` companies, (R, K), and the squares of e: the largest,
        and the next one out.
        """
        draws, g = self.z.shape
        k = min(NEAR, g - 1)
        self.near = np.empty((draws, k), dtype=np.int64)
        self.first, self.next = np.empty(draws), np.empty(draws)
        for rows in self._blocks(draws, g):
            e = np.abs(self.z[rows]) * self.per_own
            far = np.argpartition(-e, k - 1, axis=1)
            self.near[rows] = far[:, :k]
            self.first[rows] = e.max(axis=1) ** 2
            self.next[rows] = (
                np.take_along_axis(e, far[:, k:], axis=1).max(axis=1, initial=0.0) ** 2
            )
        self.z_near = np.take_along_axis(self.z, self.near, axis=1)

    def of_pairs(self, pairs: Bools, level: float) -> float:
        """As `Critical`."""
        active = pairs & self.apart
        if len(active) <= FEW:
            return self._quantile(self._every_pair(active), level)
        if active.sum() <= NEAR * len(active):
            return self._quantile(self._row_by_row(active), level)
        largest = self._near_pairs(active)
        bound = self._bound(self.first)
        return self._settle(
            largest, bound, level, lambda draws, least: self._all_pairs(active, draws, least)
        )

    def of_company(self, j: int, pairs: Bools, level: float) -> float:
        """As `Critical`."""
        active = pairs & self.apart[j]
        up, down = (np.where(side, self.per_sd[j], 0.0) for side in active)
        gap = self.z[:, [j]] - self.z_near
        largest = np.maximum(
            (gap * up[self.near]).max(axis=1), (-gap * down[self.near]).max(axis=1)
        )
        e = (self.z[:, j] * self.per_own[j]) ** 2
        bound = self._bound(e)

        def exactly(draws: Ints, _least: float) -> Floats:
            gap = self.z[draws, j][:, None] - self.z[draws]
            return np.asarray(np.maximum((gap * up).max(axis=1), (-gap * down).max(axis=1)))

        return self._settle(largest, bound, level, exactly)

    def _bound(self, square: Floats) -> Floats:
        """Return what a ratio of a company with e^2 = `square` and one that is not near is at
        most, and a hair more.
        """
        found: Floats = np.sqrt((square + self.next) / self.kappa) * (1 + 1e-9)
        return found

    def _settle(
        self, largest: Floats, bound: Floats, level: float, exactly: Callable[[Ints, float], Floats]
    ) -> float:
        """Return the quantile, making exact those draws whose largest may lie on either side of it,
        until none may.

        A draw that is not exact then lies above the quantile for certain, or not above it for
        certain.
        """
        exact = bound <= largest
        while True:
            c = float(np.quantile(largest, level, method="higher"))
            doubtful = np.flatnonzero(~exact & (largest <= c) & (bound > c))
            if not len(doubtful):
                return self._quantile(largest, level)
            largest[doubtful] = np.maximum(largest[doubtful], exactly(doubtful, c))
            exact[doubtful] = True

    @staticmethod
    def _quantile(largest: Floats, level: float) -> float:
        return float(np.quantile(largest, level, method="higher"))

    def _every_pair(self, active: Bools) -> Floats:
        """Return the largest ratio of every draw among few companies, 0 where none is active."""
        weight = np.where(active, self.per_sd, 0.0)
        largest = np.empty(len(self.z))
        for rows in self._blocks(len(largest), weight.size):
            ratio = self.z[rows][:, :, None] - self.z[rows][:, None, :]
            ratio *= weight
            largest[rows] = ratio.reshape(len(ratio), -1).max(axis=1)
        return largest

    def _near_pairs(self, active: Bools) -> Floats:
        """Return of every draw the largest ratio among its near companies, 0 where none is
        active.
        """
        weight = np.where(active, self.per_sd, 0.0)
        largest = np.empty(len(self.near))
        k = self.near.shape[1]
        for rows in self._blocks(len(largest), 4 * k * k):
            near, z = self.near[rows], self.z_near[rows]
            ratio = (z[:, :, None] - z[:, None, :]) * weight[near[:, :, None], near[:, None, :]]
            largest[rows] = ratio.reshape(len(near), -1).max(axis=1)
            self.progress(rows.stop, len(largest))
        return largest

    def _all_pairs(self, active: Bools, draws: Ints, least: float) -> Floats:
        """Return the largest ratio of some draws, or something below `least` where it is below
        that.
        """
        weight = np.where(active, self.per_sd, 0.0)
        out = np.empty(len(draws))
        for i, r in enumerate(draws):
            e = (self.z[r] * self.per_own) ** 2
            j = np.flatnonzero(e + self.first[r] > self.kappa * least * least)
            z = self.z[r, j]
            out[i] = ((z[:, None] - z[None, :]) * weight[np.ix_(j, j)]).max(initial=0.0)
        return out

    def _row_by_row(self, active: Bools) -> Floats:
        """Return the largest ratio of every draw over few active pairs."""
        largest = np.zeros(len(self.z))
        for j in np.flatnonzero(active.any(axis=1)):
            k = np.flatnonzero(active[j])
            np.maximum(
                largest,
                ((self.z[:, [j]] - self.z[:, k]) * self.per_sd[j, k]).max(axis=1),
                out=largest,
            )
            self.progress(int(j) + 1, len(active))
        return largest

    @staticmethod
    def _blocks(count: int, width: int) -> list[slice]:
        step = max(BLOCK // max(width, 1), 1)
        return [slice(start, min(start + step, count)) for start in range(0, count, step)]


def draw(v: Floats, draws: int, seed: int, *, root: Floats | None = None) -> Floats:
    """Draw (draws, G) from N(0, v), v = root' root where a root (Q, G) is given; otherwise through
    the symmetric square root, which unlike a factor is unique.

    Raises ValueError for a covariance with a negative eigenvalue.
    """
    diagonal = np.diag(v)
    independent = root is None and np.count_nonzero(v) == np.count_nonzero(diagonal)
    if independent:
        root = np.sqrt(np.maximum(diagonal, 0.0))
        _refuse_negative(diagonal)
    elif root is None:
        size, axes = np.linalg.eigh(v)
        _refuse_negative(size)
        root = (axes * np.sqrt(np.maximum(size, 0.0))) @ axes.T
    generator = np.random.default_rng(seed)
    z = np.empty((draws, len(v)))
    for rows in Simulated._blocks(draws, len(v)):
        normal = generator.standard_normal((rows.stop - rows.start, len(root)))
        z[rows] = normal * root if independent else normal @ root
    return z


def _refuse_negative(size: Floats) -> None:
    if len(size) and size.min() < -1e-8 * max(size.max(), 1e-300):
        raise ValueError("the covariance has a negative eigenvalue")
