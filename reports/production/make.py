"""From a plan, a survey or a campaign to a directory of files; what commands, jobs and the
demonstration call.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from django.utils.translation import gettext as _

from inspections.campaigns.models import Campaign
from reports.data.snapshots.answers import AnswersSnapshot
from reports.data.snapshots.snapshot import Snapshot, freeze
from reports.data.snapshots.take import gather, take
from reports.data.sources.naming import Likeness, proposed
from reports.inspection import files as inspection_files
from reports.inspection import result as inspection
from reports.inspection import snapshot as inspection_snapshot
from reports.plans.plan import Plan
from reports.production.earlier import earlier_of
from reports.publishing import bundle
from reports.ranking import files as ranking_files
from reports.ranking.outlook import joined, proposals
from reports.ranking.result import Ranking, compute
from reports.topline import files as topline_files
from reports.topline import result as topline
from reports.topline import snapshot as topline_snapshot
from surveys.collection import fieldwork
from surveys.collection.models.survey import Survey

# text of what is done now; True where a new step begins, False inside one
Progress = Callable[[str, bool], None]


def make_ranking(
    plan: Plan, file: Path | None, out: Path, progress: Progress, *, folder: Path | None = None
) -> Ranking:
    """Read, freeze, compute, print, write. `file` is None for the platform's database; `folder` is
    that of the plan, None for a plan that lies in none.

    Raises InvalidInput for plan or data, Unproved or FontMissing for a document that must not leave
    the house.
    """
    earlier = earlier_of(plan, folder)
    progress(_("reading %(file)s") % {"file": file.name if file else plan.source.slug}, True)
    plan, snapshot, likely = _frozen(plan, file)
    if file is None:
        survey = Survey.objects.get(slug=plan.source.slug)
        fieldwork.note_frozen(survey=survey, snapshot=snapshot.hash, by=None)
    manifest = snapshot.manifest
    for line in (*joined(manifest), *proposals(likely)):
        progress(line, True)
    progress(
        _("frozen: %(rows)s rows of %(companies)s companies")
        % {"rows": f"{manifest.rows_in:,}", "companies": manifest.companies - manifest.withheld},
        True,
    )
    ranking = compute(plan, snapshot, partial(_computing, progress), earlier)
    bundle.write(ranking_files.make(ranking, snapshot, partial(_setting, progress)), out)
    progress(_("written"), True)
    return ranking


def _frozen(plan: Plan, file: Path | None) -> tuple[Plan, Snapshot, list[Likeness]]:
    """Return plan and snapshot, and the names of a file that may be one company."""
    if file is None or file.suffix == ".parquet":
        return (*take(plan, file), [])
    plan, table = gather(plan, file)
    return plan, freeze(plan, table), proposed(table.rows_of_companies(), plan.company.aliases)


def make_topline(
    source: Survey | AnswersSnapshot, out: Path, progress: Progress
) -> topline.Topline:
    """Freeze a survey, or take what was frozen, compute and print its topline, write it. Raises as
    make_ranking does.
    """
    if isinstance(source, Survey):
        progress(_("reading %(file)s") % {"file": source.slug}, True)
        snapshot = topline_snapshot.freeze(source)
        fieldwork.note_frozen(survey=source, snapshot=snapshot.hash, by=None)
    else:
        snapshot = source
    result = topline.compute(snapshot)
    bundle.write(topline_files.make(result, snapshot, partial(_setting, progress)), out)
    progress(_("written"), True)
    return result


def make_inspection(
    source: Campaign | AnswersSnapshot, out: Path, progress: Progress
) -> inspection.Inspection:
    """Freeze a campaign, or take what was frozen, compute and print its report, write it. Raises
    as make_ranking does.
    """
    if isinstance(source, Campaign):
        progress(_("reading %(file)s") % {"file": source.survey.slug}, True)
        snapshot = inspection_snapshot.freeze(source)
        fieldwork.note_frozen(survey=source.survey, snapshot=snapshot.hash, by=None)
    else:
        snapshot = source
    result = inspection.compute(snapshot)
    bundle.write(inspection_files.make(result, snapshot, partial(_setting, progress)), out)
    progress(_("written"), True)
    return result


def _computing(progress: Progress, stage: str, done: int, all_: int) -> None:
    text = {
        "estimate": _("estimating"),
        "rank": _("drawing rank ranges"),
        "strike": _("trying how many answers each class hangs on"),
    }[stage]
    progress(f"{text}: {done} / {all_}" if done else text, not done)


def _setting(progress: Progress, file: str, page: int) -> None:
    if page:
        progress(_("setting %(file)s: page %(page)s") % {"file": file, "page": page}, False)
    else:
        progress(_("setting %(file)s") % {"file": file}, True)
