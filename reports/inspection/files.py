"""The files of an inspection report: two PDFs, one workbook, the snapshot and the manifest."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from functools import partial
from math import isnan

from config.language.texts import LANGUAGES, Language, Text
from config.tabular.writers import Worksheet, workbook
from reports.data.snapshots.answers import AnswersSnapshot
from reports.inspection import presenter
from reports.inspection.result import EVERY, KIND, UNITS, Count, Inspection
from reports.publishing import bundle
from reports.publishing.pdf import Printed
from reports.publishing.versions import versions

NAMES = (
    *(f"inspection.{language}.pdf" for language in LANGUAGES),
    "inspection.xlsx",
    "snapshot.parquet",
    bundle.MANIFEST,
)
# of a count: what was found of how many; where the sites were drawn, its share of all sites with
# the interval and the exact one, in per cent
COUNT = ("x", "n", "%", "95 % low", "95 % high", "exact low", "exact high", "method")
Row = tuple[str | float, ...]


def make(
    result: Inspection,
    snapshot: AnswersSnapshot,
    progress: bundle.Progress = lambda name, page: None,
) -> dict[str, bytes]:
    """Return every file by name. Raises proof.Unproved for a PDF that does not show every share."""
    versions()
    survey = result.manifest.about
    bundle.refuse_undrawable(
        (wording for text in _printed(result) for wording in text.as_dict().values()), survey.slug
    )
    table = as_workbook(result)
    printed = Printed(
        "reports/inspection/inspection.html",
        partial(presenter.inspection, result),
        ("publishing/document.css", "publishing/tables.css"),
        date.fromisoformat(result.manifest.last_day),
        {"inspection.xlsx": table},
    )
    files = {"inspection.xlsx": table}
    files |= bundle.in_both_languages("inspection", printed, partial(_proof, result), progress)
    files["snapshot.parquet"] = snapshot.content
    return bundle.with_manifest(
        {name: files[name] for name in NAMES if name != bundle.MANIFEST}, snapshot.described()
    )


def as_workbook(result: Inspection) -> bytes:
    """Return inspection.xlsx: sites with findings by everything they belong to, every item in each
    of these groups as faults and as compliance, agreement, revisits and evidence.
    """
    found, items = (
        ("分组 by", "组 group"),
        ("分组 by", "组 group", "要求 requirement", "问题 fault"),
    )
    agreement = ("要求 requirement", "n", "%", "kappa", "alpha", "95 % low", "95 % high", "AC1")
    revisits = ("场所 sites", "有发现 with findings", "复访 seen again", *_outcomes(result))
    parts = (
        Worksheet("有发现的场所 sites", (*found, *COUNT), _found(result), widths={1: 30}),
        Worksheet(
            "问题 faults", (*items, *COUNT), _items(result, met=False), widths={1: 30, 2: 34, 3: 44}
        ),
        Worksheet(
            "达标 compliance",
            (*items, *COUNT),
            _items(result, met=True),
            widths={1: 30, 2: 34, 3: 44},
        ),
        Worksheet("一致性 agreement", agreement, _agreement(result), widths={0: 44}),
        Worksheet("回头看 revisits", revisits, _revisits(result), widths={0: 30}),
        Worksheet("证据 evidence", ("", ""), _evidence(result), widths={0: 44, 1: 70}),
    )
    return workbook(parts, day=date.fromisoformat(result.manifest.last_day))


def _printed(result: Inspection) -> Iterator[Text]:
    survey = result.manifest.about
    yield from (survey.title, survey.organiser)
    yield from (line.label for line in (*result.found, *result.topics))
    for item in result.items:
        yield from (item.fault, item.requirement)
    yield from (group.label for groups in result.groups.values() for group in groups)


def _found(result: Inspection) -> Iterator[Row]:
    for line in result.found:
        yield _in_both(KIND), _in_both(line.label), *_cells(line.counts[0])
    for unit, groups in result.groups.items():
        for group in groups:
            yield _in_both(UNITS[unit]), _in_both(group.label), *_cells(group.found)


def _items(result: Inspection, *, met: bool) -> Iterator[Row]:
    """Yield every item in every group: how often it was not met, or how often it was."""
    for item in result.items:
        words = _in_both(item.requirement), _in_both(item.fault)
        for label, count in zip((EVERY, *result.kinds), item.counts, strict=True):
            if count:
                yield _in_both(KIND), _in_both(label), *words, *_cells(count, met=met)
        for unit, groups in result.groups.items():
            for group in groups:
                if count := group.items.get(item.name):
                    where = _in_both(UNITS[unit]), _in_both(group.label)
                    yield *where, *words, *_cells(count, met=met)


def _cells(count: Count | None, *, met: bool = False) -> Row:
    """Return the cells of COUNT; met: of the sites that had no fault, the interval turned round."""
    if count is None:
        return ("",) * len(COUNT)
    x = count.n - count.x if met else count.x
    told = count.prevalence
    if told is None:
        return (x, count.n, *[""] * (len(COUNT) - 2))
    shares: Iterable[float] = (told.share, told.low, told.high, *told.exact)
    if met:
        share, low, high, least, most = shares
        shares = (1 - share, 1 - high, 1 - low, 1 - most, 1 - least)
    return (x, count.n, *(100 * part for part in shares), told.method)


def _agreement(result: Inspection) -> Iterator[Row]:
    labels = {item.name: _in_both(item.requirement) for item in result.items}
    for one in result.agreement:
        figures = (100 * one.percent, one.kappa, one.alpha, one.low, one.high, one.ac1)
        yield labels[one.item], one.pairs, *("" if isnan(f) else f for f in figures)


def _outcomes(result: Inspection) -> tuple[str, ...]:
    names = tuple(result.revisits[0].outcomes) if result.revisits else ()
    return (*names, "undecided", "fixed %", "95 % low", "95 % high")


def _revisits(result: Inspection) -> Iterator[Row]:
    for line in result.revisits:
        fixed: Row = ("", "", "")
        if line.fixed and line.fixed.interval:
            share = line.fixed.x / line.fixed.n
            fixed = tuple(100 * part for part in (share, *line.fixed.interval))
        counts = (line.failed, line.again, *line.outcomes.values(), line.undecided)
        yield _in_both(line.label), *counts, *fixed


def _evidence(result: Inspection) -> Iterator[Row]:
    evidence = result.manifest.more["evidence"]
    for name in ("originals", "missing", "sealed", "events", "visits", "root"):
        yield name, evidence[name]
    for number in evidence["certificates"]:
        yield "certificate", number
    for day in evidence["days"]:
        yield f"root of {day['day']}", day["hash"]


def _in_both(text: Text) -> str:
    return text.zh if text.zh == text.en else f"{text.zh} {text.en}"


def _proof(result: Inspection, language: Language) -> Iterator[str]:
    for line in (*result.found, *result.topics):
        yield line.label.get(language)
        yield from (presenter.written(count) for count in line.counts)
    for item in result.items:
        yield item.fault.get(language)
        yield presenter.of(item.counts[0])
    yield from (presenter.fixed(line) for line in result.revisits if line.again)
    yield result.manifest.more["evidence"]["root"]
