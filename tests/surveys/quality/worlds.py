"""Responses made up for the checks: honest ones, and a company that stuffs the box."""

from __future__ import annotations

import numpy as np

from surveys.quality.checks.columns import ResponseColumns

DAY = 86_400.0
QUALITY = (71.0, 70.0, 72.0, 73.0, 74.0, 76.0, 77.0, 79.0, 81.0, 84.0)


def world(seed, *, planted=0.15, pattern="bursts", columns=200, quality=QUALITY):
    """Return sheets of ten companies over thirty days, and which of them were planted, for the
    first company.

    Honest people answer eight items from 1 to 10, alike within a sheet, from networks of their own;
    they come in the daytime, through four entrances. bursts: the planted ones come within three
    evenings, each from a phone of its own; dripped: over all days, from five phones. Phones that
    are each used once, on days spread evenly, no check can tell from satisfied customers.
    """
    rng = np.random.default_rng(seed)
    k = len(quality)
    company = np.repeat(np.arange(k), columns)
    n = len(company)
    own = rng.normal(0, 14, n)
    scores = np.clip(
        np.asarray(quality)[company][:, None] + own[:, None] + rng.normal(0, 12, (n, 8)), 0, 100
    )
    items = np.rint(scores / 100 * 9) / 9 * 100
    items[rng.random((n, 8)) < 0.05] = np.nan
    sent = rng.integers(0, 30, n) * DAY + rng.normal(14, 3.5, n).clip(6, 23.5) * 3600
    pace = rng.lognormal(np.log(9), 0.35, n)
    source = rng.integers(0, 4, n)
    network = [f"n{rng.integers(0, 4000)}" for _i in range(n)]
    browser = [f"b{rng.integers(0, 60)}" for _i in range(n)]

    m = round(planted * columns)
    faked = np.full((m, 8), 100.0)
    faked[rng.random((m, 8)) < 0.1] = 100 / 9 * 8
    if pattern == "bursts":
        evenings = rng.choice(30, 3, replace=False)
        times = rng.choice(evenings, m) * DAY + 20 * 3600 + rng.uniform(0, 3600, m)
        networks, browsers = (
            [f"f{rng.integers(0, 400)}" for _i in range(m)],
            [f"b{rng.integers(0, 60)}" for _i in range(m)],
        )
    else:
        times = rng.integers(0, 30, m) * DAY + rng.uniform(8, 22, m) * 3600
        networks = browsers = [f"f{rng.integers(0, 5)}" for _i in range(m)]
    company = np.concatenate([company, np.zeros(m, np.int64)])
    items = np.concatenate([items, faked])
    sent = np.concatenate([sent, times])
    shown = np.full(n + m, 12.0)
    seconds = np.concatenate([pace, rng.lognormal(np.log(8), 0.35, m)]) * 12
    made = ResponseColumns(
        company=company,
        source=np.concatenate([source, rng.integers(0, 4, m)]),
        sent=sent,
        items=items,
        begun=sent - seconds,
        shown=shown,
        interviewer=np.full(n + m, -1),
        sealed_to=np.full(n + m, -1),
        hour=sent % DAY / 3600,
        network=network + networks,
        browser=browser + browsers,
        answers={
            f"q{j}": [f"{x:.0f}" for x in np.nan_to_num(items[:, j], nan=-1)] for j in range(8)
        },
    )
    return made, np.arange(n + m) >= n


def few(n=40, **changed):
    """Return n ordinary sheets of one company, with columns replaced."""
    rng = np.random.default_rng(1)
    plain = {
        "company": np.zeros(n, np.int64),
        "source": np.zeros(n, np.int64),
        "sent": np.arange(n) * 3600.0,
        "items": np.rint(rng.uniform(1, 10, (n, 8))) * 10,
        "begun": np.arange(n) * 3600.0 - 120,
        "shown": np.full(n, 12.0),
        "interviewer": np.full(n, -1),
        "sealed_to": np.full(n, -1),
        "hour": np.full(n, 12.0),
        "network": [""] * n,
        "browser": [""] * n,
    }
    return ResponseColumns(**{**plain, **changed})
