"""The guide to the workbook as a page: docs/questionnaire.md, of whose Markdown it knows what that
document needs and no more.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from config.language.texts import Language

DOCS = Path(__file__).resolve().parents[2] / "docs"
FILES: dict[Language, str] = {"en": "questionnaire.md", "zh-Hans": "questionnaire.zh-CN.md"}
LINE_END = "\n"
BETWEEN_SIGNS = re.compile(r"(?<=[\u3000-\uffef])\n(?=[\u3000-\uffef])")  # no blank in Chinese
MARKS = (
    (re.compile(r"\*([^*]+)\*"), r"<b>\1</b>"),
    (re.compile(r"\[([^]]+)\]\((https://[^)]+)\)"), r'<a href="\2" rel="noreferrer">\1</a>'),
)


@cache
def guide(language: Language) -> SafeString:
    """Return the guide as HTML."""
    text = (DOCS / FILES[language]).read_text(encoding="utf-8")
    return mark_safe("\n".join(map(_block, re.split(r"\n\n+", text.strip()))))


def _block(text: str) -> str:
    lines = text.split("\n")
    heading = re.fullmatch(r"(#{1,3}) (.+)", text)
    if heading:
        level = len(heading[1])
        return f"<h{level}>{_marked(heading[2])}</h{level}>"
    if text.startswith("| "):
        return _table(lines)
    for begin, tag in ((r"- ", "ul"), (r"\d+\. ", "ol")):
        if all(re.match(begin, line) for line in lines):
            items = (f"<li>{_marked(re.sub(begin, '', line, count=1))}</li>" for line in lines)
            return f"<{tag}>{''.join(items)}</{tag}>"
    return f"<p>{_marked(BETWEEN_SIGNS.sub('', text).replace(LINE_END, ' '))}</p>"


def _table(lines: list[str]) -> str:
    head, _rule, *rows = ([cell.strip() for cell in line[1:-1].split("|")] for line in lines)
    body = "".join(_row(cells, "td") for cells in rows)
    table = f"<thead>{_row(head, 'th')}</thead><tbody>{body}</tbody>"
    return f'<div class="wide" tabindex="0"><table>{table}</table></div>'


def _row(cells: list[str], tag: str) -> str:
    return f"<tr>{''.join(f'<{tag}>{_marked(cell)}</{tag}>' for cell in cells)}</tr>"


def _marked(text: str) -> str:
    """Return a line with its code, emphasis and links; what stands inside code is left alone."""
    parts = re.split(r"(`[^`]+`)", text)
    return "".join(_code(part) if part.startswith("`") else _words(part) for part in parts)


def _code(part: str) -> str:
    return f"<code>{escape(part[1:-1])}</code>"


def _words(part: str) -> str:
    text = str(escape(part))
    for mark, html in MARKS:
        text = mark.sub(html, text)
    return text
