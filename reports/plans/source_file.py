"""Which file a plan reads."""

from __future__ import annotations

from pathlib import Path

from config.problems import Problem, Unusable, say
from reports.plans.plan import Plan


def source_file(plan: Plan, plan_file: Path, given: Path | None) -> Path:
    """Return the file given on the command line, or the one the plan names, relative to the plan."""
    if plan.source.file is None:
        words = say("source.kind {kind} is read from the platform's database, which this version does not do yet")
        raise Unusable(Problem(plan.file, words, {"kind": plan.source.kind}))
    return given or plan_file.parent / plan.source.file
