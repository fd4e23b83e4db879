"""What XLSForm allows to be said in one word, written out: or_other becomes a choice and a
question, a loop its groups, a list outside a list. Rows that are added keep the number of theirs.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from config.language.problems import Problem, say
from surveys.questionnaires.workbook import EXPRESSIONS, Row, Workbook

OR_OTHER = re.compile(r"\s+or[_ ](?:specify )?other$", re.IGNORECASE)
OTHER = {"label::zh": "其他", "label::en": "Other"}
WHICH = {"label::zh": "请写明是什么", "label::en": "Please say which"}
LOOP = re.compile(r"begin[_ ]loop over (\S+)$", re.IGNORECASE)
TIMES = ("start", "end", "today")  # of the interview: the platform knows them
# what a phone would say of itself or of its owner; nothing of it is collected
PARADATA = (
    "deviceid",
    "username",
    "email",
    "phonenumber",
    "simserial",
    "subscriberid",
    "uri:deviceid",
    "uri:username",
    "uri:email",
    "uri:phonenumber",
    "uri:simserial",
    "uri:subscriberid",
    "audit",
    "background-audio",
    "background-geopoint",
    "start-geopoint",
)
OWN = re.compile(r"_[\w.\-]*")  # Kobo makes _1_How_old of “1. How old”
PATH = re.compile(r"/([^\W\d][\w.\-]*)")
REFERENCE = re.compile(r"\$\{\s*([^}]*?)\s*\}")


def expand(book: Workbook) -> tuple[Workbook, list[Problem]]:
    """Return the workbook with everything written out, and what its author should know of that."""
    notices: list[Problem] = []
    book = _without_platforms_names(book, notices)
    survey: Iterable[Row] = _looped(list(book.rows("survey")), book)
    survey = (_named(row) for row in survey)
    named = referred(book)
    survey = _without_paradata(survey, named, notices)
    survey = _without_last_saved(survey, notices)
    survey = _each_its_name(list(survey), named, notices)
    lists = {OR_OTHER.sub("", row.list_name) for row in book.rows("survey") if _has_other(row)}
    lines = tuple(line for row in survey for line in _lines(row, book))
    choices = [*book.rows("choices"), *book.rows("external_choices")]
    for name in sorted(lists):
        own = [row for row in choices if row.get("list_name") == name]
        if own and all(row.get("name") != "other" for row in own):
            cells = {"list_name": name, "name": "other", **_said(OTHER, book, "choices")}
            choices.append(replace(own[-1], cells=cells))
    sheets = {**book.sheets, "survey": lines, "choices": tuple(choices)}
    return replace(book, sheets=sheets), notices


def referred(book: Workbook) -> set[str]:
    """Return every name that a cell refers to as ${name}, or an expression as /data/name."""
    return _referred(row for sheet in ("survey", "choices", "settings") for row in book.rows(sheet))


def _referred(rows: Iterable[Row]) -> set[str]:
    found: set[str] = set()
    for row in rows:
        for heading, cell in row.cells.items():
            found.update(REFERENCE.findall(cell))
            if heading in EXPRESSIONS:
                found.update(PATH.findall(cell))
    return found


def _without_platforms_names(book: Workbook, notices: list[Problem]) -> Workbook:
    """Give another name to what begins with _, as the platform's own columns of answers do."""
    taken = Counter(row.get("name") for row in book.rows("survey"))
    names: dict[str, str] = {}
    for row in book.rows("survey"):
        name = row.get("name")
        if name in names or not OWN.fullmatch(name):
            continue
        names[name] = _free(f"q{name}", [], taken)
        message = say("names that begin with _ are the platform's own; {name} is kept as {new}")
        values = {"name": name, "new": names[name]}
        notices.append(Problem(row.place("name"), message, values, warning=True))
    sheets = {
        sheet: tuple(_renamed(row, names) for row in rows) for sheet, rows in book.sheets.items()
    }
    return replace(book, sheets=sheets) if names else book


def _renamed(row: Row, names: Mapping[str, str]) -> Row:
    """Return a row with other names, wherever it bears them or refers to them."""
    return replace(row, cells={h: _rewritten(row, h, cell, names) for h, cell in row.cells.items()})


def _rewritten(row: Row, heading: str, cell: str, names: Mapping[str, str]) -> str:
    bears = {"survey": "name", "indicators": "question"}.get(row.sheet)
    if heading == bears:
        return names.get(cell, cell)
    cell = REFERENCE.sub(lambda found: f"${{{names.get(found[1], found[1])}}}", cell)
    # after instance(..) a path leads to a column of a list
    if heading not in EXPRESSIONS or "instance(" in cell:
        return cell
    return PATH.sub(lambda found: f"/{names.get(found[1], found[1])}", cell)


def _named(row: Row) -> Row:
    """Return a note, a row of the interview's times or of a phone with a name, and a list outside
    the survey as any other list.
    """
    cells = dict(row.cells)
    if cells.get("type") == "note" and not cells.get("name"):
        cells["name"] = f"generated_note_name_{row.number}"  # as pyxform calls it
    if cells.get("type") in (*TIMES, *PARADATA) and not cells.get("name"):
        cells["name"] = cells["type"].rpartition(":")[2]
    if row.kind == "select_one_external":
        cells["type"] = f"select_one {row.list_name}"
    return replace(row, cells=cells)


def _without_paradata(
    rows: Iterable[Row], named: set[str], notices: list[Problem]
) -> Iterator[Row]:
    """Leave out what a phone would say; where something refers to it, it is empty."""
    for row in rows:
        if row.get("type") not in PARADATA:
            yield row
            continue
        message = say(
            "{type} is not collected: the times are kept with every response, and nothing else; the"
            " row is left out"
        )
        notices.append(Problem(row.place("type"), message, {"type": row.get("type")}, warning=True))
        if row.get("name") in named:
            empty = {"type": "calculate", "name": row.get("name"), "calculation": "''"}
            yield replace(row, cells=empty)


def _without_last_saved(rows: Iterable[Row], notices: list[Problem]) -> Iterator[Row]:
    """Leave out defaults from the response before: there is none that a respondent may see."""
    for row in rows:
        if "${last-saved#" in row.get("default"):
            message = say("nothing is known of an earlier response; the default is left out")
            notices.append(Problem(row.place("default"), message, warning=True))
            row = replace(row, cells={h: c for h, c in row.cells.items() if h != "default"})
        yield row


def _each_its_name(rows: list[Row], named: set[str], notices: list[Problem]) -> Iterator[Row]:
    """Give a name of its own to what has that of another in another group, unless somebody refers
    to it.
    """
    taken = Counter(row.get("name") for row in rows)
    first: dict[str, int] = {}
    here: dict[str, set[str]] = defaultdict(set)  # the names within one group
    open_: list[str] = []
    for row in rows:
        if row.kind.startswith("end_"):
            open_ = open_[:-1]
            yield row
            continue
        name, group = row.get("name"), "/".join(open_)
        if row.kind.startswith("begin_"):
            open_.append(f"{name}:{row.number}")
        if name in first and name not in named and name not in here[group]:
            made = _free(name, open_[:-1] if row.kind.startswith("begin_") else open_, taken)
            message = say("the name {name} stands in row {row} too; this one is kept as {new}")
            values = {"name": name, "row": first[name], "new": made}
            notices.append(Problem(row.place("name"), message, values, warning=True))
            row = replace(row, cells={**row.cells, "name": made})
        first.setdefault(name, row.number)
        here[group].add(name)
        yield row


def _free(name: str, groups: list[str], taken: Counter[str]) -> str:
    """Return a name that nothing has: with that of its group before it, then with a number."""
    group = groups[-1].rpartition(":")[0] if groups else ""
    plain = f"{group}_{name}" if group else name
    made, number = plain, 1
    while made in taken:
        number += 1
        made = f"{plain}_{number}"
    taken[made] += 1
    return made


def _looped(rows: list[Row], book: Workbook) -> Iterator[Row]:
    """Write out every loop: a group of its name, and in it for each choice of its list a group with
    the loop's questions, the choice's columns in the place of %(label)s.
    """
    at = 0
    while at < len(rows):
        found = LOOP.match(rows[at].get("type"))
        listed = found and any(r.get("list_name") == found[1] for r in book.rows("choices"))
        end = _end_of_loop(rows, at) if listed else None
        if not found or end is None:
            yield rows[at]
            at += 1
            continue
        inside, name = rows[at + 1 : end], rows[at].get("name")
        told_apart = {row.get("name") for row in inside if row.get("name")} & _referred(inside)
        yield replace(rows[at], cells={**rows[at].cells, "type": "begin_group"})
        for choice in (r for r in book.rows("choices") if r.get("list_name") == found[1]):
            labels = {h: text for h, text in choice.cells.items() if h.startswith("label")}
            own = {"type": "begin_group", "name": f"{name}_{choice.get('name')}", **labels}
            yield replace(rows[at], cells=own)
            names = {told: f"{own['name']}_{told}" for told in told_apart}
            for row in _looped([_renamed(row, names) for row in inside], book):
                yield replace(row, cells=_filled(row.cells, choice.cells))
            yield replace(rows[end], cells={"type": "end_group"})
        yield replace(rows[end], cells={"type": "end_group"})
        at = end + 1


def _end_of_loop(rows: list[Row], start: int) -> int | None:
    depth = 0
    for at in range(start, len(rows)):
        depth += LOOP.match(rows[at].get("type")) is not None
        if rows[at].get("type").lower() in ("end loop", "end_loop"):
            depth -= 1
            if not depth:
                return at
    return None


def _filled(cells: Mapping[str, str], choice: Mapping[str, str]) -> dict[str, str]:
    def word(found: re.Match[str], heading: str) -> str:
        language = heading.partition("::")[2]
        own = choice.get(f"{found[1]}::{language}") if language else None
        return own or choice.get(found[1]) or choice.get(f"{found[1]}::en") or found[0]

    return {
        heading: re.sub(r"%\((\w+)\)s", lambda found, h=heading: word(found, h), text)  # type: ignore[misc]
        for heading, text in cells.items()
    }


def _has_other(row: Row) -> bool:
    return row.kind in ("select_one", "select_multiple", "rank") and bool(
        OR_OTHER.search(row.list_name)
    )


def _lines(row: Row, book: Workbook) -> Iterator[Row]:
    if not _has_other(row):
        yield row
        return
    yield replace(row, cells={**row.cells, "type": OR_OTHER.sub("", row.get("type"))})
    relevant = f"selected(${{{row.get('name')}}}, 'other')"
    cells = {
        "type": "text",
        "name": f"{row.get('name')}_other",
        "relevant": relevant,
        **_said(WHICH, book, "survey"),
    }
    yield replace(row, cells=cells)


def _said(words: dict[str, str], book: Workbook, sheet: str) -> dict[str, str]:
    """Return words in the languages that a sheet has a column for, in English where it names
    none.
    """
    texts = {
        heading: text for heading, text in words.items() if heading in book.headings.get(sheet, ())
    }
    return texts or {"label": words["label::en"]}
