"""Pictures of fieldwork: where axes, columns and bars stand, and the figures they are drawn from."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone

from reports.production.services import draft_plan
from reports.statistics.disclosure.gates import DEFAULT
from surveys.channels.telephone import services as calls
from surveys.collection.models.draft import Draft
from surveys.collection.models.invitation import Invitation
from surveys.companies import services as companies
from surveys.monitoring import charts, figures
from surveys.quality import services as cleaning
from tests import field
from tests.pages import html
from tests.people import person

DAY = date(2026, 11, 2)


def test_a_column_is_as_high_as_its_count_and_days_without_any_are_zero():
    chart = charts.over_days("x", [charts.Series("a", {DAY: 10, DAY + timedelta(days=2): 5})])

    assert [column.height for column in chart.columns] == [120.0, 0.0, 60.0]
    assert [tick.label for tick in chart.up] == ["0", "5", "10"]
    assert [(day, counts) for day, counts in chart.rows] == [
        ("2026-11-02", (10,)),
        ("2026-11-03", (0,)),
        ("2026-11-04", (5,)),
    ]


def test_a_line_of_nothing_is_left_out():
    chart = charts.over_days("x", [charts.Series("a", {DAY: 5}), charts.Series("b", {})])

    assert (chart.lines, chart.heads) == ((), ("a",))


def test_series_share_one_axis():
    chart = charts.over_days("x", [charts.Series("a", {DAY: 5}), charts.Series("b", {DAY: 10})])

    (line,) = chart.lines
    assert chart.columns[0].height == 60.0
    assert line.points.endswith(",12.0")
    assert chart.rows == (("2026-11-02", (5, 10)),)


def test_of_more_than_two_months_weeks_are_shown():
    counts = {DAY + timedelta(days=n): 1 for n in range(70)}

    chart = charts.over_days("x", [charts.Series("a", counts)])

    assert chart.weekly
    assert [counts for _day, counts in chart.rows] == [(7,)] * 10


def test_where_nothing_was_counted_there_is_no_chart():
    assert charts.over_days("x", [charts.Series("a", {})]) is None
    assert charts.bars("x", []) is None


def test_bars_begin_at_zero_and_the_axis_reaches_every_mark():
    chart = charts.bars("x", [("a long name of a company", 50, "50")], marks=[(100, "100")])

    assert chart.bars[0].short == "a long name of a comp…"
    assert chart.bars[0].width * 2 == pytest.approx(chart.marks[0].at - charts.NAMES)
    assert chart.ticks[0].at == charts.NAMES


@pytest.mark.django_db
def test_what_is_written_behind_the_longest_bar_has_room():
    chart = charts.bars("x", [("a", 100, "12,345 / 12,345"), ("b", 1, "1 / 2")], full=100)

    longest = chart.bars[0]
    assert longest.end + charts.SIGN * len(longest.said) <= charts.WIDTH


@pytest.mark.django_db
def test_the_gates_are_those_of_reports():
    assert (DEFAULT.n, DEFAULT.n_eff) == (charts.NAMED, charts.RANKED)
    assert "gates: {n: 30, n_eff: 100, half_width: 5}" in draft_plan(field.survey(), "2026-11-25")


@pytest.mark.django_db
def test_companies_are_counted_where_they_were_merged_and_those_without_answers_too():
    survey = field.survey()
    beech = companies.register(key="beech", name="山毛榉")
    survey.companies.add(beech)
    field.send(survey, company="ash")
    field.send(survey, company="beech")
    ash = survey.companies.get(key="ash")
    companies.merge(company=beech, into=ash, reason="one", by=person("ada"))

    found = figures.by_company(survey, survey.responses.all())

    assert [(company.key, n) for company, n in found] == [("ash", 2), ("elm", 0)]


@pytest.mark.django_db
def test_counties_join_their_city_and_modes_stand_apart():
    survey = field.survey()
    for area, mode in (("140105", "online"), ("140100", "paper"), ("140200", "online")):
        sent = field.send(survey, mode=mode)
        survey.responses.filter(pk=sent.pk).update(area=area)

    found = figures.by_city_and_mode(survey.responses.all())

    assert found == {"140100": {"online": 1, "paper": 1}, "140200": {"online": 1}}


@pytest.mark.django_db
def test_what_went_wrong_is_counted_by_day():
    survey, ada = field.survey(), person("ada")
    case = Invitation.objects.create(survey=survey, batch="a", number=1, token_sha256="x")
    calls.record(invitation=case, outcome="2.1", by=ada)
    now = timezone.now()
    for n, touched in enumerate((now, now - timedelta(days=2))):
        draft = Draft.objects.create(
            uid=f"00000000-0000-0000-0000-00000000000{n}", survey=survey, started_at=touched
        )
        Draft.objects.filter(pk=draft.pk).update(touched_at=touched)
    for n in range(3):
        field.send(survey, hours=str(n))
    survey.responses.update(network="n", browser="b")
    cleaning.check(survey=survey, by=ada)
    today = timezone.localdate()

    assert figures.refused_by_day(survey) == {today: 1}
    assert figures.left_by_day(survey) == {today - timedelta(days=2): 1}
    assert figures.flagged_by_day(survey) == {today: 3}


@pytest.mark.django_db
def test_every_picture_has_its_figures_behind_it(client):
    survey = field.survey()
    field.send(survey)
    survey.responses.update(area="140105")
    client.force_login(person("ada"))
    client.cookies["django_language"] = "en"

    page = html(client.get("/surveys/repairs/fieldwork/"))

    assert page.count("<svg") == page.count('<details class="behind">') == 2
    assert 'aria-label="Accepted responses by company"' in page
    assert "names no company below 30 answers" in page
    assert "Taiyuan" in page


@pytest.mark.django_db
def test_a_time_is_told_only_of_responses_that_have_one():
    made = field.survey()
    for mode, minutes in (("online", 4), ("online", 0), ("paper", 3)):
        response = field.send(made, mode=mode)
        response.started_at = response.submitted_at - timedelta(minutes=minutes)
        response.save()

    assert figures.median_minutes(made.responses) == {"online": 4.0}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("language", "heading"), [("en", "Repairs"), ("zh-hans", "维修")], ids=["en", "zh"]
)
def test_a_survey_is_called_in_the_language_of_the_page(client, language, heading):
    field.survey()
    client.force_login(person("ada"))
    client.cookies["django_language"] = language

    for page in ("", "fieldwork/", "cleaning/", "collectors/", "settings/", "imports/"):
        assert f"<h1>{heading}</h1>" in html(client.get(f"/surveys/repairs/{page}"))
