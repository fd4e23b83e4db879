"""Why a plan cannot be used, by its key: what the validator says at once, and what only the answers
show, which the job keeps so that the form of the plan says it at its field.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext

from config.language.languages import in_both, spoken
from config.language.problems import Place, Problem
from reports.plans.plan import Plan

# a problem of a plan stands at "plan.yaml:12: gates.n", or without a line
OF_PLAN = re.compile(r"[^:]+(?::\d+)?: (.+)")


@dataclass(frozen=True)
class Refused:
    """What is wrong, in the language of whoever looks; key: of the plan, "" for none."""

    key: str
    text: str


def told(problems: Iterable[Problem], plan: Plan | None = None) -> Iterator[Refused]:
    """Yield problems by the key of the plan that they are about; a cell of a column is about the
    key that names the column.
    """
    named = dict(plan.columns) if plan else {}
    for problem in problems:
        at = OF_PLAN.fullmatch(problem.place)
        if isinstance(problem.place, Place):
            at = OF_PLAN.fullmatch(named.get(str(problem.place.values.get("column")), ""))
            yield Refused(at[1] if at else "", problem.render(gettext))
        elif at:
            yield Refused(at[1], gettext(problem.text).format(**problem.values))
        else:
            yield Refused("", problem.render(gettext))


def keep(report_id: int, problems: Iterable[Problem], plan: Plan) -> None:
    """Keep why the answers do not fit a plan, in both languages."""
    said = in_both(lambda: [(one.key, one.text) for one in told(problems, plan)])
    path = _path(report_id)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(said, ensure_ascii=False), encoding="utf-8")


def kept(report_id: int) -> list[Refused]:
    """Return why a ranking could not be made of the answers, nothing where something else
    happened.
    """
    path = _path(report_id)
    if not path.is_file():
        return []
    return [Refused(*one) for one in json.loads(path.read_text(encoding="utf-8"))[spoken()]]


def _path(report_id: int) -> Path:
    return Path(settings.VAR) / "reports" / "refused" / f"{report_id}.json"
