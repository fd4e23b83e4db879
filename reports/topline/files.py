"""The files of a topline: two PDFs, one workbook, the snapshot and the manifest."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import partial

from django.utils.translation import gettext_noop as _

from config.language.languages import in_both, speaking
from config.language.texts import LANGUAGES, Language
from config.tabular.writers import Worksheet, workbook
from reports.data.snapshots.answers import AnswersSnapshot
from reports.publishing import bundle, wording
from reports.publishing.pdf import Printed
from reports.publishing.versions import versions
from reports.topline import presenter
from reports.topline.result import Topline

NAMES = (
    *(f"topline.{language}.pdf" for language in LANGUAGES),
    "topline.xlsx",
    "snapshot.parquet",
    bundle.MANIFEST,
)
FIELDS = (
    _("Question"),
    _("Answer"),
    _("Group"),
    _("Base"),
    _("n"),
    _("Share in percent"),
    _("Mean"),
    _("Interval from"),
    _("Interval to"),
)

TOO_FEW = _("too few answers")


def make(
    topline: Topline,
    snapshot: AnswersSnapshot,
    progress: bundle.Progress = lambda name, page: None,
) -> dict[str, bytes]:
    """Return every file by name. Raises proof.Unproved for a PDF that does not show every share."""
    versions()
    bundle.refuse_undrawable(_words(topline), topline.manifest.about.slug)
    table = as_workbook(topline)
    printed = Printed(
        "reports/topline/topline.html",
        partial(presenter.topline, topline),
        ("publishing/document.css", "publishing/tables.css"),
        date.fromisoformat(topline.manifest.last_day),
        {"topline.xlsx": table},
    )
    files = {"topline.xlsx": table}
    files |= bundle.in_both_languages("topline", printed, partial(_proof, topline), progress)
    files["snapshot.parquet"] = snapshot.content
    return bundle.with_manifest(
        {name: files[name] for name in NAMES if name != bundle.MANIFEST}, snapshot.described()
    )


def as_workbook(topline: Topline) -> bytes:
    """Return topline.xlsx: every share and mean of all and of every group, a line each."""
    survey = topline.manifest.about
    title = " ".join(survey.title.as_dict().values())
    about = [title, *in_both(partial(wording.of_sample, survey.sample)).values()]
    if survey.demonstration:
        about += in_both(partial(wording.translate, wording.DEMONSTRATION)).values()
    sheet = Worksheet(
        "topline",
        ["\n".join(dict.fromkeys(in_both(partial(wording.translate, f)).values())) for f in FIELDS],
        _lines(topline),
        widths=dict.fromkeys((0, 1, 2), 28),
        formats=dict.fromkeys((5, 6, 7, 8), "0.00"),
        frozen=1,
        above=about,
    )
    return workbook([sheet], title=title, day=date.fromisoformat(topline.manifest.last_day))


def _lines(topline: Topline) -> Iterator[tuple[str | float | None, ...]]:
    for result in topline.results:
        label = f"{result.question.label.zh} {result.question.label.en}"
        for cell in (result.whole, *result.groups):
            group = f"{cell.group.label.zh} {cell.group.label.en}"
            if cell.base is None:
                few = " ".join(in_both(partial(wording.translate, TOO_FEW)).values())
                yield label, few, group, None, None, None, None, None, None
                continue
            for choice, share in zip(result.choices, cell.shares, strict=True):
                figures = (100 * share.share, None, 100 * share.low, 100 * share.high)
                yield (
                    label,
                    f"{choice.label.zh} {choice.label.en}",
                    group,
                    cell.base,
                    share.count,
                    *figures,
                )
            if cell.mean:
                yield (
                    label,
                    "均值 mean",
                    group,
                    cell.mean.n,
                    cell.mean.n,
                    None,
                    cell.mean.mean,
                    cell.mean.low,
                    cell.mean.high,
                )


def _words(topline: Topline) -> Iterator[str]:
    survey = topline.manifest.about
    for text in (survey.title, survey.organiser):
        yield from text.as_dict().values()
    for result in topline.results:
        for text in (
            result.question.label,
            *(c.label for c in result.choices),
            *(c.group.label for c in result.groups),
        ):
            yield from text.as_dict().values()


def _proof(topline: Topline, language: Language) -> Iterator[str]:
    with speaking(language):
        for result in topline.results:
            yield result.question.label.get(language)
            yield from (presenter.percent(share.share) for share in result.whole.shares)
