"""A stranger's recomputation of a published ranking: from ranking.json (the method's inputs) and
snapshot.parquet alone, by the words of the printed method, in plain loops over small arrays.

It imports nothing of the product. Where this file and the printed method differ, one of them lies.
"""

from __future__ import annotations

import json
import math
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
from scipy import stats

R_LEAST = 50.0


def recompute(folder: Path) -> dict:
    """Return companies by name as in ranking.json, and what stands beside them."""
    told = json.loads((folder / "ranking.json").read_text(encoding="utf-8"))
    rows = pq.read_table(folder / "snapshot.parquet").to_pylist()
    scored = _estimates(rows) if not told["items"] else _ratings(told, rows)
    _put_through_gates(told, scored)
    for c in scored["companies"].values():
        t = _quantile(c["df"], told["level"])
        low, high = c["score"] - t * math.sqrt(c["V"]), c["score"] + t * math.sqrt(c["V"])
        c["ci_low"], c["ci_high"] = (
            (max(low, 0.0), min(high, 100.0)) if told["items"] else (low, high)
        )
        c["se"] = math.sqrt(c["V"])
    ranked = [name for name, c in scored["companies"].items() if c["status"] == "ranked"]
    if len(ranked) > 1:
        _classes(told, scored, ranked)
        _places(told, scored, ranked)
        _reliability(scored, ranked)
    scored["average"] = _mean([scored["companies"][n]["score"] for n in ranked]) if ranked else None
    return scored


def index_score(nodes: list[dict], answers: dict[str, float]) -> float | None:
    """Return the score of one respondent: dimensions first, weights of the unanswered shared out."""
    top = bottom = 0.0
    for node in nodes:
        inner = (
            index_score(node["children"], answers)
            if "children" in node
            else answers.get(node["item"])
        )
        if inner is not None:
            top += node["weight"] * inner
            bottom += node["weight"]
    return top / bottom if bottom else None


def _answered_share(nodes: list[dict], answers: dict[str, float]) -> float:
    return sum(
        _answered_share(node["children"], answers)
        if "children" in node
        else node["share"] * (node["item"] in answers)
        for node in nodes
    )


def _estimates(rows: list[dict]) -> dict:
    companies = {
        row["company"]: {
            "score": row["value"],
            "V": row["se"] ** 2,
            "df": math.inf,
            "n": row.get("n"),
            "units": None,
            "floored": False,
            "items": {},
        }
        for row in rows
        if row["out"] is None
    }
    names = sorted(companies)
    cov = {(a, b): companies[a]["V"] if a == b else 0.0 for a in names for b in names}
    return {"companies": companies, "cov": cov, "design_df": math.inf, "touched": None}


def _ratings(told: dict, rows: list[dict]) -> dict:
    rows = [row for row in rows if row.get("stratum", 0) >= 0 and row.get("psu", 0) >= 0]
    scales = {item["item"]: item["scale"] for item in told["items"]}
    for row in rows:
        points = {
            name: (row[name] - worst) / (best - worst) * 100
            for name, (worst, best) in scales.items()
            if row[name] is not None and not math.isnan(row[name])
        }
        row["points"] = points if row["out"] is None else {}
        row["score"] = index_score(told["index"], points) if row["out"] is None else None
        if (
            row["score"] is not None
            and _answered_share(told["index"], points) < (told["coverage"] or 0) - 1e-9
        ):
            row["score"] = None
    whole = _means(told, rows, {id(row): row["score"] for row in rows})
    for name in scales:
        part = _means(told, rows, {id(row): row["points"].get(name) for row in rows})
        for company, found in part["companies"].items():
            t = _quantile(found["df"], told["level"])
            half = t * math.sqrt(found["V"])
            if found["n"] >= (told["gates"]["n"] or 1):
                whole["companies"][company]["items"][name] = {
                    "n": found["n"],
                    "score": found["score"],
                    "ci_low": max(found["score"] - half, 0.0),
                    "ci_high": min(found["score"] + half, 100.0),
                }
    return whole


def _means(told: dict, rows: list[dict], y: dict[int, float | None]) -> dict:
    """Return means, covariances, degrees of freedom and sizes by company."""
    clustered = told["design"]["psu"] is not None
    stratum = {id(row): row.get("stratum", 0) for row in rows}
    unit = {id(row): (stratum[id(row)], row["psu"] if clustered else row["row"]) for row in rows}
    units: dict = {}
    for row in rows:
        units.setdefault(stratum[id(row)], {})[unit[id(row)]] = None
    units = {h: list(found) for h, found in sorted(units.items())}
    size = dict.fromkeys(units, math.inf)
    if told["design"]["population"]:
        size = {stratum[id(row)]: row["population"] for row in rows}
    n_h = {h: len(found) for h, found in units.items()}
    f = {h: n_h[h] / size[h] for h in units}

    mine: dict[str, list[dict]] = {}
    for row in rows:
        if row["out"] is None and y[id(row)] is not None:
            mine.setdefault(row["company"], []).append(row)
    names = sorted(mine)
    out: dict[str, dict] = {}
    z = {}
    for name in names:
        w = np.array([row["weight"] for row in mine[name]])
        score = np.array([y[id(row)] for row in mine[name]])
        total = w.sum()
        m = (w * score).sum() / total
        z[name] = {}
        for row, part in zip(mine[name], w * (score - m) / total, strict=True):
            z[name][unit[id(row)]] = z[name].get(unit[id(row)], 0.0) + part
        spread = (w * (score - m) ** 2).sum() / total
        out[name] = {
            "n": len(w),
            "score": float(m),
            "s2": float(spread) if spread > 1e-9 else 0.0,
            "kish": float(len(w) * (w * w).sum() / total**2),
            "touched": set(z[name]),
            "items": {},
        }

    cov = _covariance(told, names, z, units, n_h, f)
    for name, c in out.items():
        simple = c["s2"] / c["n"] * len(rows) / (len(rows) - 1)
        c["deff"] = cov[name, name] / simple if c["s2"] > 0 else c["kish"]
        strata = {h for h, _u in c["touched"]}
        c["units"], c["df"] = len(c["touched"]), max(len(c["touched"]) - len(strata), 1)
    k = {name: _small_sample(out[name]["touched"], n_h, f) for name in names}
    cov = {(a, b): v * math.sqrt(k[a] * k[b]) for (a, b), v in cov.items()}
    _stand_in(out, cov)
    for name, c in out.items():
        c["V"] = cov[name, name]
        c["n_eff"] = min(c["n"], c["n"] / c["deff"], c["n"] / c["kish"])
    return {
        "companies": out,
        "cov": cov,
        "design_df": sum(n_h[h] - 1 for h in units),
        "touched": {name: c["touched"] for name, c in out.items()} if clustered else None,
    }


def _covariance(told: dict, names: list[str], z: dict, units: dict, n_h: dict, f: dict) -> dict:
    size = len(names)
    found = np.zeros((size, size))
    everywhere = sum(n_h.values())
    centre = np.array([sum(z[name].values()) / everywhere for name in names])
    lonely = [h for h in units if n_h[h] == 1 and f[h] < 1]
    rule = told["design"]["lonely_psu"]
    for h, there in units.items():
        place = {u: i for i, u in enumerate(there)}
        values = np.zeros((len(there), size))
        for j, name in enumerate(names):
            for u, value in z[name].items():
                if u[0] == h:
                    values[place[u], j] = value
        if n_h[h] > 1:
            apart = values - values.mean(axis=0)
            found += (1 - f[h]) * n_h[h] / (n_h[h] - 1) * apart.T @ apart
        elif h in lonely and rule == "adjust":
            apart = values - centre
            found += (1 - f[h]) * apart.T @ apart
    if lonely and rule == "average":
        found *= len(units) / (len(units) - len(lonely))
    return {(a, b): float(found[i, j]) for i, a in enumerate(names) for j, b in enumerate(names)}


def _small_sample(touched: set, n_h: dict, f: dict) -> float:
    inside: dict = {}
    for h, _u in touched:
        inside[h] = inside.get(h, 0) + 1
    u = sum(inside.values())
    above = below = 0.0
    for h, u_h in inside.items():
        if n_h[h] < 2:
            continue
        a = (1 - f[h]) * n_h[h] / (n_h[h] - 1)
        above += (1 - f[h]) * u_h
        below += a * (u_h * (1 - 1 / u) - u_h * (1 - u_h / u) / n_h[h])
    return max(above / below, 1.0) if below > 0 else 1.0


def _stand_in(out: dict, cov: dict) -> None:
    hidden = {name for name, c in out.items() if c["s2"] == 0 or c["units"] < 2}
    seen = [c for name, c in out.items() if name not in hidden]
    pooled = sum(c["n"] * c["s2"] for c in seen) / sum(c["n"] for c in seen) if seen else 0.0
    for name, c in out.items():
        c["floored"] = name in hidden
        if not c["floored"]:
            continue
        n, m = c["n"], c["score"]
        own = (n * (c["s2"] + m * m) + 5000) / (n + 1) - ((n * m + 50) / (n + 1)) ** 2
        for other in out:
            cov[name, other] = cov[other, name] = 0.0
        cov[name, name] = max(pooled, own) * c["kish"] / n
        c["deff"] = c["kish"]


def _put_through_gates(told: dict, scored: dict) -> None:
    gates, companies = told["gates"], scored["companies"]
    known = [c for c in companies.values() if "s2" in c]
    pooled = sum(c["n"] * c["s2"] for c in known) / sum(c["n"] for c in known) if known else None
    for c in companies.values():
        width = (
            _quantile(c["df"], 0.95) * math.sqrt(c["V"])
            if pooled is None
            else _quantile(c["df"], 0.95) * math.sqrt(pooled / c["n_eff"])
        )
        stopped = [
            c["units"] is not None and c["units"] < 2,
            gates["n_eff"] is not None and c["n_eff"] * (1 + 1e-9) < gates["n_eff"],
            gates["half_width"] is not None and width * (1 - 1e-9) > gates["half_width"],
        ]
        c["status"] = "score_only" if any(stopped) else "ranked"


def _room(x: float) -> float:
    return max(x * (100 - x), R_LEAST)


def _welch(parts: list[tuple[float, float]]) -> float:
    below = sum(a * a / df for a, df in parts if not math.isinf(df))
    return sum(a for a, _df in parts) ** 2 / below if below else math.inf


def _pair(told: dict, scored: dict, j: str, k: str) -> tuple[float, float, float]:
    """Return difference, standard error and degrees of freedom of a pair."""
    a, b = scored["companies"][j], scored["companies"][k]
    cov = scored["cov"][j, k]
    r_j = r_k = 1.0
    if told["items"]:
        r_j = 1.0 if a["floored"] else max(1.0, _room(b["score"]) / _room(a["score"]))
        r_k = 1.0 if b["floored"] else max(1.0, _room(a["score"]) / _room(b["score"]))
    plain = a["V"] + b["V"] - 2 * cov
    tested = max(r_j * a["V"] + r_k * b["V"] - 2 * math.sqrt(r_j * r_k) * cov, plain)
    if scored["touched"] is None:
        most = scored["design_df"]
    else:
        either = scored["touched"][j] | scored["touched"][k]
        most = max(len(either) - len({h for h, _u in either}), 1)
    df = min(_welch([(r_j * a["V"], a["df"]), (r_k * b["V"], b["df"])]), most)
    return a["score"] - b["score"], math.sqrt(tested), df


def _classes(told: dict, scored: dict, ranked: list[str]) -> None:
    companies, g = scored["companies"], len(ranked)
    for j in ranked:
        c, others = companies[j], [k for k in ranked if k != j]
        if g == 2:
            d, se, df = _pair(told, scored, j, others[0])
        else:
            mean = _mean([companies[k]["score"] for k in others])
            r = 1.0
            if told["items"] and not c["floored"]:
                r = max(1.0, _room(mean) / _room(c["score"]))
                if c["s2"] > 0:
                    r = max(r, _mean([companies[k]["s2"] for k in others]) / c["s2"])
            d = c["score"] - mean
            with_others = sum(scored["cov"][j, k] for k in others) / (g - 1)
            of_mean = sum(scored["cov"][k, i] for k in others for i in others) / (g - 1) ** 2
            plain = c["V"] - 2 * with_others + of_mean
            se = math.sqrt(max(r * c["V"] - 2 * math.sqrt(r) * with_others + of_mean, plain))
            parts = [(companies[k]["V"] / (g - 1) ** 2, companies[k]["df"]) for k in others]
            df = min(_welch([(r * c["V"], c["df"]), *parts]), c["df"], scored["design_df"])
        c["difference"], c["difference_se"], c["difference_df"] = d, se, df
        c["p"] = float(2 * _tail(abs(d) / se, df))
    in_order, last = sorted(ranked, key=lambda n: companies[n]["p"]), 0.0
    for i, name in enumerate(in_order):
        times = g - i if g > 2 else 1
        last = min(1.0, max(last, times * companies[name]["p"]))
        companies[name]["p_adjusted"] = last
        apart = last <= 1 - told["level"]
        way = "above" if companies[name]["difference"] > 0 else "below"
        companies[name]["class"] = way if apart else "average"


def _places(told: dict, scored: dict, ranked: list[str]) -> None:
    companies, g = scored["companies"], len(ranked)
    order = sorted(ranked, key=lambda n: -companies[n]["score"])
    z, fewest = np.zeros((g, g)), math.inf
    for j, a in enumerate(order):
        for k, b in enumerate(order):
            if j != k:
                d, se, df = _pair(told, scored, a, b)
                fewest = min(fewest, df)
                z[j, k] = stats.norm.isf(_tail(d / se, df)) if d > 0 else d / se
    assert (g > 2 and fewest >= 100) == (told["draws"] is not None)
    cov = np.array([[scored["cov"][a, b] for b in order] for a in order])
    sd = np.sqrt(np.maximum(np.diag(cov)[:, None] + np.diag(cov)[None, :] - 2 * cov, 0))
    draws = _draw(cov, told["draws"], told["seed"]) if told["draws"] else None

    everyone = ~np.eye(g, dtype=bool)
    better = _step_down(z, everyone, told["level"], draws, sd)
    above, below = better.sum(axis=0), better.sum(axis=1)
    if told["family"] == "marginal":
        for j in range(g):
            own = np.zeros((g, g), dtype=bool)
            own[j, :] = own[:, j] = True
            found = _step_down(z, own & everyone, told["level"], draws, sd)
            above[j], below[j] = found[:, j].sum(), found[j].sum()

    middle = float(np.median([companies[n]["se"] for n in ranked]))
    decimals = 1 - math.floor(math.log10(middle) + 1e-9)
    shown = [_rounded(companies[n]["score"], decimals) for n in order]
    for j, name in enumerate(order):
        rank = 1 + sum(other > shown[j] for other in shown)
        companies[name]["rank"] = rank
        companies[name]["rank_low"] = min(1 + int(above[j]), rank)
        companies[name]["rank_high"] = g - int(below[j])
    scored["top"] = {order[j] for j in range(g) if 1 + better[:, j].sum() <= told["top"]["tau"]}


def _step_down(
    z: np.ndarray, family: np.ndarray, level: float, draws, sd: np.ndarray
) -> np.ndarray:
    out = np.zeros_like(family)
    while (left := family & ~out).any():
        c = _sidak(left, level) if draws is None else _quantile_of_draws(left, level, draws, sd)
        new = left & (z > c)
        if not new.any():
            break
        out |= new
    return out


def _sidak(left: np.ndarray, level: float) -> float:
    both = int((left & left.T).sum()) // 2
    one = int(left.sum()) - 2 * both
    low, high = 0.0, 40.0
    for _i in range(200):
        c = (low + high) / 2
        q = stats.norm.sf(c)
        enough = q < 0.5 and both * math.log1p(-2 * q) + one * math.log1p(-q) > math.log(level)
        low, high = (low, c) if enough else (c, high)
    return high


def _draw(cov: np.ndarray, count: int, seed: int) -> np.ndarray:
    size, axes = np.linalg.eigh(cov)
    root = axes @ np.diag(np.sqrt(np.maximum(size, 0))) @ axes.T
    return np.random.default_rng(seed).standard_normal((count, len(cov))) @ root


def _quantile_of_draws(left: np.ndarray, level: float, draws: np.ndarray, sd: np.ndarray) -> float:
    j, k = np.nonzero(left)
    largest = np.full(len(draws), -np.inf)
    for a, b in zip(j, k, strict=True):
        largest = np.maximum(largest, (draws[:, a] - draws[:, b]) / sd[a, b])
    return float(np.sort(largest)[math.ceil(level * (len(largest) - 1) - 1e-9)])


def _reliability(scored: dict, ranked: list[str]) -> None:
    chosen = [scored["companies"][n] for n in ranked]
    v = [1 / c["V"] for c in chosen]
    centre = sum(w * c["score"] for w, c in zip(v, chosen, strict=True)) / sum(v)
    q = sum(w * (c["score"] - centre) ** 2 for w, c in zip(v, chosen, strict=True))
    between = max(0.0, (q - len(v) + 1) / (sum(v) - sum(w * w for w in v) / sum(v)))
    for c in chosen:
        c["reliability"] = between / (between + c["V"])
    scored["reliability"] = float(np.median([c["reliability"] for c in chosen]))


def _quantile(df: float, level: float) -> float:
    return float(
        stats.norm.isf((1 - level) / 2) if math.isinf(df) else stats.t.isf((1 - level) / 2, df)
    )


def _tail(x: float, df: float) -> float:
    return float(stats.norm.sf(x) if math.isinf(df) else stats.t.sf(x, df))


def _rounded(score: float, decimals: int) -> Decimal:
    return Decimal(f"{score:.12g}").quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


def _mean(values: list[float]) -> float:
    return sum(values) / len(values)
