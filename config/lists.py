"""Lists of the back office as somebody asked for them: searched, filtered, sorted, fifty rows a
page.

Everything stands in the query string, so an address shows a colleague the same list. What cannot be
read there filters nothing and is never an error; the templates are in `config/console/`. It knows
no model: what a person may see is decided by the selector whose rows it is given.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, ClassVar

from django.core.paginator import Page, Paginator
from django.db.models import F, OrderBy, Q, QuerySet
from django.http import HttpRequest, QueryDict
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

PAGE = 50
LONGEST = 200

Narrow = Callable[[QuerySet[Any], Any], QuerySet[Any]]


@dataclass(frozen=True)
class Column:
    """A column: its name in the query string, its head, and the fields it is sorted by, if it is.

    A figure stands on the right and is sorted from the largest first; the head of a column of
    buttons is for ears only.
    """

    name: str
    label: str
    order: tuple[str, ...] = ()
    is_figure: bool = False
    is_action: bool = False


@dataclass(frozen=True)
class Table:
    """A table as it is declared: caption, columns, the template of one row, the order at first.

    Without `sort` rows keep the order they come in. `tie` puts equal rows in one order, so that
    none is on two pages.
    """

    caption: str
    row: str
    columns: tuple[Column, ...]
    sort: str = ""
    tie: str = "pk"


@dataclass(frozen=True)
class Filter:
    """One question of a filter; `narrow` takes the rows and what `read` made of the answer."""

    name: str
    label: str
    narrow: Narrow
    kind: ClassVar[str]

    def read(self, text: str) -> Any:
        """Return what was asked for, or something empty where it cannot be read."""
        return text


@dataclass(frozen=True)
class Search(Filter):
    """A text that is looked for."""

    kind: ClassVar[str] = "search"


@dataclass(frozen=True)
class Choice(Filter):
    """One of several values, each with its label."""

    choices: Sequence[tuple[str, Any]] = field(default=())
    kind: ClassVar[str] = "choice"

    def read(self, text: str) -> str:
        """Return the value if it is one of them."""
        return text if any(text == value for value, _label in self.choices) else ""


@dataclass(frozen=True)
class Day(Filter):
    """A day, as 2026-11-25."""

    kind: ClassVar[str] = "date"

    def read(self, text: str) -> date | None:
        """Return the day if there is such a one."""
        try:
            return parse_date(text)
        except ValueError:
            return None


@dataclass(frozen=True)
class Field:
    """A question of a filter with what was asked."""

    name: str
    label: str
    kind: str
    value: str
    choices: Sequence[tuple[str, Any]] = ()


@dataclass(frozen=True)
class Head:
    """The head of a column: where a click leads, and how its column is sorted now, if it is."""

    label: str
    is_figure: bool
    is_action: bool
    href: str = ""
    direction: str = ""


@dataclass(frozen=True)
class Listing:
    """A list as its page shows it. `found` are all rows that fit, `rows` those of this page."""

    caption: str
    row: str
    heads: list[Head]
    rows: Sequence[Any]
    found: QuerySet[Any] | None = None
    page: Page[Any] | None = None
    fields: Sequence[Field] = ()
    hidden: Sequence[tuple[str, str]] = ()
    action: str = ""
    cleared: str = ""
    previous: str = ""
    following: str = ""
    query: str = ""
    id: str = ""

    @property
    def is_filtered(self) -> bool:
        """Whether something was asked for."""
        return any(asked.value for asked in self.fields)

    @property
    def has_any(self) -> bool:
        """Whether there is a list to show; one that a filter emptied is one."""
        return bool(self.rows) or self.is_filtered

    @property
    def given(self) -> dict[str, str]:
        """What was asked for, without what could not be read."""
        return {asked.name: asked.value for asked in self.fields if asked.value}

    def shown_as(self, presented: Callable[[Any], Any]) -> Listing:
        """Return the list with every row of this page as it is presented."""
        return replace(self, rows=[presented(row) for row in self.rows])


def listing(
    request: HttpRequest,
    table: Table,
    found: QuerySet[Any],
    *,
    filters: Sequence[Filter] = (),
    prefix: str = "",
    at: str = "",
) -> Listing:
    """Return the part of `found` that a request asks for.

    `prefix` tells the second list of a page from the first; `at` is the address of the list where
    the request came to another one.
    """
    parameters = _Parameters(request, prefix, at or request.path)
    fields = []
    for asked in filters:
        text = parameters.get(asked.name)
        wanted = asked.read(text)
        if wanted:
            found = asked.narrow(found, wanted)
        fields.append(
            Field(
                name=prefix + asked.name,
                label=_(asked.label),
                kind=asked.kind,
                value=text if wanted else "",
                choices=asked.choices if isinstance(asked, Choice) else (),
            )
        )
    sort = _readable_sort(table, parameters.get("sort"))
    found = _sorted(found, table, sort)
    page = _page(found, parameters.get("page"))
    asked_for = {name.name: name.value for name in fields if name.value}
    if sort != table.sort:
        asked_for[f"{prefix}sort"] = sort
    own = [prefix + name for name in ("sort", "page", *(asked.name for asked in filters))]
    kept = parameters.without(own)

    def address(**changed: str) -> str:
        values = {**asked_for, **{prefix + name: value for name, value in changed.items()}}
        return parameters.address(kept, values)

    hidden = [(name, value) for name, values in kept.lists() for value in values]
    if sort != table.sort:
        hidden.append((f"{prefix}sort", sort))
    return Listing(
        caption=_(table.caption),
        row=table.row,
        heads=[_head(column, sort, address) for column in table.columns],
        rows=list(page),
        found=found,
        page=page,
        fields=fields,
        hidden=hidden,
        action=parameters.address(QueryDict(), {}),
        cleared=parameters.address(kept, {}),
        previous=address(page=str(page.number - 1)) if page.has_previous() else "",
        following=address(page=str(page.number + 1)) if page.has_next() else "",
        query=address().partition("#")[0].partition("?")[2],
        id=f"{prefix}list",
    )


def short(table: Table, rows: Iterable[Any]) -> Listing:
    """Return a list that cannot grow: all rows, in the order they come in, nothing to ask for."""
    heads = [_head(column, "", None) for column in table.columns]
    return Listing(_(table.caption), table.row, heads, list(rows))


def contains(*fields: str) -> Narrow:
    """Return what narrows rows to those with a text in one of the fields, in any case."""

    def narrow(found: QuerySet[Any], text: str) -> QuerySet[Any]:
        fits = Q()
        for name in fields:
            fits |= Q(**{f"{name}__icontains": text})
        return found.filter(fits)

    return narrow


def equals(name: str) -> Narrow:
    """Return what narrows rows to those with a value in a field."""
    return lambda found, value: found.filter(**{name: value})


class _Parameters:
    """The query string of a request as far as a list reads it."""

    def __init__(self, request: HttpRequest, prefix: str, path: str) -> None:
        self.given = request.GET
        self.prefix = prefix
        self.path = path

    def get(self, name: str) -> str:
        return _plain(self.given.get(self.prefix + name, ""))

    def without(self, names: Iterable[str]) -> QueryDict:
        """Return what belongs to others, such as the other list of the page."""
        kept = QueryDict(mutable=True)
        for name, values in self.given.lists():
            if name not in names:
                kept.setlist(_plain(name), [_plain(value) for value in values])
        return kept

    def address(self, kept: QueryDict, values: dict[str, str]) -> str:
        query = kept.copy()
        for name, value in values.items():
            query[name] = value
        # the first list of a page begins near its top; a second one is jumped to
        place = f"#{self.prefix}list" if self.prefix else ""
        return self.path + (f"?{query.urlencode()}" if query else "") + place


def _plain(text: str) -> str:
    """Return a text that every database takes: PostgreSQL knows no NUL. What is longer is cut."""
    return "".join(sign for sign in text if sign >= " " and sign != "\x7f").strip()[:LONGEST]


def _page(found: QuerySet[Any], text: str) -> Page[Any]:
    """Return a page; the last one where rows went away meanwhile, the first where it is none."""
    paginator = Paginator(found, PAGE)
    is_number = text.isascii() and text.isdigit() and len(text) < 9
    number = int(text) if is_number else 1
    return paginator.page(min(max(number, 1), paginator.num_pages))


def _readable_sort(table: Table, text: str) -> str:
    names = {column.name for column in table.columns if column.order}
    return text if text.removeprefix("-") in names else table.sort


def _sorted(found: QuerySet[Any], table: Table, sort: str) -> QuerySet[Any]:
    if not sort:
        return found
    falls, name = sort.startswith("-"), sort.removeprefix("-")
    column = next(column for column in table.columns if column.name == name)
    order = [_direction(name, falls) for name in (*column.order, table.tie)]
    return found.order_by(*order)


def _direction(name: str, falls: bool) -> OrderBy:
    """Return an order in which rows without a value come last, in both databases."""
    return F(name).desc(nulls_last=True) if falls else F(name).asc(nulls_last=True)


def _head(column: Column, sort: str, address: Callable[..., str] | None) -> Head:
    label = _(column.label)
    if address is None or not column.order:
        return Head(label, column.is_figure, column.is_action)
    down = f"-{column.name}"
    direction = {column.name: "ascending", down: "descending"}.get(sort, "")
    first, second = (down, column.name) if column.is_figure else (column.name, down)
    href = address(sort=second if sort == first else first)
    return Head(label, column.is_figure, column.is_action, href, direction)
