"""Replicates of a sample: factors for the units' totals, never weights for rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np

from reports.statistics.exact import Floats, Ints
from reports.statistics.sampling.design import SIMPLE, Design, LonelyStratum

Centre = Literal["estimate", "replicates"]
# factors held at a time
HELD = 50_000


@dataclass(frozen=True)
class Replicates:
    """Factors by which each replicate multiplies the totals of U units, made in blocks so that
    memory stays small.

    count: R; blocks(): yields (block, U) factors and their (block,) share of the variance,
    V = sum_r share_r (theta_r - theta)(theta_r - theta)'.
    """

    count: int
    blocks: Callable[[], Iterator[tuple[Floats, Floats]]]


def rao_wu(
    stratum: Ints, sampled: Ints, *, count: int, seed: int, design: Design = SIMPLE
) -> Replicates:
    """Return bootstrap replicates (Rao and Wu 1988; rescaled weights of Rao, Wu and Yue 1992).

    stratum: (U,) of each unit; sampled: n_h, (H,). In each stratum n_h - 1 units are drawn with
    replacement; a unit drawn r times gets 1 - l + l r n_h / (n_h - 1), with l = sqrt(1 - f_h),
    which is 1 without a finite population. Estimates from them agree with linearisation within
    their Monte Carlo error. Raises LonelyStratum where a stratum of one unit is not wholly sampled,
    whatever the design says of lonely units: there is nothing to draw again.
    """
    factors = Design(design.population).factors(sampled)
    n = factors.units
    left = np.divide(factors.scale * (n - 1), n, out=np.zeros_like(n), where=n > 0)  # 1 - f_h
    members = [np.flatnonzero(stratum == h) for h in range(len(n))]

    def blocks() -> Iterator[tuple[Floats, Floats]]:
        generator = np.random.default_rng(seed)
        step = max(HELD // max(len(stratum), 1), 1)
        for start in range(0, count, step):
            size = min(step, count - start)
            out = np.ones((size, len(stratum)))
            for h, units in enumerate(members):
                if len(units) > 1:
                    drawn = generator.multinomial(
                        len(units) - 1, np.full(len(units), 1 / len(units)), size=size
                    )
                    share = np.sqrt(left[h])
                    out[:, units] = 1 - share + share * drawn * (len(units) / (len(units) - 1))
            yield out, np.full(size, 1 / count)

    return Replicates(count, blocks)


def jackknife(stratum: Ints, sampled: Ints, *, design: Design = SIMPLE) -> Replicates:
    """Return the delete-one-unit jackknife, stratified (JKn; Wolter 2007, 4.5).

    stratum: (U,); sampled: n_h, (H,). Replicate u leaves unit u out and multiplies the others of
    its stratum by n_h / (n_h - 1); its share of the variance is (1 - f_h)(n_h - 1) / n_h. A stratum
    of one unit is left out under "certainty"; otherwise raises LonelyStratum.
    """
    if design.lonely in ("adjust", "average") and (sampled == 1).any():
        raise LonelyStratum(np.flatnonzero(sampled == 1))
    factors = design.factors(sampled)
    left_out = np.flatnonzero(factors.scale[stratum] > 0)
    n = factors.units

    def blocks() -> Iterator[tuple[Floats, Floats]]:
        step = max(HELD // max(len(stratum), 1), 1)
        for start in range(0, len(left_out), step):
            units = left_out[start : start + step]
            h = stratum[units]
            others = n[h] / (n[h] - 1)
            out = np.where(stratum[None, :] == h[:, None], others[:, None], 1.0)
            out[np.arange(len(units)), units] = 0.0
            yield out, factors.scale[h] * ((n[h] - 1) / n[h]) ** 2

    return Replicates(len(left_out), blocks)
