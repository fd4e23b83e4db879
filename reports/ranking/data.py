"""The ranking as data: JSON for programs, CSV and Excel for people. The same figures, the same
order.
"""

from __future__ import annotations

import csv
import io
import json
from datetime import datetime
from functools import partial
from typing import Any

import xlsxwriter
from django.utils.translation import gettext_noop as _

from config.language.languages import in_both
from reports.publishing.wording import translate
from reports.ranking import wording
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


def as_json(ranking: Ranking) -> bytes:
    """Return ranking.json."""
    plan = ranking.plan
    content = {
        "title": plan.title.as_dict(),
        "plan_hash": plan.hash,
        "sample": plan.sample,
        "companies": [_company(c) for c in ranking.companies],
        "withheld": ranking.manifest.withheld,
        "top": {"tau": plan.inference.tau, "members": list(ranking.top)},
        "lines": list(ranking.lines),
        "reliability": _short(ranking.reliability),
        "notes": [
            {"code": note.code, **in_both(partial(wording.note, note))} for note in ranking.notes
        ],
    }
    return (json.dumps(content, ensure_ascii=False, indent=2, allow_nan=False) + "\n").encode()


def as_csv(ranking: Ranking) -> bytes:
    """Return ranking.csv: UTF-8 with BOM, so that Excel reads Chinese, and no cell that a
    spreadsheet would execute.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(FIELDS)
    for record in _records(ranking):
        writer.writerow([harmless(v) if isinstance(v, str) else v for v in record.values()])
    return out.getvalue().encode("utf-8-sig")


def as_workbook(ranking: Ranking) -> bytes:
    """Return ranking.xlsx: the ranking, the items of each company, and the notes. Texts are
    written as texts only.
    """
    out = io.BytesIO()
    book = xlsxwriter.Workbook(
        out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    day = ranking.plan.date
    created = datetime(day.year, day.month, day.day)  # noqa: DTZ001  # Excel knows no zones
    book.set_properties({"title": ranking.plan.title.zh, "created": created})
    bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
    decimals = ranking.plan.print.decimals
    shown = book.add_format({"num_format": "0." + "0" * decimals if decimals else "0"})

    sheet = _sheet(book, _("Ranking"), [HEADINGS[field] for field in FIELDS], bold)
    for r, record in enumerate(_records(ranking), start=1):
        for c, (field, value) in enumerate(record.items()):
            _write(sheet, r, c, value, shown if field in ("score", "ci_low", "ci_high") else None)
    sheet.set_column(FIELDS.index("name"), FIELDS.index("name"), 32)
    sheet.freeze_panes(1, FIELDS.index("name") + 1)
    sheet.autofilter(0, 0, len(ranking.companies), len(FIELDS) - 1)

    if ranking.plan.items:
        sheet = _sheet(
            book,
            _("Items"),
            [
                _("Company"),
                _("Item"),
                _("Answers (n)"),
                _("Score"),
                _("Interval from"),
                _("Interval to"),
            ],
            bold,
        )
        r = 0
        for company in ranking.companies:
            for item in company.items:
                r += 1
                label = ranking.plan.items[item.item].label
                row = (
                    company.name,
                    f"{label.zh} {label.en}",
                    item.n,
                    item.score,
                    item.ci_low,
                    item.ci_high,
                )
                for c, value in enumerate(row):
                    _write(sheet, r, c, value, shown if c > 2 else None)
        sheet.set_column(0, 1, 32)

    sheet = _sheet(book, _("Notes"), ["中文", "English"], bold)
    for r, note in enumerate(ranking.notes, start=1):
        for c, text in enumerate(in_both(partial(wording.note, note)).values()):
            sheet.write_string(r, c, text)
    sheet.set_column(0, 1, 60)
    book.close()
    return out.getvalue()


def harmless(text: str) -> str:
    """Return a cell that no spreadsheet takes for a formula (OWASP, CSV injection); full-width
    signs count as well.
    """
    return (
        "'" + text if text.lstrip(" \u3000")[:1] in tuple("=+-@\t\r\n＝＋－＠") and text else text
    )


def _company(c: CompanyResult) -> dict[str, Any]:
    return {
        "name": c.name,
        "n": c.n,
        "n_eff": _short(c.n_eff),
        "deff": _short(c.deff),
        "score": _short(c.score),
        "se": _short(c.se),
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


def _records(ranking: Ranking) -> list[dict[str, Any]]:
    companies = [{**_company(c), "sample": ranking.plan.sample} for c in ranking.companies]
    return [{field: company[field] for field in FIELDS} for company in companies]


def _short(number: float | None) -> float | None:
    """Drop the digits that are rounding noise, so that 79 does not read 79.00000000000001."""
    return None if number is None else float(f"{number:.12g}")


def _sheet(book: Any, name: str, headings: list[str], bold: Any) -> Any:
    titles = in_both(partial(translate, name))
    sheet = book.add_worksheet(" ".join(titles.values()))
    for c, heading in enumerate(headings):
        both = in_both(partial(translate, heading))
        sheet.write_string(0, c, "\n".join(dict.fromkeys(both.values())), bold)
    return sheet


def _write(sheet: Any, row: int, column: int, value: Any, shape: Any) -> None:
    if isinstance(value, str):
        sheet.write_string(row, column, value)
    elif value is not None:
        sheet.write_number(row, column, value, shape)
