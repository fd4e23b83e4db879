"""What ODK Collect asks and sends, replayed: HEAD first, split posts, the same again, twins, edits;
and every bad submission refused with its reason.
"""

from __future__ import annotations

import hashlib
import io
import xml.etree.ElementTree as ET
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from inspections.campaigns.models import Assignment
from inspections.devices import services as devices
from inspections.openrosa.forms import QUESTION, assignments_csv
from inspections.review import services as review
from inspections.visits import chain
from inspections.visits.models import Visit
from tests import field
from tests.inspections.visits.test_visits import picture
from tests.people import person
from tests.sheets import SURVEY, workbook

pytestmark = pytest.mark.django_db
PHOTO = "image|shot|照片|Photograph"


@pytest.fixture
def world(monkeypatch):
    monkeypatch.setattr("tests.field.workbook", lambda: workbook([*SURVEY[:-1], PHOTO, SURVEY[-1]]))
    campaign = field.campaign()
    inspector = person("inspector", "inspector")
    assignment = Assignment.objects.create(
        campaign=campaign, site=campaign.sites.first(), lead=inspector
    )
    device, token = devices.enrol(owner=inspector, name="红米", by=person("chief"))
    return {"campaign": campaign, "assignment": assignment, "device": device, "token": token}


def submission(world, *, instance=None, extra="", shot="a.jpg", speed="1", replaces=""):
    old = f"<orx:deprecatedID>{replaces}</orx:deprecatedID>" if replaces else ""
    return (
        '<data id="small" version="1" xmlns:orx="http://openrosa.org/xforms">'
        f"<{QUESTION}>{world['assignment'].uid}</{QUESTION}>"
        "<start>2026-11-20T11:00:00.000+08:00</start><end>2026-11-20T11:20:00.000+08:00</end>"
        "<you><repaired>yes</repaired><problems>late</problems></you>"
        f"<visit><company>某店</company><speed>{speed}</speed><fixed>no</fixed><hours/>"
        f"<comment/><shot>{shot}</shot>{extra}<late>0</late></visit>"
        f"<orx:meta><orx:instanceID>{instance or f'uuid:{uuid4()}'}</orx:instanceID>{old}"
        "</orx:meta></data>"
    )


def post(client, world, xml, files=None, *, incomplete=False):
    body = {"xml_submission_file": SimpleUploadedFile("s.xml", xml.encode(), "text/xml")}
    for name, content in (files or {}).items():
        body[name] = SimpleUploadedFile(name, content, "image/jpeg")
    if incomplete:
        body["*isIncomplete*"] = "yes"
    return client.post(f"/openrosa/{world['token']}/submission?deviceID=x", body)


def said(answer):
    return ET.fromstring(answer.content)[0].text


def test_collect_finds_its_forms_and_assignments(client, world):
    listed = client.get(f"/openrosa/{world['token']}/formList")
    assert listed.headers["X-OpenRosa-Version"] == "1.0"
    [xform] = ET.fromstring(listed.content)
    parts = {child.tag.rpartition("}")[2]: child.text for child in xform}
    form = client.get(parts["downloadUrl"])
    assert parts["hash"] == f"md5:{hashlib.md5(form.content).hexdigest()}"

    [media] = ET.fromstring(client.get(parts["manifestUrl"]).content)
    found = {child.tag.rpartition("}")[2]: child.text for child in media}
    choices = client.get(found["downloadUrl"]).content
    assert found["hash"] == f"md5:{hashlib.md5(choices).hexdigest()}"
    assert str(world["assignment"].uid) in choices.decode()


def test_collect_tells_nobody_that_a_visit_is_a_comparison(client, world):
    world["assignment"].purpose = "second"
    world["assignment"].save()

    choices = assignments_csv([world["assignment"]]).decode()

    assert "first visit" in choices
    assert "second" not in choices


def test_a_submission_becomes_a_visit_with_its_photograph(client, world):
    head = client.head(f"/openrosa/{world['token']}/submission")
    assert head.status_code == 204
    assert head.headers["X-OpenRosa-Accept-Content-Length"] == str(30 * 2**20)
    content = picture()

    answer = post(client, world, submission(world), {"a.jpg": content})

    assert answer.status_code == 201
    assert said(answer) == "体察记录已安全到达协会。"
    visit = Visit.objects.get()
    assert visit.assignment == world["assignment"]
    assert visit.device == world["device"]
    assert visit.begun_at.isoformat() == "2026-11-20T03:00:00+00:00"
    evidence = visit.evidence.get()
    assert evidence.sha256 == hashlib.sha256(content).hexdigest()
    assert evidence.received_at is not None
    assert [f.indicator for f in visit.findings.all()] == ["repair"]
    assert list(chain.breaks(visit)) == []


def test_split_posts_become_one_visit_when_the_last_is_here(client, world):
    xml = submission(world, shot="b.jpg")

    first = post(client, world, xml, {"b.jpg": picture()}, incomplete=True)
    assert first.status_code == 201
    assert not Visit.objects.exists()
    assert post(client, world, xml).status_code == 201

    assert Visit.objects.get().evidence.get().received_at is not None


def test_the_same_again_is_the_same_and_a_twin_is_refused(client, world):
    instance = f"uuid:{uuid4()}"
    xml = submission(world, instance=instance)
    files = {"a.jpg": picture()}
    assert [post(client, world, xml, files).status_code for _again in range(3)] == [201] * 3
    assert Visit.objects.count() == 1

    twin = post(client, world, submission(world, instance=instance, speed="2"), files)

    assert twin.status_code == 409
    assert Visit.objects.count() == 1


def test_an_edit_mends_a_visit_that_was_sent_back(client, world):
    instance = f"uuid:{uuid4()}"
    files = {"a.jpg": picture()}
    post(client, world, submission(world, instance=instance), files)
    edit = submission(world, replaces=instance, speed="7")
    assert post(client, world, edit, files).status_code == 409  # nobody sent it back
    review.give_back(visit=Visit.objects.get(), note="look again", by=person("boss"))

    assert post(client, world, edit, files).status_code == 201

    assert Visit.objects.get().response.answers["speed"] == "7"
    assert Visit.objects.get().events.filter(kind="changed").exists()


@pytest.mark.parametrize(
    ("change", "status", "words"),
    [
        ({"extra": "<sugar>1</sugar>"}, 400, "sugar"),
        ({"speed": "11"}, 400, "speed"),
        ({"shot": "missing.jpg"}, 400, "missing.jpg"),
        ({"replaces": "uuid:never"}, 404, ""),
        ({"instance": "x" * 80}, 400, "instanceID"),
    ],
    ids=["unknown field", "not among its choices", "missing photo", "unknown edit", "long id"],
)
def test_what_is_wrong_is_said(client, world, change, status, words):
    answer = post(client, world, submission(world, **change), {"a.jpg": picture()})

    assert answer.status_code == status
    assert words in said(answer)
    assert not Visit.objects.exists()


NINE = "".join(f'<!ENTITY l{n} "{10 * f"&l{n - 1};"}">' for n in range(1, 10))
LAUGHS = f'<!DOCTYPE d [<!ENTITY l0 "ha">{NINE}]><data>&l9;</data>'
BOMB = '<!DOCTYPE d [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><data>&b;</data>'
LARGE = f"<data>{'<q>1</q>' * 30_000}</data>"
DEEP = f"{'<a>' * 5000}1{'</a>' * 5000}"


@pytest.mark.parametrize(
    ("xml", "words"),
    [
        ("<data", "XML 无法读取"),
        ("no xml", "XML 无法读取"),
        (BOMB, "实体"),
        (LAUGHS, "实体"),
        (LARGE, "20000"),
        (f"<data>{'<q/>' * 10}{'x' * 2**21}</data>", "2 MB"),
        (DEEP, "instanceID"),
        ("<data/>", "instanceID"),
    ],
    ids=["cut off", "none", "entities", "billion laughs", "elements", "size", "depth", "empty"],
)
def test_xml_that_is_none_or_a_bomb_is_refused(client, world, xml, words):
    answer = post(client, world, xml)

    assert answer.status_code == 400
    assert words in said(answer)


def test_of_ten_thousand_unknown_questions_the_first_are_named(client, world):
    many = "".join(f"<q{n}>1</q{n}>" for n in range(10_000))

    answer = post(client, world, submission(world, extra=many), {"a.jpg": picture()})

    assert answer.status_code == 400
    lines = said(answer).splitlines()
    assert "q0" in lines[0]
    assert len(lines) == 21
    assert "9980" in lines[-1]


@pytest.mark.parametrize("name", ["../../etc/passwd", "a\\b.jpg"])
def test_a_path_in_a_files_name_is_refused_by_name(client, world, name):
    xml = submission(world, shot=name)
    files = {name: picture()}

    answer = post(client, world, xml, files)

    assert answer.status_code == 400
    assert name in said(answer)
    assert not Visit.objects.exists()


def test_two_gigabytes_announced_are_refused_unread(world):
    class Unread:
        def read(self, *_size):
            raise AssertionError("it was read")

        readline = read

    answer = Client().generic(
        "POST",
        f"/openrosa/{world['token']}/submission",
        content_type="multipart/form-data; boundary=x",
        CONTENT_LENGTH=str(2 * 2**30),
        **{"wsgi.input": Unread()},
    )

    assert answer.status_code == 413
    assert "30 MB" in said(answer)


def test_more_files_than_a_post_may_have_are_refused_in_words(client, world):
    answer = post(client, world, submission(world), {f"{n}.jpg": b"x" for n in range(101)})

    assert answer.status_code == 400
    assert said(answer)


def test_a_file_that_no_answer_names_is_refused(client, world):
    answer = post(client, world, submission(world), {"a.jpg": picture(), "stray.jpg": picture()})

    assert answer.status_code == 400
    assert "stray.jpg" in said(answer)


def test_what_is_no_picture_is_refused_by_name(client, world):
    answer = post(client, world, submission(world), {"a.jpg": b"GIF89a no picture"})

    assert answer.status_code == 400
    assert "a.jpg" in said(answer)
    assert not Visit.objects.exists()


def test_another_phone_and_one_that_is_shut_out_get_nothing(client, world):
    other = person("other", "inspector")
    _device, token = devices.enrol(owner=other, name="x", by=other)
    foreign = post(client, {**world, "token": token}, submission(world), {"a.jpg": picture()})
    assert foreign.status_code == 404
    devices.revoke(device=world["device"], by=other)

    assert client.get(f"/openrosa/{world['token']}/formList").status_code == 404
    assert post(client, world, submission(world)).status_code == 404


def test_a_post_without_xml_is_refused(client, world):
    answer = client.post(f"/openrosa/{world['token']}/submission", {"a.jpg": io.BytesIO(b"x")})

    assert answer.status_code == 400


def test_a_phone_is_for_inspectors_only(world):
    with pytest.raises(ValidationError):
        devices.enrol(owner=person("analyst", "analyst"), name="x", by=person("boss2"))
