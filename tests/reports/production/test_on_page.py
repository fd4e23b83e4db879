"""A result is seen on the page of its report: what the documents print, above the files."""

from __future__ import annotations

import pytest

from reports.production import services as reports
from surveys.companies import services as companies
from tests import field
from tests.inspections.visits.test_visits import record
from tests.pages import html
from tests.people import person

pytestmark = pytest.mark.django_db
PLAN = """\
title: {zh-Hans: 维修, en: Repairs}
date: 2026-11-24
sample: nonprobability
source: {kind: survey, survey: repairs}
questionnaire: small@1
gates: {n: 10}
inference: {draws: 2000}
"""


@pytest.fixture
def office(client):
    client.force_login(person("ada", "analyst"))
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


@pytest.fixture
def survey():
    """Return a survey in which one company is rated higher than the other, and one by few."""
    made = field.survey()
    made.companies.add(companies.register(key="few", name="<b>少数</b>电器"))
    for i in range(30):
        field.send(made, company="ash", speed=str(8 + i % 3))
        field.send(made, company="elm", speed=str(2 + i % 3))
    for _i in range(3):
        field.send(made, company="few")
    return made


def made(**given):
    """Make a report as the worker does and return it."""
    report = reports.start(**given)
    reports.make.call(report.pk, "en")
    report.job.refresh_from_db()
    assert report.job.state == "done", report.job.message
    return report


def seen(office, report, **headers):
    """Return the page, and what stands above its files."""
    page = html(office.get(f"/reports/{report.pk}/", headers=headers))
    return page, page[: page.index("<h2>Files</h2>" if not headers else "<h2>文件</h2>")]


def test_a_ranking_shows_its_picture_and_its_classes(office, survey):
    report = made(kind="ranking", survey=survey, plan=PLAN)

    page, above = seen(office, report)

    assert "The result at a glance" in above
    assert above.index("Ash") < above.index("Elm")
    assert "▲" in above
    assert "▼" in above
    assert above.count("<svg") >= 6  # two axes, a line and a range for each company
    assert "Ash: " in above, "the picture is read aloud"
    assert "少数" not in page
    assert f'href="/reports/{report.pk}/ranking.zh-Hans.pdf"' in page
    assert f'href="/reports/{report.pk}/plan.yaml"' in page


def test_a_topline_shows_the_table_of_every_question(office, survey):
    report = made(kind="topline", survey=survey)

    _page, above = seen(office, report)

    assert above.count("<details") == above.count('<table class="plain"') > 3
    assert above.count("<details open") == 3
    assert "Repaired?" in above
    assert "<b>100.00</b>" in above
    assert "<svg" in above


def test_an_inspection_shows_where_something_was_found_and_names_no_site(office):
    campaign = field.campaign()
    record(campaign, 0)
    record(campaign, 1, answers={**field.FULL, "company": "not_sure", "fixed": "yes"})
    report = made(kind="inspection", survey=campaign.survey)

    page, above = seen(office, report)

    assert "At 1 of 2 sites something was found" in above
    assert "1 / 2" in above
    assert "What was found" in above
    assert "号停车场" not in page


def test_a_result_speaks_the_language_of_its_reader(office, survey):
    report = made(kind="ranking", survey=survey, plan=PLAN)

    page, _above = seen(office, report, **{"accept-language": "zh-hans"})

    assert "一页看懂" in page
    assert "The result at a glance" not in page


def test_a_report_that_is_not_done_shows_no_result(office, survey):
    report = reports.start(kind="topline", survey=survey)

    page = html(office.get(f"/reports/{report.pk}/"))

    assert 'class="seen"' not in page
    assert "waiting" in page


def test_what_is_seen_is_for_who_may_see_reports(client, survey):
    report = made(kind="topline", survey=survey)
    client.force_login(person("eve", "interviewer"))

    assert client.get(f"/reports/{report.pk}/").status_code == 403
    assert client.get(f"/reports/{report.pk}/progress/").status_code == 403
