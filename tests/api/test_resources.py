"""Everything that can be read: as the pages show it, to whom the pages show it."""

from __future__ import annotations

import json

import pytest
from django.test import Client
from django.utils import timezone

from config.language.texts import Text
from config.work.models import Job
from inspections.campaigns import site_services
from inspections.campaigns.models import Assignment
from inspections.visits import services as visits
from reports.production.models import Report
from surveys.collection import fieldwork
from surveys.collection.models.response import Response
from surveys.collection.models.survey import Survey
from surveys.forms.models import QuestionnaireVersion
from tests import field
from tests.api.device import Device
from tests.people import nobody, person
from tests.sheets import workbook

pytestmark = pytest.mark.django_db
ROLES_OF_THREE = ("inspector", "inspector", "analyst")


def in_area(survey, code: str, **changed) -> Response:
    """Send a response and put it into an area."""
    made = field.send(survey, **changed)
    Response.objects.filter(pk=made.pk).update(area_id=code)
    return made


def later(first: Survey) -> Survey:
    """Return a second survey that has not begun."""
    return fieldwork.set_up(
        slug="later",
        title=Text("以后", "Later"),
        organiser=field.ORGANISER,
        version=first.version,
    )


def test_the_entrance_leads_to_every_list():
    field.survey()
    device = Device(person("all"))

    found = device.get("").json()

    assert len(found) == 10
    for name, address in found.items():
        assert device.browser.get(address, headers=device.headers).status_code in (
            (302,) if name == "docs" else (200,)
        ), name


def test_surveys_are_listed_and_read():
    first = field.survey()
    later(first)
    field.send(first)
    device = Device(person("ann", "analyst"))

    found = device.get("surveys/", state="open").json()
    one = device.get("surveys/repairs/").json()

    assert [s["slug"] for s in found["results"]] == ["repairs"]
    assert found["count"] == 1
    assert one == found["results"][0]
    assert one["title"] == {"zh-Hans": "维修", "en": "Repairs"}
    assert (one["state"], one["accepted"]) == ("open", 1)


@pytest.mark.parametrize(
    ("state", "slugs"), [("draft", ["later"]), ("open", ["repairs"]), ("closed", [])]
)
def test_surveys_are_found_by_state(state, slugs):
    first = field.survey()
    later(first)

    found = Device(person("ann", "analyst")).get("surveys/", state=state).json()

    assert [s["slug"] for s in found["results"]] == slugs


def test_a_questionnaire_is_read_with_its_workbook_and_compiled():
    field.survey()
    version = QuestionnaireVersion.objects.get()
    device = Device(person("ann", "analyst"))

    listed = device.get("questionnaires/", name="small").json()["results"]
    compiled = device.get(f"questionnaires/{version.pk}/compiled/").json()
    book = device.get(f"questionnaires/{version.pk}/workbook/")

    assert [q["id"] for q in listed] == [version.pk]
    assert compiled == version.compiled
    assert book.content[:2] == workbook()[:2] == b"PK"
    assert 'filename="small-1.xlsx"' in book["Content-Disposition"]


@pytest.mark.parametrize(
    ("asked", "keys"),
    [
        ("baila", ["ash"]),
        ("baila dianqi", ["ash"]),
        ("榆树", ["elm"]),
        ("bl", ["ash"]),
        ("none", []),
        ("！", []),
    ],
)
def test_companies_are_found_by_name_pinyin_and_alias(asked, keys):
    field.survey()

    found = Device(person("ann", "analyst")).get("companies/", search=asked).json()

    assert [c["key"] for c in found["results"]] == keys


def test_a_company_is_read_with_its_spellings():
    field.survey()

    found = Device(person("ann", "analyst")).get("companies/ash/").json()

    assert found["name_en"] == "Ash"
    assert "baila" in found["aliases"]
    assert found["merged_into"] is None


def test_responses_are_read_by_uid_and_no_receipt_is_told():
    survey = field.survey()
    response = field.send(survey)
    device = Device(person("ann", "analyst"))

    listed = device.get("surveys/repairs/responses/")
    one = device.get(f"surveys/repairs/responses/{response.uid}/")

    assert listed.json()["results"] == [one.json()]
    assert one.json()["answers"]["company"] == "ash"
    assert one.json()["company"] == "ash"
    file = device.get("surveys/repairs/responses.csv")
    assert response.receipt not in listed.content.decode() + one.content.decode()
    assert response.receipt not in b"".join(file.streaming_content).decode()


def test_responses_are_paged_by_a_cursor_that_new_ones_do_not_move():
    survey = field.survey()
    sent = [str(field.send(survey).uid) for _n in range(5)]
    device = Device(person("ann", "analyst"))

    first = device.get("surveys/repairs/responses/", limit=2).json()
    field.send(survey)
    second = device.browser.get(first["next"], headers=device.headers).json()

    assert [r["uid"] for r in first["results"] + second["results"]] == sent[:0:-1]


def test_a_posted_person_sees_the_responses_of_the_own_area_only():
    survey = field.survey()
    here = in_area(survey, "140105")
    there = in_area(survey, "140213")
    device = Device(person("ann", "supervisor", areas=["140100"]))

    answer = device.get("surveys/repairs/responses/")

    assert [r["uid"] for r in answer.json()["results"]] == [str(here.uid)]
    assert answer["Cache-Control"] == "private, no-store"
    assert device.get(f"surveys/repairs/responses/{here.uid}/").status_code == 200
    assert device.get(f"surveys/repairs/responses/{there.uid}/").status_code == 404
    assert device.get("surveys/repairs/").json()["accepted"] == 1
    assert device.get("surveys/repairs/fieldwork/").json()["status"]["accepted"] == 1


@pytest.mark.parametrize(
    ("query", "n"),
    [
        ({"area": "140100"}, 1),
        ({"area": "140000"}, 2),
        ({"area": "000000"}, 0),
        ({"company": "elm"}, 1),
        ({"status": "rejected"}, 0),
        ({"mode": "paper"}, 1),
        ({"submitted_after": "2099-01-01T00:00:00Z"}, 0),
    ],
)
def test_responses_are_filtered(query, n):
    survey = field.survey()
    in_area(survey, "140105", mode="paper")
    in_area(survey, "140213", company="elm")

    found = Device(person("ann", "analyst")).get("surveys/repairs/responses/", **query).json()

    assert len(found["results"]) == n


def test_an_export_has_the_responses_of_the_own_area_only():
    survey = field.survey()
    in_area(survey, "140105", speed="3")
    in_area(survey, "140213", speed="4")
    device = Device(person("ann", "analyst", areas=["140100"]))

    file = device.get("surveys/repairs/responses.csv", codes=1)
    lines = b"".join(file.streaming_content).decode("utf-8-sig").splitlines()

    assert len(lines) == 2
    assert ",140105," in lines[1]


def test_the_figures_of_fieldwork_are_numbers():
    survey = field.survey()
    field.send(survey)
    field.send(survey, mode="paper")

    found = Device(person("ann", "analyst")).get("surveys/repairs/fieldwork/").json()

    assert found["status"] == {
        "accepted": 2,
        "rejected": 0,
        "over_quota": 0,
        "removed": 0,
        "withdrawn": 0,
        "corrected": 0,
        "taken_back": 0,
    }
    assert found["by_company"] == [{"name": "ash", "n": 2}]
    assert (found["paper_valid"], found["paper_returned"]) == (1, 1)
    assert (found["begun"], found["completion"], found["rates"]) == (0, 1.0, None)


def test_everybody_sees_the_own_jobs_only():
    ann, ben = person("ann", "analyst"), person("ben", "analyst")
    job = Job.objects.create(title="ranking", started_by=ann)

    assert [j["id"] for j in Device(ann).get("jobs/").json()["results"]] == [job.pk]
    assert Device(ann).get(f"jobs/{job.pk}/").json()["state"] == "waiting"
    assert Device(ben).get("jobs/").json()["count"] == 0
    assert Device(ben).get(f"jobs/{job.pk}/").status_code == 404


def test_a_report_is_read_with_its_files_and_its_result():
    report = Report.objects.create(
        kind="ranking", survey=field.survey(), job=Job.objects.create(title="r", state="done")
    )
    report.folder.mkdir(parents=True)
    (report.folder / "ranking.json").write_text(json.dumps({"companies": ["elm", "ash"]}))
    (report.folder / "ranking.pdf").write_bytes(b"%PDF")
    device = Device(person("ann", "publisher"))
    address = f"reports/{report.pk}/"

    one = device.get(address).json()

    assert [
        r["id"] for r in device.get("reports/", kind="ranking", state="done").json()["results"]
    ] == [report.pk]
    assert one["files"] == ["ranking.json", "ranking.pdf"]
    assert device.get(address + "result/").json() == {"companies": ["elm", "ash"]}
    assert device.get(address + "files/ranking.pdf").content == b"%PDF"
    assert device.get(address + "files/other.pdf").status_code == 404
    assert device.get(address + "files/..").status_code == 404


def test_reports_concern_everywhere_and_are_not_for_who_is_posted():
    assert Device(person("ann", "publisher", areas=["140100"])).get("reports/").status_code == 403


def test_an_inspector_sees_the_own_visits_a_supervisor_those_of_the_area():
    campaign = field.campaign()
    ann = person("ann", "inspector", areas=["140100"])
    made = visits.record(
        campaign=campaign,
        site=campaign.sites.first(),
        uid=field.uuid4(),
        answers=field.FULL | {"company": "not_sure"},
        visited_at=timezone.now(),
        inspectors=[ann],
        by=ann,
    )
    seen = {
        "ann": Device(ann),
        "ben": Device(person("ben", "inspector", areas=["140100"])),
        "cid": Device(person("cid", "supervisor", areas=["140100"])),
        "dan": Device(person("dan", "supervisor", areas=["140200"])),
    }

    lists = {
        name: [v["id"] for v in d.get("visits/", campaign="visits").json()["results"]]
        for name, d in seen.items()
    }
    ones = {name: d.get(f"visits/{made.pk}/").status_code for name, d in seen.items()}

    assert lists == {"ann": [made.pk], "ben": [], "cid": [made.pk], "dan": []}
    assert ones == {"ann": 200, "ben": 404, "cid": 200, "dan": 404}
    assert seen["dan"].get("campaigns/visits/").json()["visited"] == 0
    assert seen["cid"].get("campaigns/").json()["results"][0]["visited"] == 1
    found = seen["ann"].get(f"visits/{made.pk}/").json()
    assert [f["indicator"] for f in found["findings"]] == ["repair"]
    assert found["site"]["area"] == "140105"


def test_who_has_no_role_is_refused_and_who_is_nobody_asked_for_a_token():
    field.survey()

    assert Device(nobody("ann")).get("surveys/").status_code == 403
    assert Client().get("/api/v1/surveys/").status_code == 401


def test_sites_places_and_assignments_are_those_that_a_person_sees():
    campaign = field.campaign()
    one, two, _three = campaign.sites.all()
    site_services.change(
        site=one,
        given={"latitude": "37.8", "longitude": "112.5", "datum": "GCJ-02", "aliases": "东门"},
        by=None,
    )
    ann, bob, cid = (person(n, r) for n, r in zip("abc", ROLES_OF_THREE, strict=True))
    hers = Assignment.objects.create(campaign=campaign, site=one, lead=ann, purpose="second")
    his = Assignment.objects.create(campaign=campaign, site=two, lead=bob)
    own, all_, elsewhere = (
        Device(ann),
        Device(cid),
        Device(person("d", "analyst", areas=["140200"])),
    )

    found = all_.get("sites/", search="东门").json()["results"]
    places = all_.get("campaigns/visits/sites/").json()["results"]

    assert [(s["name"], s["datum"], s["aliases"]) for s in found] == [
        (one.name, "GCJ-02", ["东门"])
    ]
    assert [(p["site"], p["state"], p["probability"]) for p in places][0] == (one.pk, "open", None)
    assert own.get("sites/").status_code == 403
    assert elsewhere.get("campaigns/visits/sites/").json()["count"] == 0
    assert [a["uid"] for a in own.get("assignments/").json()["results"]] == [str(hers.uid)]
    assert own.get(f"assignments/{hers.uid}/").json()["purpose"] == "first"
    assert own.get(f"assignments/{his.uid}/").status_code == 404
    assert all_.get(f"assignments/{hers.uid}/").json()["purpose"] == "second"
    assert all_.get("assignments/", person="b", state="open").json()["count"] == 1
    assert all_.get("assignments/", state="nonsense").status_code == 400
