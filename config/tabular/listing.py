"""A list of the back office: searched, filtered, sorted and paged alike on every page.

Everything stands in the address, so that a list can be sent to a colleague. What an address says
and cannot be read filters nothing and sorts nothing; a page beyond the last is the last.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest, QueryDict
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from config.language.problems import say

PAGE = 50
LONGEST = 200  # of what is searched for


@dataclass(frozen=True)
class Column:
    """A column: its name in the address, its heading, and the fields its rows are sorted by, none
    where they are not.

    descends: whether the first click brings the largest or latest to the top.
    """

    name: str
    heading: str
    order: tuple[str, ...] = ()
    is_number: bool = False
    descends: bool = False


@dataclass(frozen=True)
class Filter:
    """Something to choose by which a list becomes shorter. Without choices it asks for a day.

    choices: what stands in the address, and its words; narrow: from rows and what was chosen (a
    day: a date) to the rows that fit.
    """

    name: str
    label: str
    narrow: Callable[[QuerySet[Any], Any], QuerySet[Any]]
    choices: Sequence[tuple[str, str]] | None = None


@dataclass(frozen=True)
class Heading:
    """The head of a column, with the address that sorts by it."""

    text: str
    is_number: bool
    address: str = ""
    direction: str = ""  # ascending or descending, where the list is sorted by it now


class Listing:
    """A page of a list with its search, filters and heads.

    found: the rows in their usual order. search: the fields that are looked through, or a function
    from rows and text to the rows that fit.
    """

    def __init__(
        self,
        request: HttpRequest,
        found: QuerySet[Any],
        columns: Sequence[Column],
        *,
        search: Sequence[str] | Callable[[QuerySet[Any], str], QuerySet[Any]] = (),
        search_label: str = say("Name"),
        filters: Sequence[Filter] = (),
    ) -> None:
        self.given, self.columns, self.filters = request.GET, columns, filters
        self.search, self.search_label = search, _(search_label)
        self.narrowed: dict[str, str] = {}
        self.found = self._sorted(self._narrowed(found))
        self.page = Paginator(self.found, PAGE).get_page(request.GET.get("page"))

    @property
    def text(self) -> str:
        """What is searched for."""
        return self.narrowed.get("q", "")

    @property
    def is_narrowed(self) -> bool:
        """Whether a search or filter leaves rows out."""
        return bool(self.narrowed)

    @property
    def is_shown(self) -> bool:
        """Whether search and filters help: there are rows, or some were left out."""
        return self.is_narrowed or bool(self.page.paginator.count)

    @property
    def heads(self) -> list[Heading]:
        """The heads of the columns."""
        return [self._heading(column) for column in self.columns]

    @property
    def fields(self) -> list[tuple[Filter, str, str]]:
        """The filters, each with its words and what is chosen."""
        return [(one, _(one.label), self.narrowed.get(one.name, "")) for one in self.filters]

    @property
    def kept(self) -> str:
        """The address of this list without its page, for links to other pages of it."""
        return self._address(page="")

    @property
    def here(self) -> str:
        """The address of what is shown now, to come back to."""
        return self._address()

    def _narrowed(self, found: QuerySet[Any]) -> QuerySet[Any]:
        for one in self.filters:
            text = self._said(one.name)
            value: Any = text
            if one.choices is None:
                value = _day(text)
            elif text not in dict(one.choices):
                value = None
            if value:
                self.narrowed[one.name] = text
                found = one.narrow(found, value)
        if self.search and (text := self._said("q")):
            self.narrowed["q"] = text
            if callable(self.search):
                return self.search(found, text)
            fits = Q()
            for field in self.search:
                fits |= Q(**{f"{field}__icontains": text})
            found = found.filter(fits)
        return found

    def _sorted(self, found: QuerySet[Any]) -> QuerySet[Any]:
        column, descending = self._order()
        if column is None:
            return found
        sign = "-" if descending else ""
        return found.order_by(*(f"{sign}{field}" for field in column.order), "pk")

    def _order(self) -> tuple[Column | None, bool]:
        said = self._said("sort")
        for column in self.columns:
            if column.order and column.name == said.removeprefix("-"):
                return column, said.startswith("-")
        return None, False

    def _heading(self, column: Column) -> Heading:
        text = _(column.heading) if column.heading else ""
        if not column.order:
            return Heading(text, column.is_number)
        chosen, descending = self._order()
        is_chosen = chosen is column
        turned = not descending if is_chosen else column.descends
        return Heading(
            text,
            column.is_number,
            address=self._address(page="", sort=f"-{column.name}" if turned else column.name),
            direction=("descending" if descending else "ascending") if is_chosen else "",
        )

    def _said(self, name: str) -> str:
        """Return what the address says, cut, without the sign that no database takes."""
        return self.given.get(name, "").replace("\0", "").strip()[:LONGEST]

    def _address(self, **changed: str) -> str:
        """Return the query of an address: what narrows, how it is sorted, the page."""
        column, _descending = self._order()
        says = {
            **self.narrowed,
            "sort": self._said("sort") if column else "",
            "page": str(self.page.number) if self.page.number > 1 else "",
            **changed,
        }
        query = QueryDict(mutable=True)
        query.update({name: text for name, text in says.items() if text})
        return query.urlencode()


def choices_of(choices: Iterable[tuple[Any, Any]]) -> list[tuple[str, str]]:
    """Return the choices of a model field as a filter has them, in words of the reader."""
    return [(str(value), str(label)) for value, label in choices]


def _day(text: str) -> Any:
    try:
        return parse_date(text)
    except ValueError:
        return None
