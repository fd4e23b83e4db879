"""The ranking as data: JSON for programs, CSV and Excel for people. The same figures, the same
order.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from functools import partial
from typing import Any

from django.utils.translation import gettext_noop as _

from config.language.languages import in_both, speaking
from config.language.texts import LANGUAGES, Language
from config.tabular import writers
from config.tabular.writers import Worksheet
from reports.publishing.subject import about
from reports.publishing.wording import translate
from reports.ranking import wording
from reports.ranking.earlier import index_digest
from reports.ranking.presenters.beside import Section, sections
from reports.ranking.result import CompanyResult, Ranking

FIELDS = [
    "rank",
    "rank_low",
    "rank_high",
    "name",
    "class",
    "score",
    "ci_low",
    "ci_high",
    "se",
    "n",
    "n_eff",
    "deff",
    "p_adjusted",
    "fragile",
    "status",
    "reason",
    "sample",
]
HEADINGS = {
    "rank": _("Rank"),
    "rank_low": _("First possible place"),
    "rank_high": _("Last possible place"),
    "name": _("Company"),
    "class": _("Class"),
    "score": _("Score"),
    "ci_low": _("Interval from"),
    "ci_high": _("Interval to"),
    "se": _("Standard error"),
    "n": _("Answers (n)"),
    "n_eff": _("Effective sample size"),
    "deff": _("Design effect"),
    "p_adjusted": _("p (Holm)"),
    "fragile": _("Answers that decide the class"),
    "status": _("Status"),
    "reason": _("Reason"),
    "sample": _("Sample"),
}
ITEM_HEADINGS = (
    _("Company"),
    _("Item"),
    _("Answers (n)"),
    _("Score"),
    _("Interval from"),
    _("Interval to"),
)


def as_json(ranking: Ranking) -> bytes:
    """Return ranking.json."""
    with about(ranking.plan.subject):
        content = _content(ranking)
    return (json.dumps(content, ensure_ascii=False, indent=2, allow_nan=False) + "\n").encode()


def _content(ranking: Ranking) -> dict[str, Any]:
    plan = ranking.plan
    return {
        "title": plan.title.as_dict(),
        "plan_hash": plan.hash,
        "sample": plan.sample,
        "companies": [_company(c) for c in ranking.companies],
        "withheld": ranking.manifest.withheld,
        "joined": ranking.manifest.joined,
        "top": {"tau": plan.inference.tau, "members": list(ranking.top)},
        "lines": list(ranking.lines),
        "index": index_digest(plan),
        "beside": _plain(asdict(ranking.beside)),
        "reliability": _short(ranking.reliability),
        "notes": [
            {"code": note.code, **in_both(partial(wording.note, note))} for note in ranking.notes
        ],
    }


def as_csv(ranking: Ranking) -> bytes:
    """Return ranking.csv."""
    return writers.as_csv(FIELDS, (record.values() for record in _records(ranking)))


def as_workbook(ranking: Ranking) -> bytes:
    """Return ranking.xlsx: the ranking, the items of each company, and the notes."""
    with about(ranking.plan.subject):
        return _workbook(ranking)


def _workbook(ranking: Ranking) -> bytes:
    plan, name = ranking.plan, FIELDS.index("name")
    decimals = "0." + "0" * ranking.decimals if ranking.decimals else "0"
    shown = {FIELDS.index(field): decimals for field in ("score", "ci_low", "ci_high")}
    companies = Worksheet(
        _in_one_line(_("Ranking")),
        [_in_two_lines(HEADINGS[field]) for field in FIELDS],
        (record.values() for record in _records(ranking)),
        widths={name: 32},
        formats=shown,
        frozen=name + 1,
        filtered=True,
    )
    items = Worksheet(
        _in_one_line(_("Items")),
        [_in_two_lines(heading) for heading in ITEM_HEADINGS],
        _items(ranking),
        widths={0: 32, 1: 32},
        formats=dict.fromkeys((3, 4, 5), decimals),
    )
    notes = Worksheet(
        _in_one_line(_("Notes")),
        ["中文", "English"],
        (in_both(partial(wording.note, note)).values() for note in ranking.notes),
        widths={0: 60, 1: 60},
    )
    made = [companies, items, notes] if plan.items else [companies, notes]
    made += _beside(ranking)
    return writers.workbook(made, title=plan.title.zh, day=plan.date)


def _items(ranking: Ranking) -> Iterator[tuple[str | float | None, ...]]:
    for company in ranking.companies:
        for item in company.items:
            label = ranking.plan.items[item.item].label
            words = f"{label.zh} {label.en}"
            yield company.name, words, item.n, item.score, item.ci_low, item.ci_high


def _beside(ranking: Ranking) -> Iterator[Worksheet]:
    """Yield a worksheet for every table beside the ranking, both languages in a cell where they
    differ.
    """
    chinese, english = (_sections(ranking, language) for language in LANGUAGES)
    for zh, en in zip(chinese, english, strict=True):
        for number, (one, other) in enumerate(zip(zh.grids, en.grids, strict=True), start=1):
            columns = zip(one.columns, other.columns, strict=True)
            yield Worksheet(
                f"{zh.title} {number}" if len(zh.grids) > 1 else zh.title,
                [f"{a.heading}\n{b.heading}" for a, b in columns],
                (map(_both, *rows) for rows in zip(one.rows, other.rows, strict=True)),
                widths={0: 32},
            )


def _sections(ranking: Ranking, language: Language) -> list[Section]:
    with speaking(language):
        return list(sections(ranking, language))


def _both(zh: Any, en: Any) -> Any:
    return f"{zh} {en}" if isinstance(zh, str) and zh != en else zh


def _company(c: CompanyResult) -> dict[str, Any]:
    return {
        "name": c.name,
        "n": c.n,
        "n_eff": _short(c.n_eff),
        "deff": _short(c.deff),
        "score": _short(c.score),
        "se": _short(c.se),
        "df": _short(c.df),
        "ci_low": _short(c.ci_low),
        "ci_high": _short(c.ci_high),
        "rank": c.rank,
        "rank_low": c.rank_low,
        "rank_high": c.rank_high,
        "class": c.cls,
        "p_adjusted": _short(c.p_adjusted),
        "fragile": c.fragile,
        "status": c.status,
        "reason": ", ".join(c.reasons) or None,
    }


def _plain(value: Any) -> Any:
    """Return records as JSON has them; words by their language tags, numbers without rounding
    noise, nothing for what was not asked for.
    """
    if isinstance(value, dict):
        if set(value) == {"zh", "en"}:
            return {"zh-Hans": value["zh"], "en": value["en"]}
        return {key: _plain(one) for key, one in value.items() if one is not None}
    if isinstance(value, (list, tuple)):
        return [_plain(one) for one in value]
    return _short(value) if isinstance(value, float) else value


def _records(ranking: Ranking) -> list[dict[str, Any]]:
    companies = [{**_company(c), "sample": ranking.plan.sample} for c in ranking.companies]
    return [{field: company[field] for field in FIELDS} for company in companies]


def _short(number: float | None) -> float | None:
    """Drop the digits that are rounding noise, so that 79 does not read 79.00000000000001."""
    return None if number is None else float(f"{number:.12g}")


def _in_one_line(words: str) -> str:
    return " ".join(in_both(partial(translate, words)).values())


def _in_two_lines(words: str) -> str:
    return "\n".join(dict.fromkeys(in_both(partial(translate, words)).values()))
