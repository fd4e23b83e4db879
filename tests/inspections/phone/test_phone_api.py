"""What a phone sends: visits before files, files in pieces and any order, everything twice."""

from __future__ import annotations

import hashlib
import io
import json
from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone
from PIL import Image

from inspections.campaigns.models import Assignment
from inspections.devices import services as devices
from inspections.phone import services as phone
from inspections.review import services as review
from inspections.visits import chain
from inspections.visits.models import Visit
from tests import field
from tests.inspections.visits.test_visits import FAULTY, picture
from tests.people import person

pytestmark = pytest.mark.django_db
V1 = "/api/v1/phone"


class Phone:
    """A phone of an inspector with one assignment."""

    def __init__(self, client):
        self.client = client
        self.owner = person("inspector", "inspector")
        self.campaign = field.campaign()
        self.assignment = Assignment.objects.create(
            campaign=self.campaign, site=self.campaign.sites.first(), lead=self.owner
        )
        self.device, token = devices.make(owner=self.owner, name="红米", by=person("chief"))
        self.headers = {"Authorization": f"Bearer {token}"}

    def get(self, path):
        return self.client.get(V1 + path, headers=self.headers)

    def send(self, *files, path="visits", method="post", **changed):
        now = timezone.now()
        body = {
            "uid": str(uuid4()),
            "version": self.campaign.survey.version_id,
            "answers": FAULTY,
            "begun_at": (now - timedelta(minutes=9)).isoformat(),
            "ended_at": now.isoformat(),
            "now": (now - timedelta(minutes=7)).isoformat(),
            "place": {"latitude": 37.87, "longitude": 112.55, "accuracy": 12.5, "age": 1},
            "files": [captured(content) for content in files],
        } | changed
        return getattr(self.client, method)(
            f"{V1}/{path}/{self.assignment.uid}/",
            json.dumps(body),
            content_type="application/json",
            headers=self.headers,
        )

    def put(self, content, begin=0, end=None, *, sha256=None, size=None, kind="files"):
        digest = sha256 or hashlib.sha256(content).hexdigest()
        piece = content[begin:end]
        last = begin + len(piece) - 1
        return self.client.put(
            f"{V1}/visits/{self.assignment.uid}/{kind}/{digest}/",
            piece,
            content_type="application/octet-stream",
            headers={
                **self.headers,
                "Content-Range": f"bytes {begin}-{last}/{size or len(content)}",
            },
        )


def captured(content, **changed):
    return {
        "sha256": hashlib.sha256(content).hexdigest(),
        "size": len(content),
        "name": "a.jpg",
        "kind": "photo",
        "source": "camera",
        "question": "",
        "media_type": "image/jpeg",
        "at": timezone.now().isoformat(),
        "place": {"latitude": 37.87, "longitude": 112.55},
    } | changed


@pytest.fixture
def phone_(client):
    return Phone(client)


def test_a_phone_is_told_what_to_visit(phone_):
    told = phone_.get("/?unsent=2&app=1").json()

    assert [one["uid"] for one in told["assignments"]] == [str(phone_.assignment.uid)]
    phone_.device.refresh_from_db()
    assert (phone_.device.unsent, phone_.device.app_version) == (2, "1")
    assert phone_.device.last_seen_at is not None
    form = phone_.get(f"/checklists/{told['assignments'][0]['version']}/?language=zh-Hans").json()
    assert 'name="speed"' in form["html"]
    assert "修好了吗？" in form["html"]


def test_a_visit_comes_before_its_files_and_says_what_is_missing(phone_):
    content = picture()

    answer = phone_.send(content)

    assert answer.status_code == 200, answer.content
    assert answer.json()["missing"] == [hashlib.sha256(content).hexdigest()]
    visit = Visit.objects.get()
    assert visit.skew == pytest.approx(7 * 60, abs=5)
    assert (visit.latitude, visit.datum) == (37.87, "WGS-84")
    assert list(visit.events.values_list("kind", flat=True)) == ["begun", "recorded", "captured"]

    assert phone_.put(content).json() == {
        "received": len(content),
        "size": len(content),
        "safe": True,
    }
    assert phone_.get(f"/visits/{phone_.assignment.uid}/").json()["missing"] == []
    assert list(chain.breaks(visit)) == []
    assert phone_.get("/").json()["assignments"] == []


def test_everything_sent_again_changes_nothing(phone_):
    content, uid = picture(), str(uuid4())
    for _again in range(3):
        assert phone_.send(content, uid=uid).status_code == 200
        assert phone_.put(content).json()["safe"]

    assert Visit.objects.count() == 1
    assert Visit.objects.get().evidence.count() == 1
    assert Visit.objects.get().events.filter(kind="received").count() == 1


def test_a_file_comes_in_pieces_and_goes_on_where_it_broke_off(phone_):
    content = picture((1200, 900)) + b"\0" * 5000
    phone_.send(content)
    half = len(content) // 2

    assert phone_.put(content, 0, half).json()["received"] == half
    assert phone_.put(content, 0, half).json()["received"] == half  # sent again
    assert phone_.put(content, half + 9).json()["received"] == half  # too far on
    assert not Visit.objects.get().evidence.get().received_at
    assert phone_.put(content, half).json()["safe"]


def test_other_bytes_than_those_announced_are_refused(phone_):
    content = picture()
    phone_.send(content)
    wrong = bytes(reversed(content))

    answer = phone_.put(wrong, sha256=hashlib.sha256(content).hexdigest())

    assert answer.status_code == 409
    assert phone_.put(content).json()["safe"]  # and they can be sent again


def test_only_what_was_announced_is_taken(phone_):
    phone_.send()

    assert phone_.put(picture()).status_code == 404


@pytest.mark.parametrize(
    ("header", "status"), [("", 400), ("bytes 0-1/9", 400), ("bytes x-y/z", 400)]
)
def test_a_range_that_does_not_fit_is_refused(phone_, header, status):
    content = picture()
    phone_.send(content)
    answer = phone_.client.put(
        f"{V1}/visits/{phone_.assignment.uid}/files/{hashlib.sha256(content).hexdigest()}/",
        content,
        content_type="application/octet-stream",
        headers={**phone_.headers, "Content-Range": header},
    )

    assert answer.status_code == status


def bomb():
    out = io.BytesIO()
    Image.new("1", (60_000, 60_000)).save(out, "PNG")
    return out.getvalue()


@pytest.mark.parametrize(
    "content",
    [b"<html>no picture</html>", picture()[:200], b"%PDF-1.7 polyglot"],
    ids=["html", "cut off", "pdf"],
)
def test_what_is_no_whole_picture_is_refused_by_name(phone_, content):
    phone_.send(content)

    answer = phone_.put(content)

    assert answer.status_code == 400
    assert "a.jpg" in answer.json()["errors"][0]["where"]


def test_a_bomb_is_refused_by_name(phone_):
    content = bomb()
    phone_.send(content)

    answer = phone_.put(content)

    assert answer.status_code == 400
    assert "50 million" in answer.json()["errors"][0]["en"]


@pytest.mark.parametrize("size", [0, 2**31], ids=["empty", "2 GB"])
def test_a_file_of_that_size_is_not_even_announced(phone_, size):
    answer = phone_.send(files=[captured(b"x", size=size)])

    assert answer.status_code == 400
    assert not Visit.objects.exists()


def test_answers_that_do_not_fit_are_said_by_question(phone_):
    answer = phone_.send(answers={**FAULTY, "speed": "11"})

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["where"] == "speed"


def test_a_draft_is_kept_and_an_older_one_loses(phone_):
    body = {"revision": 5, "question": "speed", "answers": {"repaired": "yes"}}
    assert phone_.send(path="drafts", method="put", **body).status_code == 200
    older = phone_.send(path="drafts", method="put", **{**body, "revision": 4})

    assert older.status_code == 409
    kept = phone_.get(f"/drafts/{phone_.assignment.uid}/").json()
    assert (kept["question"], kept["answers"]) == ("speed", {"repaired": "yes"})
    phone_.send()
    assert phone_.get(f"/drafts/{phone_.assignment.uid}/").status_code == 404


def test_a_preview_is_shown_until_the_original_is_here(phone_):
    content = picture()
    phone_.send(content)

    digest = hashlib.sha256(content).hexdigest()
    assert phone_.put(picture((90, 60)), sha256=digest, kind="previews").status_code == 200

    evidence = Visit.objects.get().evidence.get()
    assert evidence.shown
    assert evidence.received_at is None


def test_what_was_sent_back_is_mended_and_a_new_photograph_joins_the_old(phone_):
    old, new = picture(), picture((320, 200))
    phone_.send(old)
    phone_.put(old)
    review.give_back(visit=Visit.objects.get(), note="补拍门头", by=person("boss"))
    [told] = phone_.get("/").json()["assignments"]
    assert (told["returned"], told["note"]) == (True, "补拍门头")
    assert told["answers"]["speed"] == FAULTY["speed"]

    assert phone_.send(new, answers={**FAULTY, "fixed": "yes"}).status_code == 200

    assert phone_.put(new).json()["safe"]
    visit = Visit.objects.get()
    assert visit.evidence.count() == 2
    assert visit.status == "received"


def test_a_visit_of_an_older_checklist_stays_under_it(phone_):
    from surveys.collection import fieldwork
    from surveys.designing import services as designing
    from tests.sheets import SETTINGS, SURVEY, replaced, workbook

    before = phone_.campaign.survey.version_id
    newer = designing.freeze(
        workbook=workbook(
            replaced(SURVEY, "速度|Speed", "上门速度|Speed"),
            settings=replaced(SETTINGS, "|small|1", "|small|2"),
        ),
        file="small.xlsx",
    )
    fieldwork.change_version(survey=phone_.campaign.survey, version=newer, by=person("boss"))

    assert phone_.send(version=before).status_code == 200
    assert Visit.objects.get().response.version_id == before
    assert phone_.send(version=99_999).status_code == 400


def test_another_phone_sees_nothing_and_one_that_is_shut_out_neither(phone_):
    other = person("other", "inspector")
    _device, token = devices.make(owner=other, name="x", by=other)
    mine = phone_.headers
    phone_.headers = {"Authorization": f"Bearer {token}"}
    assert phone_.send().status_code == 404
    phone_.headers = mine
    devices.revoke(device=phone_.device, by=other)

    assert phone_.send().status_code == 401
    assert phone_.get("/").status_code == 401


def test_parts_that_nobody_went_on_with_are_deleted_after_a_month(phone_, settings):
    import os

    content = picture()
    phone_.send(content)
    phone_.put(content, 0, 100)
    [part] = (settings.VAR / "parts").iterdir()
    assert phone.forget_parts() == 0
    os.utime(part, (0, 0))

    assert phone.forget_parts() == 1
