"""What a phone sends: once, in any order, in any number of parts; and what is refused, by name."""

from __future__ import annotations

import hashlib
import io
import stat
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import call_command
from django.utils import timezone
from PIL import Image

from config.storage import files
from inspections.devices import services as devices
from inspections.phone import announced, parts
from inspections.phone.models import VisitDraft
from inspections.visits import services as visits
from inspections.visits.models import Evidence, Visit
from surveys.collection import fieldwork
from surveys.designing import services as questionnaires
from tests import field
from tests.inspections.phone.world import (
    ANSWERS,
    HEIC,
    Phone,
    new_uid,
    picture,
    sent_to,
    visit,
    world,
)
from tests.inspections.phone.world import announced as announce
from tests.people import person
from tests.sheets import SETTINGS, replaced, workbook

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _unlimited(settings):
    settings.API_RATES = {"token": None, "network": None}


def words(answer) -> str:
    return " ".join(error["en"] for error in answer.json()["errors"])


# ---- who asks


def test_a_phone_sees_where_its_owner_is_sent_and_nothing_else():
    campaign, assignment, phone = world()
    ben = person("ben", "inspector")
    together = sent_to(campaign, ben, 1, partner=phone.owner)
    sent_to(campaign, ben, 2)

    answer = phone.get().json()

    assert [one["uid"] for one in answer["assignments"]] == [
        str(assignment.uid),
        str(together.uid),
    ]
    assert [one["other"] for one in answer["assignments"]] == ["", "ben"]
    assert answer["assignments"][0]["site"]["name"] == "0号停车场"
    assert answer["assignments"][0]["state"] == "open"


@pytest.mark.parametrize("purpose", ["second", "calibration"])
def test_who_goes_is_not_told_that_the_visit_is_compared_with_another(purpose):
    campaign, ann = field.campaign(), person("ann", "inspector")
    sent_to(campaign, ann, purpose=purpose)

    (one,) = Phone(ann).get().json()["assignments"]

    assert one["purpose"] == "first"


def test_a_phone_knows_where_a_site_lies_in_its_own_datum():
    campaign, assignment, phone = world()
    campaign.sites.filter(pk=assignment.site_id).update(
        latitude=37.87, longitude=112.55, datum="GCJ-02"
    )

    site = phone.get().json()["assignments"][0]["site"]

    assert site["latitude"] == pytest.approx(37.8691, abs=1e-3)
    assert site["longitude"] == pytest.approx(112.5437, abs=1e-3)


def test_a_token_that_was_taken_back_opens_nothing():
    _campaign, _assignment, phone = world()
    devices.revoke(device=phone.device, by=phone.owner)

    assert phone.get().status_code == 401


def test_neither_a_session_nor_another_token_opens_the_phones_api(client):
    _campaign, _assignment, phone = world()
    client.force_login(phone.owner)

    assert client.get("/api/v1/phone/").status_code == 401
    assert (
        client.get("/api/v1/visits/", headers={"Authorization": phone.headers["Authorization"]})
    ).status_code == 401


def test_what_somebody_else_is_sent_to_is_not_there():
    campaign, _assignment, phone = world()
    other = sent_to(campaign, person("ben", "inspector"), 1)

    assert phone.send(other).status_code == 404
    assert phone.get(f"assignments/{other.uid}/draft/").status_code == 404


def test_a_phone_says_what_it_holds():
    _campaign, _assignment, phone = world()

    phone.post("", {"unsent": 3, "app_version": "abc"})

    phone.device.refresh_from_db()
    assert (phone.device.unsent, phone.device.app_version) == (3, "abc")
    assert phone.device.last_seen_at


# ---- the checklist


def test_a_checklist_has_every_section_the_logic_of_all_and_what_is_required():
    campaign, _assignment, phone = world()

    path = f"checklists/{campaign.survey.slug}/{campaign.survey.version_id}/"
    made = phone.get(path + "?language=en").json()

    for name in ("repaired", "problems", "company", "speed", "fixed", "hours", "comment"):
        assert f'data-question="{name}"' in made["html"]
        assert name in made["logic"]["questions"]
    assert set(made["required"]) == {"repaired", "problems", "company", "speed", "fixed"} - {
        "problems"
    } | ({"problems"} & set(made["required"]))
    assert "Repaired?" in made["html"]


def test_a_repeat_has_one_instance_to_copy_even_where_a_count_says_none():
    from tests.sheets import CHOICES

    rows = [
        "type|name|label::zh|label::en|repeat_count",
        "integer|n|几个？|How many?",
        "begin_repeat|item|一个|One|${n}",
        "text|what|什么？|What?",
        "end_repeat",
    ]
    book = workbook(rows, CHOICES, ["form_title|form_id|version", "a / a|counted|1"], None)
    version = questionnaires.freeze(workbook=book, file="counted.xlsx")
    campaign, _assignment, phone = world()
    campaign.survey.version = version
    campaign.survey.save()

    made = phone.get(f"checklists/visits/{version.pk}/").json()

    assert 'name="item:0:what"' in made["html"]
    assert made["logic"]["questions"]["item"]["count"]
    assert made["logic"]["repeats"] == {"item": ["what"]}


# ---- drafts


def draft(revision, **changed):
    return {
        "revision": revision,
        "version": 1,
        "answers": {"speed": str(revision)},
        "question": "speed",
        "begun_at": timezone.now().isoformat(),
    } | changed


def test_an_older_draft_loses():
    campaign, assignment, phone = world()
    path = f"assignments/{assignment.uid}/draft/"
    version = campaign.survey.version_id

    assert phone.put(path, draft(2, version=version)).json() == {"revision": 2}
    assert phone.put(path, draft(1, version=version)).json() == {"revision": 2}
    assert phone.get(path).json()["answers"] == {"speed": "2"}
    assert phone.get().json()["assignments"][0]["draft"] == 2


def test_of_two_phones_with_the_same_revision_the_first_stays():
    campaign, assignment, phone = world()
    other = Phone(phone.owner, name="旧手机")
    path, version = f"assignments/{assignment.uid}/draft/", campaign.survey.version_id

    phone.put(path, draft(4, version=version, question="speed"))
    other.put(path, draft(4, version=version, question="fixed"))

    assert phone.get(path).json()["question"] == "speed"


def test_a_draft_ends_when_the_visit_is_here():
    campaign, assignment, phone = world()
    path = f"assignments/{assignment.uid}/draft/"
    phone.put(path, draft(1, version=campaign.survey.version_id))

    phone.send(assignment)

    assert not VisitDraft.objects.exists()
    assert phone.get(path).status_code == 404
    assert phone.put(path, draft(9, version=campaign.survey.version_id)).status_code == 409


# ---- visits


def test_a_visit_is_recorded_once_however_often_it_is_sent():
    _campaign, assignment, phone = world()
    content = visit(assignment, files=[picture()])

    path = f"assignments/{assignment.uid}/visit/"
    first, again = phone.post(path, content), phone.post(path, content)

    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    made = Visit.objects.get()
    assert made.uid == assignment.uid
    assert list(made.inspectors.all()) == [phone.owner]
    assert made.device == phone.device
    evidence = made.evidence.get()
    assert (evidence.latitude, evidence.datum, evidence.fix_age) == (37.87, "WGS-84", 3)
    assert [event.kind for event in made.events.order_by("number")] == [
        "begun",
        "recorded",
        "captured",
    ]


def test_flaws_are_told_by_question_in_both_languages():
    _campaign, assignment, phone = world()

    answer = phone.send(assignment, answers={**ANSWERS, "hours": "-1", "speed": ""})

    assert answer.status_code == 422
    told = {error["where"]: error for error in answer.json()["errors"]}
    assert told["hours"]["zh-Hans"] == "不能小于 0"
    assert set(told) == {"hours", "speed"}
    assert not Visit.objects.exists()


def test_the_clock_of_the_phone_is_compared_with_ours():
    _campaign, assignment, phone = world()
    slow = timezone.now() - timedelta(days=400)
    moments = {"begun_at": slow - timedelta(minutes=9), "ended_at": slow, "sent_at": slow}

    phone.send(assignment, **{name: at.isoformat() for name, at in moments.items()})

    made = Visit.objects.get()
    assert abs(made.skew - 400 * 86_400) < 60
    assert abs(timezone.now() - made.visited_at) < timedelta(minutes=1), "by our clock"
    assert made.begun_at == moments["begun_at"], "by its own"


def test_a_visit_stays_under_the_version_it_was_begun_with():
    campaign, assignment, phone = world()
    begun = campaign.survey.version_id
    newer = replaced(SETTINGS, "|small|1", "|small|2")
    later = questionnaires.freeze(workbook=workbook(settings=newer), file="small.xlsx")
    fieldwork.change_version(survey=campaign.survey, version=later, by=None)
    assignment.refresh_from_db()

    assert phone.get().json()["assignments"][0]["version"] == later.pk
    assert phone.get(f"checklists/visits/{begun}/").status_code == 200
    assert phone.send(assignment, version=begun).status_code == 201
    assert Visit.objects.get().response.version_id == begun
    assert phone.send(assignment, version=99_999).status_code == 422


def test_what_was_begun_in_time_is_taken_after_the_campaign_closed():
    campaign, assignment, phone = world()
    late = sent_to(campaign, phone.owner, 1)
    survey = campaign.survey
    survey.opens_at = timezone.now() - timedelta(days=9)
    survey.closes_at = timezone.now() - timedelta(days=1)
    survey.save()

    assert phone.send(assignment, minutes=3 * 1440).status_code == 201
    refused = phone.send(late, minutes=5)
    assert refused.status_code == 409
    assert "not open" in words(refused)


def test_a_revisit_is_shown_and_taken_after_the_campaign_closed():
    campaign, assignment, phone = world()
    phone.send(assignment)
    other = Phone(person("ben", "inspector"))
    again = sent_to(campaign, other.owner, purpose="revisit")
    late = sent_to(campaign, other.owner, 1)
    fieldwork.close_now(survey=campaign.survey)

    assert [one["uid"] for one in other.get().json()["assignments"]] == [str(again.uid)]
    assert other.send(again).status_code == 201
    assert other.send(late).status_code == 409

    made = Visit.objects.get(assignment=again)
    assert made.revisit_of == Visit.objects.get(assignment=assignment)


def test_a_pair_records_one_visit_and_the_second_phone_is_told():
    campaign, ann = field.campaign(), person("ann", "inspector")
    ben = person("ben", "inspector")
    assignment = sent_to(campaign, ann, partner=ben)

    assert Phone(ann).send(assignment).status_code == 201
    refused = Phone(ben).send(assignment, answers={**ANSWERS, "speed": "2"})

    assert refused.status_code == 409
    assert "another phone" in words(refused)
    assert set(Visit.objects.get().inspectors.all()) == {ann, ben}


def test_a_visit_that_was_sent_back_is_mended_once():
    _campaign, assignment, phone = world()
    phone.send(assignment, files=[picture()])
    Visit.objects.update(status="returned", note="再拍一张价目表")
    told = phone.get().json()["assignments"][0]
    assert (told["state"], told["note"]) == ("returned", "再拍一张价目表")
    assert phone.get(f"assignments/{assignment.uid}/draft/").json()["answers"]["speed"] == "9"

    mended = {
        "mends": str(new_uid()),
        "answers": {**ANSWERS, "speed": "3"},
        "files": [picture(colour="red")],
    }
    assert phone.send(assignment, **mended).status_code == 201
    assert phone.send(assignment, **mended).status_code == 200

    made = Visit.objects.get()
    assert made.response.answers["speed"] == "3"
    assert (made.status, made.evidence.count()) == ("received", 2)
    assert phone.send(assignment, mends=str(new_uid())).status_code == 409


# ---- files


@pytest.fixture
def sending():
    """Return a visit with one announced photograph, its phone and the bytes."""
    _campaign, assignment, phone = world()
    content = picture((900, 700), "blue")
    phone.send(assignment, files=[content])
    return assignment, phone, content, hashlib.sha256(content).hexdigest()


def test_a_file_arrives_in_parts_and_goes_on_where_it_stopped(sending):
    assignment, phone, content, sha256 = sending
    path = f"assignments/{assignment.uid}/files/{sha256}/"
    half, total = len(content) // 2, len(content)

    first = phone.put_bytes(
        assignment, sha256, content[:half], range_=f"bytes 0-{half - 1}/{total}"
    )
    assert first.json()["have"] == half
    assert not first.json()["received"]
    asked = phone.browser.head(f"/api/v1/phone/{path}", headers=phone.headers)
    assert asked["Upload-Offset"] == str(half)
    missing = phone.get(f"assignments/{assignment.uid}/visit/").json()["missing"]
    assert [(one["sha256"], one["have"]) for one in missing] == [(sha256, half)]
    # sent again from a little earlier, as after a lost answer
    last = phone.put_bytes(
        assignment, sha256, content[half - 9 :], range_=f"bytes {half - 9}-{total - 1}/{total}"
    )

    assert last.json() == {"sha256": sha256, "size": total, "have": total, "received": True}
    assert files.read(sha256) == content
    assert phone.get(f"assignments/{assignment.uid}/visit/").json()["missing"] == []
    assert list(parts._folder().glob("*")) == []


def test_the_same_file_again_is_the_same_file(sending):
    assignment, phone, content, sha256 = sending

    answers = [phone.put_bytes(assignment, sha256, content).json() for _time in range(3)]

    assert answers[0] == answers[1] == answers[2]
    assert Visit.objects.get().events.filter(kind="received").count() == 1


def test_a_part_that_leaves_a_gap_says_how_much_is_here(sending):
    assignment, phone, content, sha256 = sending
    total = len(content)

    refused = phone.put_bytes(
        assignment, sha256, content[50:], range_=f"bytes 50-{total - 1}/{total}"
    )

    assert refused.status_code == 409
    assert "0 bytes are here" in words(refused)


def test_parts_are_readable_by_their_owner_only(sending):
    assignment, phone, content, sha256 = sending
    phone.put_bytes(assignment, sha256, content[:9], range_=f"bytes 0-8/{len(content)}")

    [path] = parts._folder().glob("*")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_parts_that_no_longer_grow_are_cleared(sending, monkeypatch, capsys):
    assignment, phone, content, sha256 = sending
    phone.put_bytes(assignment, sha256, content[:9], range_=f"bytes 0-8/{len(content)}")
    assert parts.clear_old() == 0

    monkeypatch.setattr(parts, "LIVES", -60)
    call_command("forget")

    assert "1 files of which only a part had come" in capsys.readouterr().out
    assert parts.have(Visit.objects.get().pk, sha256) == 0


def test_a_smaller_copy_is_shown_until_the_original_is_here(sending):
    assignment, phone, content, sha256 = sending

    kept = phone.put_bytes(assignment, sha256, picture((80, 60), "blue"), to="preview/")

    evidence = Evidence.objects.get()
    assert not kept.json()["received"]
    assert Image.open(io.BytesIO(visits.copy_of(evidence))).size == (80, 60)
    phone.put_bytes(assignment, sha256, content)
    evidence.refresh_from_db()
    assert Image.open(io.BytesIO(visits.copy_of(evidence))).size == (900, 700)


# ---- what is refused, by its name


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"size": 2 * 2**30}, "IMG_0001.jpg is larger than 20 MB"),
        ({"size": 2 * 2**30, "kind": "recording"}, "is larger than 64 MB"),
        ({"name": "../../etc/passwd"}, "../../etc/passwd is no name of a file"),
        ({"name": "C:\\a.jpg"}, "is no name of a file"),
    ],
)
def test_what_cannot_be_taken_is_refused_when_it_is_announced(changed, said):
    _campaign, assignment, phone = world()

    refused = (
        phone.send(assignment, files=())
        if not changed
        else phone.post(
            f"assignments/{assignment.uid}/visit/",
            visit(assignment) | {"files": [announce(b"x", **changed)]},
        )
    )

    assert refused.status_code == 422
    error = refused.json()["errors"][0]
    assert said in f"{error['where']} {error['en']}"
    assert not Visit.objects.exists()


def test_more_files_than_a_visit_can_have_are_refused():
    _campaign, assignment, phone = world()
    many = [announce(str(n).encode()) for n in range(announced.MOST_FILES + 1)]

    refused = phone.post(
        f"assignments/{assignment.uid}/visit/", visit(assignment) | {"files": many}
    )

    assert refused.status_code == 422
    assert "at most 100 files" in words(refused)


def test_a_heic_picture_is_shown_as_jpeg_and_kept_as_it_came():
    _campaign, assignment, phone = world()
    sha256 = hashlib.sha256(HEIC).hexdigest()
    one = announce(HEIC, name="IMG_0001.HEIC", media_type="image/heic")
    phone.post(f"assignments/{assignment.uid}/visit/", visit(assignment) | {"files": [one]})

    assert phone.put_bytes(assignment, sha256, HEIC).json()["received"]

    piece = Evidence.objects.get()
    assert files.read(piece.sha256) == HEIC
    with Image.open(io.BytesIO(visits.copy_of(piece))) as shown:
        assert (shown.format, shown.size) == ("JPEG", (64, 48))
        assert shown.getpixel((5, 20))[0] < 60 < 200 < shown.getpixel((60, 20))[0]


def with_comment(said: bytes) -> bytes:
    """Return a whole JPEG that begins with a comment."""
    content = picture()
    return content[:2] + b"\xff\xfe" + (len(said) + 2).to_bytes(2, "big") + said + content[2:]


def zipped() -> bytes:
    """Return a ZIP, as it can stand behind a picture."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.class", "x")
    return out.getvalue()


def test_the_film_that_phones_put_behind_a_picture_is_no_harm():
    _campaign, assignment, phone = world()
    moving = picture() + b"\0\0\0\x18ftypmp42" + bytes(90)
    one = announce(moving)
    phone.post(f"assignments/{assignment.uid}/visit/", visit(assignment) | {"files": [one]})

    assert phone.put_bytes(assignment, one["sha256"], moving).json()["received"]


def bomb() -> bytes:
    """Return a small PNG of 100 million pixels."""
    out = io.BytesIO()
    Image.new("1", (10_000, 10_000)).save(out, "PNG")
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "kind", "said"),
    [
        pytest.param(bomb(), "photo", "more than 50 million pixels", id="bomb"),
        pytest.param(picture()[:-60], "photo", "cut off", id="truncated"),
        pytest.param(b"GIF89a", "photo", "no complete picture", id="no picture"),
        pytest.param(HEIC[:-9], "photo", "cut off", id="truncated HEIC"),
        pytest.param(with_comment(b"%PDF-1.7"), "photo", "another kind", id="JPEG and PDF"),
        pytest.param(with_comment(b"<script>"), "photo", "another kind", id="JPEG and page"),
        pytest.param(picture() + zipped(), "photo", "another kind", id="JPEG and ZIP"),
        pytest.param(b"<html>" * 9, "recording", "neither a recording", id="a page as a film"),
        pytest.param(b"\xff\xfe\x00a", "code", "no text", id="no text"),
    ],
)
def test_bytes_that_are_not_what_they_say_are_refused_by_name(content, kind, said):
    _campaign, assignment, phone = world()
    one = announce(content, kind=kind, name="a.bin")
    path = f"assignments/{assignment.uid}/visit/"
    assert phone.post(path, visit(assignment) | {"files": [one]}).status_code == 201

    refused = phone.put_bytes(assignment, one["sha256"], content)

    assert refused.status_code == 422
    assert refused.json()["errors"][0]["where"] == "a.bin"
    assert said in words(refused)
    assert parts.have(Visit.objects.get().pk, one["sha256"]) == 0
    assert Evidence.objects.get().received_at is None


def test_other_bytes_than_were_announced_are_dropped_and_asked_for_again(sending):
    assignment, phone, content, sha256 = sending
    other = content[:-1] + bytes([content[-1] ^ 1])

    refused = phone.put_bytes(assignment, sha256, other)

    assert refused.status_code == 422
    assert "other bytes" in words(refused)
    assert phone.put_bytes(assignment, sha256, content).json()["received"]


@pytest.mark.parametrize(
    ("range_", "status"),
    [
        ("bytes 0-2/3", 422),  # another size than was announced
        ("bytes 0-5/{total}", 422),  # not the length of the body
        ("bytes=0-2", 400),
        ("bytes 5-2/{total}", 422),
    ],
)
def test_a_range_that_is_none_is_refused(sending, range_, status):
    assignment, phone, content, sha256 = sending

    refused = phone.put_bytes(assignment, sha256, b"abc", range_=range_.format(total=len(content)))

    assert refused.status_code == status
    assert parts.have(Visit.objects.get().pk, sha256) == 0


def test_a_part_of_more_than_1_mb_is_refused(sending):
    assignment, phone, _content, sha256 = sending

    assert phone.put_bytes(assignment, sha256, bytes(2**20 + 1)).status_code == 413


def test_what_was_not_announced_has_no_place(sending):
    assignment, phone, _content, _sha256 = sending

    assert phone.put_bytes(assignment, "0" * 64, b"x").status_code == 404
    assert not Path(parts._folder()).exists()
