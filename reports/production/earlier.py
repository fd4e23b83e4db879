"""Where the earlier ranking is that a plan compares with."""

from __future__ import annotations

from pathlib import Path

from config.language.problems import InvalidInput, Problem, say
from reports.plans.plan import Plan
from reports.production.models import Report
from reports.ranking.earlier import Earlier, read_earlier


def earlier_of(plan: Plan, folder: Path | None) -> Earlier | None:
    """Return the ranking that a plan compares with, None where it names none: the number of a
    report of the platform, or, for a plan in a folder, the path of a ranking.json or of the folder
    it lies in. Raises InvalidInput where there is none.
    """
    named = plan.further.compare_with
    if named is None:
        return None
    if named.isdecimal():
        report = Report.objects.filter(pk=int(named), kind=Report.Kind.RANKING).first()
        if report is None:
            message = say("the platform has no ranking with the number {number}")
            raise InvalidInput(Problem(f"{plan.file}: compare_with", message, {"number": named}))
        return read_earlier(plan, report.folder)
    if folder is None:
        message = say("must be the number of a ranking of the platform")
        raise InvalidInput(Problem(f"{plan.file}: compare_with", message))
    return read_earlier(plan, folder / named)
