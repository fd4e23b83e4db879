"""What a list makes of a query string: the rows, the heads, the addresses."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import RequestFactory

from config.console import lists
from surveys.companies.models import Company

TABLE = lists.Table(
    caption="Companies",
    row="row.html",
    columns=(
        lists.Column("name", "Name", ("name",)),
        lists.Column("code", "Code", ("credit_code",), is_figure=True),
        lists.Column("kind", "Kind"),
    ),
    sort="name",
)
FILTERS = (
    lists.Search("q", "Name", lists.contains("name")),
    lists.Choice("kind", "Kind", lists.equals("kind"), [("brand", "B"), ("street", "S")]),
)


@pytest.fixture
def shops(db):
    Company.objects.bulk_create(
        Company(key=f"shop-{n:03}", name=f"Shop {n:03}", kind="street" if n % 3 else "brand")
        for n in range(120)
    )


def asked(query: str = "", **changed) -> lists.Listing:
    request = RequestFactory().get(f"/shops/?{query}")
    found = Company.objects.all()
    return lists.listing(request, TABLE, found, **{"filters": FILTERS, **changed})


def names(listing: lists.Listing) -> list[str]:
    return [shop.name[-3:] for shop in listing.rows]


def test_a_page_has_fifty_rows_and_leads_to_its_neighbours(shops):
    second = asked("page=2&kind=&q=Shop")

    assert names(second)[:1] + names(second)[-1:] == ["050", "099"]
    assert second.previous == "/shops/?q=Shop&page=1"
    assert second.following == "/shops/?q=Shop&page=3"


@pytest.mark.parametrize(
    ("page", "first"),
    [("", "000"), ("x", "000"), ("-2", "000"), ("0", "000"), ("1e3", "000"), ("²", "000")],
)
def test_what_is_no_page_is_the_first(shops, page, first):
    assert names(asked(f"page={page}"))[0] == first


def test_a_page_behind_the_end_is_the_last_as_rows_may_have_gone(shops):
    assert names(asked("page=99")) == [f"{n:03}" for n in range(100, 120)]


def test_only_declared_columns_are_sorted_by(shops):
    assert names(asked("sort=-name"))[:2] == ["119", "118"]
    assert names(asked("sort=kind")) == names(asked("sort=password")) == names(asked())


def test_rows_without_a_value_come_last_both_ways(shops):
    Company.objects.filter(key="shop-007").update(credit_code="91110000100000001A")

    assert names(asked("sort=code"))[0] == "007"
    assert names(asked("sort=-code"))[0] == "007"


def test_equal_rows_are_on_one_page_only(shops):
    pages = [names(asked(f"sort=code&page={n}")) for n in (1, 2, 3)]

    assert sorted(sum(pages, [])) == [f"{n:03}" for n in range(120)]


def test_a_head_says_how_its_column_is_sorted_and_turns_it_round(shops):
    name, code, kind = asked("sort=-name&q=Shop").heads

    assert (name.direction, name.href) == ("descending", "/shops/?q=Shop&sort=name")
    assert (code.direction, code.href) == ("", "/shops/?q=Shop&sort=-code")
    assert (kind.direction, kind.href) == ("", "")


def test_a_choice_that_is_none_filters_nothing(shops):
    assert asked("kind=brand").page.paginator.count == 40
    assert asked("kind=palace").page.paginator.count == 120
    assert not asked("kind=palace").is_filtered


def test_control_characters_and_what_is_too_long_are_cut():
    assert lists._plain("\0Shop\x07 1\n") == "Shop 1"
    assert lists._plain("张　三𠮷") == "张　三𠮷"
    assert len(lists._plain("x" * 1000)) == lists.LONGEST


@pytest.mark.parametrize(
    ("text", "day"),
    [("2026-11-25", date(2026, 11, 25)), ("2026-02-31", None), ("yesterday", None), ("", None)],
)
def test_a_day_that_there_is_not_is_none(text, day):
    assert lists.Day("from", "From", lists.equals("at")).read(text) == day


def test_two_lists_of_one_page_do_not_hear_each_other(shops):
    query = "q=119&other-q=007&other-sort=-name"
    first, other = asked(query), asked(query, prefix="other-")

    assert (names(first), names(other)) == (["119"], ["007"])
    assert first.cleared == "/shops/?other-q=007&other-sort=-name"
    assert other.cleared == "/shops/?q=119#other-list"
    assert other.hidden == [("q", "119"), ("other-sort", "-name")]


def test_an_address_never_carries_a_null_on(shops):
    listing = asked("x%00=%00y&page=2")

    assert "%00" not in listing.previous + listing.cleared
    assert ("x", "y") in listing.hidden


def test_a_list_that_was_sent_to_another_address_leads_back(shops):
    assert asked("page=2", at="/list/").previous == "/list/?page=1"


def test_a_filtered_list_is_there_even_when_nothing_fits(shops):
    assert not asked("q=nothing").rows
    assert asked("q=nothing").has_any


def test_a_short_list_has_no_pages_and_is_not_sorted(shops):
    short = lists.short(TABLE, Company.objects.all()[:3])

    assert len(short.rows) == 3
    assert short.page is None
    assert not any(head.href for head in short.heads)
