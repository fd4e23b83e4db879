"""Which file a plan reads."""

from __future__ import annotations

from pathlib import Path

from config.language.problems import InvalidInput, Problem, say
from reports.plans.plan import Plan


def source_file(plan: Plan, plan_file: Path, given: Path | None) -> Path | None:
    """Return the file given on the command line, or the one the plan names, relative to the plan.

    None stands for the platform's database. Raises InvalidInput for a file in the place of a survey
    or campaign, which may only be a snapshot of it.
    """
    if plan.source.file is not None:
        return given or plan_file.parent / plan.source.file
    if given is not None and given.suffix != ".parquet":
        message = say(
            "source.kind {kind} is read from the platform or from a snapshot of it, not from a"
            " file of answers"
        )
        raise InvalidInput(Problem(given.name, message, {"kind": plan.source.kind}))
    return given
