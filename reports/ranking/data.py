"""The ranking as data: JSON for programs, CSV and Excel for people. The same figures, the same
order, and no place that the document does not print.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from functools import partial
from typing import Any

from django.utils.translation import gettext_noop as _

from config.language.languages import in_both, speaking, spoken
from config.language.texts import LANGUAGES, Language, Text
from config.tabular import writers
from config.tabular.writers import Worksheet
from reports.data.sources.table import item_column
from reports.plans.plan import Dimension, Plan
from reports.publishing.subject import about
from reports.publishing.wording import DEMONSTRATION, of_sample, translate
from reports.ranking import wording
from reports.ranking.earlier import index_digest
from reports.ranking.presenters import figures, method
from reports.ranking.presenters.beside import Section, sections
from reports.ranking.presenters.formulas import formulas
from reports.ranking.presenters.rows import in_bands
from reports.ranking.result import CompanyResult, Ranking
from reports.statistics.index.scoring import Branch, Leaf

# of ranking.json; a number that goes up when a field is renamed or means something else
SCHEMA = {"name": "mingcha.ranking", "version": 2}

HEADINGS = {
    "class": _("Class"),
    "name": _("Company"),
    "name_en": _("Company in English"),
    "score": _("Score"),
    "ci_low": _("Interval from"),
    "ci_high": _("Interval to"),
    "places": _("Possible places"),
    "se": _("Standard error"),
    "df": _("Degrees of freedom"),
    "n": _("Answers (n)"),
    "n_eff": _("Effective sample size"),
    "deff": _("Design effect"),
    "p_adjusted": _("p (Holm)"),
    "fragile": _("Answers that decide the class"),
    "reason": _("Why without rank"),
}
IN_WORDS = ("class", "reason")  # a column for each language in CSV
ITEM_HEADINGS = (
    _("Company"),
    _("Item"),
    _("Answers (n)"),
    _("Score"),
    _("Interval from"),
    _("Interval to"),
)
# the columns of snapshot.parquet
COLUMNS = {
    "row": _("number of the row in the source"),
    "out": _(
        "why the row counts for no company, empty where it counts; it still is a sampled unit"
    ),
    "company": _("the company; empty where the row does not count"),
    "stratum": _("code of the stratum"),
    "psu": _("code of the sampled place; the same code in two strata is two places"),
    "population": _("number of units in the whole stratum"),
    "weight": _("weight of the row"),
    "value": _("the value as given"),
    "se": _("its standard error as given"),
    "n": _("number of answers as given"),
}


def as_json(ranking: Ranking) -> bytes:
    """Return ranking.json: with plan.yaml and snapshot.parquet all that a stranger needs to work
    every printed number out again.
    """
    with about(ranking.plan.subject):
        content = _content(ranking)
    return (json.dumps(content, ensure_ascii=False, indent=2, allow_nan=False) + "\n").encode()


def _content(ranking: Ranking) -> dict[str, Any]:
    plan, frozen, how = ranking.plan, ranking.manifest, ranking.plan.inference
    return {
        "schema": SCHEMA,
        "title": plan.title.as_dict(),
        "publisher": _words(plan.publisher),
        "date": plan.date.isoformat(),
        "demonstration": plan.demonstration,
        "sample": plan.sample,
        "sample_sentence": in_both(partial(of_sample, plan.sample)),
        "plan_hash": plan.hash,
        "plan": {"file": "plan.yaml", "sha256": plan.hash},
        "level": how.level,
        "family": how.family,
        "draws": how.draws if ranking.drawn else None,
        "seed": how.seed if ranking.drawn else None,
        "decimals": ranking.decimals,
        "average": _short(ranking.average),
        "design_df": _short(ranking.design_df),
        "design": {
            "strata": plan.design.strata,
            "psu": plan.design.psu,
            "weight": plan.design.weight,
            "population": plan.design.population,
            "lonely_psu": plan.design.lonely_psu,
        },
        "gates": {
            "n": plan.gates.n,
            "n_eff": plan.gates.n_eff,
            "half_width": plan.gates.half_width,
        },
        "coverage": plan.coverage,
        "index": index(plan),
        "items": [
            {
                "item": item_column(i),
                "column": item.column,
                "label": item.label.as_dict(),
                "scale": list(item.scale),
                "average": _short(ranking.item_averages[i]),
            }
            for i, item in enumerate(plan.items)
        ],
        "companies": [_company(ranking, c) for c in ranking.companies],
        "withheld": frozen.withheld,
        "joined": frozen.joined,
        "top": {"tau": how.tau, "members": list(ranking.top)},
        "lines": list(ranking.lines),
        "index_digest": index_digest(plan),
        "beside": _plain(asdict(ranking.beside)),
        "reliability": _short(ranking.reliability),
        "rows": {
            "read": frozen.rows_read,
            "in": frozen.rows_in,
            "out": [
                {"code": code, "rows": count, **_out(code, plan)}
                for code, count in frozen.rows_out.items()
            ],
        },
        "snapshot": {
            "file": "snapshot.parquet",
            "sha256": ranking.snapshot_hash,
            "columns": dict(_dictionary(plan)),
        },
        "method": _method(ranking),
        "notes": [
            {"code": note.code, **in_both(partial(wording.note, note))} for note in ranking.notes
        ],
    }


def as_csv(ranking: Ranking) -> bytes:
    """Return ranking.csv; the title, the sentence on the sample and the mark of a demonstration
    stand in every row, so that none is ever without.
    """
    with about(ranking.plan.subject):
        return _csv(ranking)


def _csv(ranking: Ranking) -> bytes:
    plan = ranking.plan
    heads = [
        head
        for field in HEADINGS
        for head in (_by_language(field) if _in_words(field) else [field])
    ]
    every_row = {
        **_tagged("title", plan.title.as_dict()),
        **_tagged("sample", in_both(partial(of_sample, plan.sample))),
        **_tagged("demonstration", _demonstration(plan)),
    }
    rows = ([*_cells(ranking, c), *every_row.values()] for c in in_bands(ranking))
    return writers.as_csv([*heads, *every_row], rows)


def as_workbook(ranking: Ranking) -> bytes:
    """Return ranking.xlsx: the ranking, the items of each company, and the notes."""
    with about(ranking.plan.subject):
        return _workbook(ranking)


def _workbook(ranking: Ranking) -> bytes:
    plan, fields = ranking.plan, list(HEADINGS)
    decimals = "0." + "0" * ranking.decimals if ranking.decimals else "0"
    exact = {"se": f"{decimals}{'0' if ranking.decimals else '.0'}", "df": "0.0", "n_eff": "0"}
    exact |= {"deff": "0.00", "p_adjusted": "0.000"}
    shown = dict.fromkeys(("score", "ci_low", "ci_high"), decimals) | exact
    above = [
        " ".join(plan.title.as_dict().values()),
        *_said(in_both(partial(of_sample, plan.sample))),
    ]
    above += _said(_demonstration(plan))
    companies = Worksheet(
        _in_one_line(_("Comparison")),
        [_in_two_lines(heading) for heading in HEADINGS.values()],
        (_cells(ranking, c, together=True) for c in in_bands(ranking)),
        widths={fields.index("class"): 30, fields.index("name"): 32, fields.index("name_en"): 32},
        formats={fields.index(field): shape for field, shape in shown.items()},
        frozen=fields.index("name_en") + 1,
        filtered=True,
        above=above,
    )
    items = Worksheet(
        _in_one_line(_("Items")),
        [_in_two_lines(heading) for heading in ITEM_HEADINGS],
        _items(ranking),
        widths={0: 32, 1: 32},
        formats=dict.fromkeys((3, 4, 5), decimals),
        above=above,
    )
    notes = Worksheet(
        _in_one_line(_("Notes")),
        ["中文", "English"],
        (in_both(partial(wording.note, note)).values() for note in ranking.notes),
        widths={0: 60, 1: 60},
        above=above,
    )
    made = [companies, items, notes] if plan.items else [companies, notes]
    made += _beside(ranking)
    return writers.workbook(made, title=plan.title.zh, day=plan.date)


def index(plan: Plan) -> list[dict[str, Any]]:
    """Return the index as a tree: label, weight among its siblings, share of the whole, and either
    children or the column of snapshot.parquet.
    """
    return _branch(plan.tree, iter(plan.outline)) if plan.tree else []


def _branch(branch: Branch, outline: Iterator[Dimension]) -> list[dict[str, Any]]:
    nodes = []
    for child in branch.children:
        line = next(outline)
        node: dict[str, Any] = {
            "label": line.label.as_dict(),
            "weight": child.weight,
            "share": _short(line.share),
        }
        if isinstance(child, Leaf):
            node["item"] = item_column(child.item)
        else:
            node["children"] = _branch(child, outline)
        nodes.append(node)
    return nodes


def _dictionary(plan: Plan) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield what each column of the snapshot holds."""
    absent = {
        "stratum": not plan.design.strata,
        "psu": not plan.design.psu,
        "population": not plan.design.population,
        "weight": plan.estimates is not None,
        "value": plan.estimates is None,
        "se": plan.estimates is None,
        "n": plan.estimates is None or not plan.estimates.n,
    }
    for name, words in COLUMNS.items():
        if not absent.get(name):
            yield name, in_both(partial(translate, words))
    for i, item in enumerate(plan.items):
        yield item_column(i), item.label.as_dict()


def _method(ranking: Ranking) -> list[dict[str, Any]]:
    """Return the printed method, term by term."""
    said = {}
    for language in LANGUAGES:
        with speaking(language):
            said[language] = [*method.method(ranking, language), *formulas(ranking)]
    zh, en = said["zh-Hans"], said["en"]
    return [
        {"term": {"zh-Hans": one[0], "en": two[0]}, "text": {"zh-Hans": one[1], "en": two[1]}}
        for one, two in zip(zh, en, strict=True)
    ]


def _out(code: str, plan: Plan) -> dict[str, str]:
    return in_both(lambda: wording.out(code, plan, spoken()))


def _words(text: Text | None) -> dict[str, str] | None:
    return text.as_dict() if text else None


def _items(ranking: Ranking) -> Iterator[tuple[str | float | None, ...]]:
    for company in in_bands(ranking):
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


def _company(ranking: Ranking, c: CompanyResult) -> dict[str, Any]:
    return {
        "name": c.name,
        "name_en": ranking.manifest.english.get(c.name),
        "n": c.n,
        "n_eff": _short(c.n_eff),
        "deff": _short(c.deff),
        "score": _short(c.score),
        "se": _short(c.se),
        "df": _short(c.df),
        "floored": c.floored,
        "ci_low": _short(c.ci_low),
        "ci_high": _short(c.ci_high),
        "rank": c.rank,
        "rank_low": c.rank_low,
        "rank_high": c.rank_high,
        "class": c.cls,
        "difference": _short(c.difference),
        "difference_se": _short(c.difference_se),
        "difference_df": _short(c.difference_df),
        "p": _short(c.p),
        "p_adjusted": _short(c.p_adjusted),
        "reliability": _short(c.reliability),
        "fragile": c.fragile,
        "status": c.status,
        "reason": ", ".join(c.reasons) or None,
        "items": [
            {
                "item": item_column(item.item),
                "n": item.n,
                "score": _short(item.score),
                "ci_low": _short(item.ci_low),
                "ci_high": _short(item.ci_high),
            }
            for item in c.items
        ],
    }


def _cells(ranking: Ranking, c: CompanyResult, *, together: bool = False) -> list[Any]:
    """Return the cells of a company under `HEADINGS`; words of both languages in one cell, or in
    two.
    """
    record = {
        **_company(ranking, c),
        "places": figures.places(c),
        "class": in_both(partial(wording.of_class, c)),
        "reason": in_both(partial(wording.reasons, c.reasons)),
    }
    cells: list[Any] = []
    for field in HEADINGS:
        if not _in_words(field):
            cells.append(record[field])
        elif together:
            cells.append(" ".join(filter(None, record[field].values())))
        else:
            cells += record[field].values()
    return cells


def _in_words(field: str) -> bool:
    return field in IN_WORDS


def _by_language(field: str) -> list[str]:
    return list(_tagged(field, {"zh-Hans": "", "en": ""}))


def _tagged(field: str, words: dict[str, str]) -> dict[str, str]:
    """Return words by the name of their column: title_zh, title_en."""
    return {f"{field}_{language[:2]}": text for language, text in words.items()}


def _demonstration(plan: Plan) -> dict[str, str]:
    said = in_both(partial(translate, DEMONSTRATION))
    return said if plan.demonstration else dict.fromkeys(said, "")


def _said(words: dict[str, str]) -> list[str]:
    return [text for text in words.values() if text]


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


def _short(number: float | None) -> float | None:
    """Drop the digits that are rounding noise, so that 79 does not read 79.00000000000001."""
    return None if number is None else float(f"{number:.12g}")


def _in_one_line(words: str) -> str:
    return " ".join(in_both(partial(translate, words)).values())


def _in_two_lines(words: str) -> str:
    return "\n".join(dict.fromkeys(in_both(partial(translate, words)).values()))
