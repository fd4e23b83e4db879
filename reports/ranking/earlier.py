"""An earlier ranking that a plan compares with, read from its ranking.json."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from config.language.problems import InvalidInput, Problem, say
from config.language.texts import Text
from reports.plans.plan import Plan

NAME = "ranking.json"


@dataclass(frozen=True)
class EarlierScore:
    """The score of a company as it was published, its standard error and degrees of freedom."""

    score: float
    se: float
    df: float


@dataclass(frozen=True)
class Earlier:
    """A ranking that was published: its title, the SHA-256 of its ranking.json, the digest of its
    index, and every score in it.
    """

    title: Text
    sha256: str
    index: str
    scores: dict[str, EarlierScore]


def read_earlier(plan: Plan, path: Path) -> Earlier:
    """Read ranking.json, or the folder it lies in. Raises InvalidInput for anything else."""
    path = path / NAME if path.is_dir() else path
    place = f"{plan.file}: compare_with"
    if not path.is_file():
        raise InvalidInput(Problem(place, say("there is no {file}"), {"file": path.name}))
    content = path.read_bytes()
    try:
        ranking = json.loads(content)
        title = ranking["title"]
        # one of before degrees of freedom were written has none: they are taken as known
        scores = {
            company["name"]: EarlierScore(
                float(company["score"]), float(company["se"]), float(company.get("df") or "inf")
            )
            for company in ranking["companies"]
            if company["score"] is not None and company["se"] is not None
        }
        about = Text(title["zh-Hans"], title["en"])
    except (ValueError, KeyError, TypeError):
        message = say("{file} is not the ranking.json of a ranking")
        raise InvalidInput(Problem(place, message, {"file": path.name})) from None
    digest = hashlib.sha256(content).hexdigest()
    return Earlier(about, digest, ranking.get("index_digest", ""), scores)


def index_digest(plan: Plan) -> str:
    """Return the SHA-256 of what an index consists of: its items in order, each with its label,
    scale and share. Two rankings of the same index have the same.
    """
    lines = [
        [
            line.label.zh,
            line.depth,
            f"{line.share:.9f}",
            None if line.item is None else list(plan.items[line.item].scale),
        ]
        for line in plan.outline
    ]
    return hashlib.sha256(json.dumps(lines, ensure_ascii=False).encode()).hexdigest()
