"""One small world: a handful of shops, rated by formula, and the plan that ranks them. Builders
with overrides.
"""

from __future__ import annotations

import csv
import io
import random
from pathlib import Path

from reports.data.snapshots.snapshot import Snapshot, freeze
from reports.data.sources.read import table
from reports.plans.plan import Plan
from reports.plans.validation import parse
from reports.ranking.result import Ranking, compute

PLAN = """\
title: {zh-Hans: 维修满意度, en: Repair satisfaction}
date: 2026-11-23
sample: nonprobability
source: {kind: ratings, file: ratings.csv}
company: {column: shop}
items:
  - {column: speed, scale: [1, 5], not_applicable: [0], label: {zh-Hans: 速度, en: Speed}}
  - {column: skill, scale: [1, 5], not_applicable: [0], label: {zh-Hans: 技术, en: Skill}}
gates: {n: 10}
inference: {draws: 2000}
"""

ESTIMATES = """\
title: {zh-Hans: 甲, en: A}
date: 2026-01-02
sample: probability
source: {kind: estimates, file: e.csv}
company: {column: c}
estimates: {value: v, se: s}
"""

# shop: mean rating, number of rows; Elm has too few to be named
SHOPS = {
    "Ash": (4.4, 60),
    "Birch": (3.4, 50),
    "Cedar": (3.2, 40),
    "Doum": (2.1, 50),
    "Elm": (3.0, 4),
}


def ratings(
    shops: dict[str, tuple[float, int]] | None = None, seed: int = 7
) -> list[dict[str, str]]:
    """Return rows with a shop, two ratings, a district and a site; some cells are empty or 0."""
    rng = random.Random(seed)
    rows = []
    for shop, (mean, n) in (shops or SHOPS).items():
        for _i in range(n):
            cells = [str(min(5, max(1, round(rng.gauss(mean, 1))))) for _item in "ab"]
            if rng.random() < 0.1:
                cells[rng.randrange(2)] = rng.choice(["", "0"])
            district = rng.choice(["north", "south"])
            site = f"{district}{rng.randrange(6)}"
            rows.append(
                {
                    "shop": shop,
                    "speed": cells[0],
                    "skill": cells[1],
                    "district": district,
                    "site": site,
                }
            )
    return rows


def as_csv(rows: list[dict[str, str]]) -> str:
    """Return rows as CSV text."""
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def plan(extra: str = "", *, without: str = "", text: str = PLAN) -> Plan:
    """Return the plan with keys added and the key `without` left out (one-line keys)."""
    return parse(plan_text(extra, without=without, text=text).encode(), "plan.yaml")


def plan_text(extra: str = "", *, without: str = "", text: str = PLAN) -> str:
    """Return the YAML of the plan; a key in `extra` takes the place of a one-line key of the
    same name.
    """
    replaced = {
        line.split(":")[0]
        for line in extra.splitlines()
        if line and not line.startswith((" ", "-"))
    }
    lines = [line for line in text.splitlines() if line.split(":")[0] not in replaced | {without}]
    return "\n".join([*lines, extra]) + "\n"


def write(folder: Path, *, rows: list[dict[str, str]] | None = None, text: str = PLAN) -> Path:
    """Write plan and ratings into a folder and return the plan's path."""
    (folder / "ratings.csv").write_text(as_csv(rows or ratings()), encoding="utf-8")
    path = folder / "plan.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def snapshot(
    folder: Path, *, rows: list[dict[str, str]] | None = None, of: Plan | None = None
) -> Snapshot:
    """Freeze the world's ratings."""
    chosen = of or plan()
    (folder / "ratings.csv").write_text(as_csv(rows or ratings()), encoding="utf-8")
    return freeze(chosen, table(chosen, folder / "ratings.csv"))


def ranking(
    folder: Path, *, rows: list[dict[str, str]] | None = None, of: Plan | None = None
) -> Ranking:
    """Compute the world's ranking."""
    chosen = of or plan()
    return compute(chosen, snapshot(folder, rows=rows, of=chosen))
