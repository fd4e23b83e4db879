"""The files of a ranking: two PDFs, CSV, XLSX, JSON, the snapshot and the manifest."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from config.language.texts import LANGUAGES, Language
from reports.data.snapshots.snapshot import Manifest, Snapshot
from reports.plans.plan import Plan
from reports.publishing import bundle
from reports.publishing.pdf import Printed
from reports.publishing.versions import versions
from reports.ranking import data
from reports.ranking.presenters.report import report
from reports.ranking.result import Ranking
from reports.statistics.comparing.places import written

NAMES = (
    *(f"ranking.{language}.pdf" for language in LANGUAGES),
    "ranking.csv",
    "ranking.xlsx",
    "ranking.json",
    "plan.yaml",
    "snapshot.parquet",
    bundle.MANIFEST,
)


def make(
    ranking: Ranking, snapshot: Snapshot, progress: bundle.Progress = lambda name, page: None
) -> dict[str, bytes]:
    """Return every file by name. Raises proof.Unproved for a PDF that does not show what it should.

    `progress(name, page)` is called for each PDF, with page 0 when it begins.
    """
    refuse_unprintable(ranking.plan, ranking.manifest, [c.name for c in ranking.companies])
    files = {
        "plan.yaml": ranking.plan.content,
        "ranking.json": data.as_json(ranking),
        "ranking.csv": data.as_csv(ranking),
        "ranking.xlsx": data.as_workbook(ranking),
        "snapshot.parquet": snapshot.content,
    }
    files |= bundle.in_both_languages(
        "ranking", as_printed(ranking, files), partial(_proof, ranking), progress
    )
    made = bundle.with_manifest(
        {name: files[name] for name in NAMES if name != bundle.MANIFEST}, _about(ranking)
    )
    return {name: made[name] for name in NAMES}


def refuse_unprintable(plan: Plan, manifest: Manifest, names: Sequence[str]) -> None:
    """Raise InvalidInput for words that the fonts of the report cannot draw, and
    versions.FontMissing where the fonts are not there: before anything is computed.
    """
    versions()
    bundle.refuse_undrawable(_words(plan, manifest, names), manifest.source)


def as_printed(ranking: Ranking, files: dict[str, bytes]) -> Printed:
    """Return what is printed of a ranking; its tables are attached."""

    def wording(language: Language) -> dict[str, object]:
        return report(ranking, language)

    attached = {name: files[name] for name in ("ranking.csv", "ranking.json")}
    return Printed(
        "reports/ranking/ranking.html",
        wording,
        ("publishing/document.css", "ranking/ranking.css"),
        ranking.plan.date,
        attached,
    )


def _words(plan: Plan, manifest: Manifest, names: Sequence[str]) -> Iterator[str]:
    """Go through the words that come from outside and are printed."""
    yield from names
    yield from manifest.english.values()
    for spellings in manifest.joined.values():
        yield from spellings
    for text in (
        plan.title,
        plan.publisher,
        plan.contact,
        *plan.disclosure.values(),
        *(line.label for line in plan.outline),
    ):
        yield from text.as_dict().values() if text else ()


def _proof(ranking: Ranking, language: Language) -> Iterator[str]:
    for company in ranking.companies:
        yield ranking.called(company.name, language)
        if company.score is not None:
            yield written(company.score, ranking.decimals)


def _about(ranking: Ranking) -> dict[str, object]:
    plan, frozen = ranking.plan, ranking.manifest
    return {
        "plan": {"file": plan.file, "sha256": plan.hash, "date": plan.date.isoformat()},
        "snapshot": {"sha256": ranking.snapshot_hash},
        "source": {"file": frozen.source, "sha256": frozen.source_sha256},
        "seed": plan.inference.seed,
        "rows": {"read": frozen.rows_read, "in": frozen.rows_in, "out": frozen.rows_out},
        "companies": {"found": frozen.companies, "withheld": frozen.withheld},
    }
