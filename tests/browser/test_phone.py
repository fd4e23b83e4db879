"""The inspector's phone: a visit without network, thrown away and found again, and every file
arrives once.
"""

from __future__ import annotations

import hashlib

import pytest
from playwright.sync_api import expect

from inspections.campaigns.models import Assignment
from inspections.devices import services as devices
from inspections.phone.models import VisitDraft
from inspections.review import services as review
from inspections.visits.models import Visit
from tests import field
from tests.browser.test_fill import tap
from tests.inspections.visits.test_visits import picture
from tests.people import person
from tests.sheets import SURVEY, workbook

pytestmark = pytest.mark.django_db(transaction=True)
REPEAT = [
    "begin_repeat|offers|优惠|Offers",
    "text|offer|内容|What|yes",
    "end_repeat",
]
PHOTO = "image|shot|门头照片|Photograph of the sign"


@pytest.fixture
def world(monkeypatch, tmp_path, areas):
    book = workbook([*SURVEY[:-1], PHOTO, *REPEAT, SURVEY[-1]])
    monkeypatch.setattr("tests.field.workbook", lambda: book)
    campaign = field.campaign()
    inspector = person("inspector", "inspector")
    assignment = Assignment.objects.create(
        campaign=campaign, site=campaign.sites.first(), lead=inspector
    )
    _device, token = devices.make(owner=inspector, name="红米", by=person("chief"))
    files = []
    for n, size in enumerate([(1300, 900), (640, 480)]):
        path = tmp_path / f"{n}.jpg"
        path.write_bytes(picture(size))
        files.append(path)
    return {
        "campaign": campaign,
        "assignment": assignment,
        "token": token,
        "files": files,
        "digests": {hashlib.sha256(path.read_bytes()).hexdigest() for path in files},
    }


def begin(page, live_server, world):
    page.goto(f"{live_server.url}/i/#{world['token']}")
    page.get_by_role("link", name="开始").click()
    page.wait_for_selector("body[data-ready]")
    return page


def first_section(page):
    tap(page, "repaired", "yes")
    tap(page, "problems", "late")
    page.get_by_role("button", name="下一步").click()


def second_section(page, world):
    tap(page, "company", "not_sure")
    tap(page, "speed", "9")
    tap(page, "fixed", "no")
    shot = page.locator(".question[data-question=shot] input[type=file]").nth(1)
    shot.set_input_files(world["files"][0])
    expect(page.locator(".question[data-question=shot] .shelf img")).to_be_visible()


def kept_answers(page):
    return page.evaluate("Store.all('drafts').then((all) => all[0].answers)")


def test_a_visit_is_made_on_the_phone(phone, live_server, world, tmp_path):
    page = begin(phone(), live_server, world)
    first_section(page)
    second_section(page, world)
    page.get_by_role("button", name="下一步").click()
    page.locator(".proof input[data-kind=screenshot]").set_input_files(world["files"][1])
    expect(page.locator(".proof .shelf img")).to_be_visible()
    page.get_by_role("button", name="完成体察").click()

    expect(page.locator(".state.safe")).to_have_text("已安全到达协会。", timeout=15_000)
    visit = Visit.objects.get()
    assert {e.sha256 for e in visit.evidence.exclude(received_at=None)} == world["digests"]
    assert visit.response.answers["speed"] == "9"
    assert page.evaluate("Store.all('files')") == []
    assert page.faults == []


def test_without_network_nothing_is_lost_and_everything_is_sent_later(phone, live_server, world):
    page = begin(phone(), live_server, world)
    page.wait_for_function("navigator.serviceWorker.ready.then((r) => !!r.active)")
    page.context.set_offline(True)
    first_section(page)
    second_section(page, world)
    kept = kept_answers(page)
    page.close()  # the phone threw the page away in the middle of it

    again = page.context.new_page()
    again.goto(f"{live_server.url}/i/")
    again.get_by_role("link", name="继续").click()
    again.wait_for_selector("body[data-ready]")
    assert kept_answers(again) == kept
    expect(again.locator(".question[data-question=shot] .shelf img")).to_be_visible()
    again.get_by_role("button", name="下一步").click()
    again.get_by_role("button", name="完成体察").click()
    expect(again.locator(".state")).to_contain_text("在这部手机里")
    assert not Visit.objects.exists()

    again.context.set_offline(False)
    expect(again.locator(".state.safe")).to_be_visible(timeout=20_000)
    visit = Visit.objects.get()
    assert visit.evidence.exclude(received_at=None).count() == 1


def test_a_third_of_the_requests_fail_and_every_file_arrives_once(phone, live_server, world):
    page = begin(phone(), live_server, world)
    first_section(page)
    second_section(page, world)
    page.get_by_role("button", name="下一步").click()
    page.locator(".proof input[data-kind=screenshot]").set_input_files(world["files"][1])
    expect(page.locator(".proof .shelf img")).to_be_visible()
    count = {"asked": 0}

    def often_fails(route):
        count["asked"] += 1
        if count["asked"] % 3 == 1:
            route.abort("connectionreset")
        else:
            route.continue_()

    page.route("**/api/v1/phone/**", often_fails)
    page.get_by_role("button", name="完成体察").click()

    expect(page.locator(".state.safe")).to_be_visible(timeout=60_000)
    visit = Visit.objects.get()
    assert {e.sha256 for e in visit.evidence.exclude(received_at=None)} == world["digests"]
    assert visit.events.filter(kind="received").count() == 2


def test_two_pages_send_once(phone, live_server, world):
    page = begin(phone(), live_server, world)
    first_section(page)
    second_section(page, world)
    page.get_by_role("button", name="下一步").click()
    page.context.set_offline(True)
    page.get_by_role("button", name="完成体察").click()
    expect(page.locator(".state")).to_contain_text("在这部手机里")
    other = page.context.new_page()
    other.goto(f"{live_server.url}/i/")
    page.context.set_offline(False)

    for one in (page, other):
        expect(one.locator(".state.safe")).to_be_visible(timeout=20_000)
    assert Visit.objects.get().events.filter(kind="received").count() == 1


def test_online_the_server_keeps_the_draft_and_gives_it_back(phone, live_server, world):
    page = begin(phone(), live_server, world)
    first_section(page)
    tap(page, "speed", "9")
    page.wait_for_function("Store.all('drafts').then((all) => all[0].question === 'speed')")
    expect(page.locator("body[data-ready]")).to_be_attached()
    for _wait in range(50):
        draft = VisitDraft.objects.filter(question="speed").first()
        if draft:
            break
        page.wait_for_timeout(200)
    assert draft.answers["speed"] == "9"

    elsewhere = phone()  # WeChat forgot everything that it kept
    elsewhere.goto(f"{live_server.url}/i/#{world['token']}")
    elsewhere.get_by_role("link", name="开始").click()
    elsewhere.wait_for_selector("body[data-ready]")
    expect(elsewhere.locator("input[name=speed][value='9']")).to_be_checked()
    expect(elsewhere.locator(".question[data-question=speed]")).to_be_in_viewport()


def test_what_keeps_nothing_is_refused_at_the_start(phone, live_server, world):
    page = phone()
    page.add_init_script(
        "indexedDB.open = () => { throw new DOMException('no', 'SecurityError'); }"
    )
    page.goto(f"{live_server.url}/i/#{world['token']}")

    expect(page.locator("#said")).to_contain_text("无痕")


def test_repeats_grow_shrink_and_come_back(phone, live_server, world):
    page = begin(phone(), live_server, world)
    first_section(page)
    for text in ("五折", "买一送一", "免费洗车"):
        page.locator(".repeat .more").click()
        page.locator(".repeat .part").last.locator("input[type=text]").fill(text)
    page.on("dialog", lambda dialog: dialog.accept())
    page.locator(".repeat .less").nth(1).click()
    expect(page.locator(".repeat .part")).to_have_count(2)
    assert kept_answers(page)["offers"] == [{"offer": "五折"}, {"offer": "免费洗车"}]

    page.reload()
    page.wait_for_selector("body[data-ready]")
    assert [
        field.input_value() for field in page.locator(".repeat .part input[type=text]").all()
    ] == [
        "五折",
        "免费洗车",
    ]


def test_what_is_missing_is_asked_for_before_going_on(phone, live_server, world):
    page = begin(phone(), live_server, world)
    page.get_by_role("button", name="下一步").click()

    expect(page.locator(".question[data-question=repaired] .error")).to_have_text("请回答这一题。")


def test_what_was_sent_back_is_mended_on_the_phone(phone, live_server, world):
    page = begin(phone(), live_server, world)
    first_section(page)
    second_section(page, world)
    page.get_by_role("button", name="下一步").click()
    page.get_by_role("button", name="完成体察").click()
    expect(page.locator(".state.safe")).to_be_visible(timeout=15_000)
    review.give_back(visit=Visit.objects.get(), note="请补拍收据", by=person("boss"))

    page.reload()
    expect(page.locator("#assignments")).to_contain_text("请补拍收据")
    page.get_by_role("link", name="补正并重新发送").click()
    page.wait_for_selector("body[data-ready]")
    page.get_by_role("button", name="下一步").click()
    expect(page.locator("input[name=speed][value='9']")).to_be_checked()
    page.get_by_role("button", name="下一步").click()
    page.locator(".proof input[data-kind=photo]").set_input_files(world["files"][1])
    expect(page.locator(".proof .shelf img")).to_be_visible()
    page.get_by_role("button", name="完成体察").click()

    expect(page.locator(".state.safe")).to_be_visible(timeout=15_000)
    visit = Visit.objects.get()
    assert visit.evidence.exclude(received_at=None).count() == 2
    assert visit.status == "received"
