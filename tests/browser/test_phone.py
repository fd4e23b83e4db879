"""The inspector's page as a volunteer meets it: in a basement, in WeChat, with a browser that dies.

Nothing that was recorded is lost and nothing arrives twice, whatever fails and when.
"""

from __future__ import annotations

import gzip
import io
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen
from uuid import uuid4

import pytest
from django.contrib.staticfiles import finders
from PIL import Image
from playwright.sync_api import sync_playwright

from config.work import server
from inspections.phone import views
from inspections.visits.models import Evidence, Visit
from tests.browser.conftest import ARGUMENTS
from tests.conftest import ROOT
from tests.inspections.phone.world import HEIC, picture, sent_to, world
from tests.postgresql import free_port

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("areas")]
SHOTS = os.environ.get("MINGCHA_PHONE_SHOTS")


@pytest.fixture(autouse=True)
def _unlimited(settings):
    settings.API_RATES = {"token": None, "network": None}


@pytest.fixture
def profile(program, monkeypatch, socket_enabled, tmp_path):
    """Return a function that starts a browser whose storage outlives it."""
    chromium = program("chromium")
    monkeypatch.setitem(os.environ, "DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    opened = []
    with sync_playwright() as playwright:

        def start(**options):
            context = playwright.chromium.launch_persistent_context(
                str(tmp_path / "profile"),
                executable_path=chromium,
                args=ARGUMENTS,
                viewport={"width": 360, "height": 760},
                locale="zh-CN",
                geolocation={"latitude": 37.87, "longitude": 112.55, "accuracy": 15},
                permissions=["geolocation"],
                **options,
            )
            context.set_default_timeout(180_000)  # a busy machine is no fault of the page
            opened.append(context)
            return context

        yield start
        for context in opened:
            context.close()


def shot(page, name: str) -> None:
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/{name}.png", full_page="full" in name)


def tap(page, name, value):
    page.locator(f"#q-{name} label", has=page.locator(f'input[value="{value}"]')).click()


def opened(context, live_server, token, shows=".card"):
    """Open the page by its code, as a phone does, and wait for what it shows."""
    page = context.new_page()
    page.faults = []
    page.on("pageerror", lambda error: page.faults.append(str(error)))
    page.goto(f"{live_server.url}/i/#{token}")
    page.wait_for_selector(shows)
    return page


def begin(page):
    page.click(".card .step")
    page.wait_for_selector("form.visit")


def answer(page):
    """Answer everything that has to be answered."""
    tap(page, "repaired", "yes")
    tap(page, "problems", "late")
    tap(page, "company", "not_sure")
    tap(page, "speed", "8")
    tap(page, "fixed", "no")


def noise(seed: int, size=(700, 500)) -> bytes:
    """Return a picture that hardly gets smaller: some 320 kB, two parts."""
    out = io.BytesIO()
    pixels = random.Random(seed).randbytes(size[0] * size[1] * 3)
    Image.frombytes("RGB", size, pixels).save(out, "JPEG", quality=90)
    return out.getvalue()


def photograph(page, tmp_path, content=None, name="a.jpg"):
    """Take a photo by the button, as the camera gives it back; return its bytes."""
    path = tmp_path / name
    path.write_bytes(content or picture((1200, 900), "red"))
    before = page.locator(".proof .file").count()
    with page.expect_file_chooser() as chooser:
        page.locator(".proof .ways button").first.click()
    chooser.value.set_files(path)
    counted = "n => document.querySelectorAll('.proof .file').length > n"
    page.wait_for_function(counted, arg=before)
    return path.read_bytes()


def finish(page):
    page.click("#finish.ready")
    page.wait_for_selector(".cards")


def installed(page):
    """Wait until the page would open without network."""
    page.wait_for_function(
        """async () => {
          const names = await caches.keys();
          return navigator.serviceWorker.controller && names.some((name) => name.startsWith('shell-'));
        }"""
    )


def is_safe(page):
    page.wait_for_selector(".card.safe[data-state=safe]")


def tapping(page):
    """Tap on “send” until everything is safe, so that nothing waits for a minute."""
    page.evaluate("() => { window.tapping = setInterval(() => Sending.go(), 400); }")
    page.wait_for_selector(".card.safe[data-state=safe]", timeout=900_000)


def test_a_visit_with_a_photo_arrives(profile, live_server, tmp_path):
    campaign, assignment, phone = world()
    sent_to(campaign, phone.owner, 1)
    page = opened(profile(), live_server, phone.token)
    shot(page, "list")
    assert phone.token not in page.url

    begin(page)
    shot(page, "visit")
    assert page.text_content("#finish").startswith("还")
    page.click("#finish")  # leads to what is missing
    assert page.locator("#q-repaired > .error").text_content()
    answer(page)
    content = photograph(page, tmp_path)
    shot(page, "visit-full")
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    finish(page)
    is_safe(page)
    shot(page, "safe")

    visit = Visit.objects.get()
    evidence = visit.evidence.get()
    assert visit.uid == assignment.uid
    assert visit.response.answers["speed"] == "8"
    assert evidence.received_at
    assert (evidence.size, evidence.source) == (len(content), "camera")
    assert (evidence.latitude, evidence.longitude, evidence.datum) == (37.87, 112.55, "WGS-84")
    assert evidence.captured_at
    assert abs(visit.skew) < 60
    assert page.evaluate(
        "async (uid) => (await Store.filesOf(uid)).map((file) => file.blob)", str(visit.uid)
    ) == [None], "dropped when its hash was confirmed"
    assert page.faults == []


def kill(tmp_path) -> None:
    """Kill the browser of this test's own profile, as an empty battery does."""
    profile = str(tmp_path / "profile").encode()
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            mine = profile in (folder / "cmdline").read_bytes()
        except OSError:
            continue
        if mine:
            try:
                os.kill(int(folder.name), signal.SIGKILL)
            except ProcessLookupError:
                continue


def test_offline_in_the_middle_of_a_photo_and_the_browser_killed_nothing_is_lost(
    profile, live_server, tmp_path
):
    _campaign, _assignment, phone = world()
    context = profile()
    page = opened(context, live_server, phone.token)
    installed(page)
    begin(page)
    context.set_offline(True)
    answer(page)
    page.fill("[name=comment]", "收银台后面")
    photograph(page, tmp_path)
    with page.expect_file_chooser():  # the camera is open, and the phone throws the page away
        page.locator(".proof .ways button").first.click()
    kill(tmp_path)

    context = profile()
    context.set_offline(True)
    page = context.new_page()
    page.goto(f"{live_server.url}/i/")
    page.wait_for_selector("form.visit")
    assert "相机" in page.text_content(".notice")
    assert page.locator("#q-speed input[value='8']").is_checked()
    assert page.input_value("[name=comment]") == "收银台后面"
    assert page.locator(".proof .file").count() == 1
    second = photograph(page, tmp_path, picture((900, 1200), "blue"), "b.jpg")
    shot(page, "after-kill")
    finish(page)
    page.wait_for_selector(".card[data-state=finished]")
    assert "在这部手机里" in page.text_content(".card .state")
    shot(page, "offline")
    kill(tmp_path)
    assert not Visit.objects.exists()

    page = profile().new_page()
    page.goto(f"{live_server.url}/i/")
    is_safe(page)

    visit = Visit.objects.get()
    assert visit.response.answers["comment"] == "收银台后面"
    assert visit.evidence.filter(received_at=None).count() == 0
    assert visit.evidence.count() == 2
    assert visit.evidence.filter(size=len(second)).exists()


def test_two_windows_send_every_file_once(profile, live_server, tmp_path):
    _campaign, _assignment, phone = world()
    context = profile()
    page = opened(context, live_server, phone.token)
    begin(page)
    answer(page)
    for seed in range(2):
        photograph(page, tmp_path, noise(seed), f"{seed}.jpg")
    # it comes back to the visit that is under way
    other = opened(context, live_server, phone.token, shows="form.visit")
    tap(other, "speed", "3")
    other.wait_for_function("() => document.querySelector('.status').textContent")
    tap(page, "fixed", "yes")  # of two windows the later one is not overwritten by the earlier
    page.wait_for_selector("#q-speed input[value='3']:checked", state="attached")
    sent = []
    for one in (page, other):
        one.on(
            "request",
            lambda request: (
                sent.append((request.url, request.headers.get("content-range")))
                if request.method == "PUT" and "content-range" in request.headers
                else None
            ),
        )
    finish(page)
    for _time in range(3):
        other.evaluate("Sending.go()")
    is_safe(page)

    visit = Visit.objects.get()
    assert visit.response.answers["speed"] == "3"
    assert visit.events.filter(kind="received").count() == 2
    assert len(sent) >= 4
    assert len(sent) == len(set(sent)), "no part was sent twice"
    assert page.faults + other.faults == []


def test_without_web_locks_a_lease_keeps_one_window_sending(profile, live_server, tmp_path):
    _campaign, _assignment, phone = world()
    context = profile()
    context.add_init_script("Object.defineProperty(navigator, 'locks', { value: undefined })")
    page = opened(context, live_server, phone.token)
    page.evaluate("Store.put('meta', { by: 'another', until: Date.now() + 6000 }, 'lease')")
    begin(page)
    answer(page)
    finish(page)
    page.wait_for_selector(".notice.other_tab")
    assert not Visit.objects.exists()

    is_safe(page)

    assert Visit.objects.count() == 1


REFUSED = "Object.defineProperty(window, 'indexedDB', { value: { open() { throw new Error() } } })"


def test_a_browser_that_keeps_nothing_begins_no_visit(profile, live_server):
    _campaign, _assignment, phone = world()
    context = profile()
    context.add_init_script(REFUSED)
    page = context.new_page()

    page.goto(f"{live_server.url}/i/#{phone.token}")

    page.wait_for_selector(".no_storage")
    assert "无痕" in page.text_content(".no_storage")
    assert page.locator(".step").count() == 0
    shot(page, "no-storage")


def test_with_hardly_any_room_no_visit_is_begun(profile, live_server):
    _campaign, _assignment, phone = world()
    context = profile()
    context.add_init_script("navigator.storage.estimate = async () => ({ quota: 9e6, usage: 1e6 })")
    page = opened(context, live_server, phone.token)

    page.click(".card .step")

    page.wait_for_selector(".warning")
    assert "7 MB" in page.text_content(".warning")
    assert page.evaluate("async () => (await Store.all('visits')).length") == 0
    shot(page, "no-room")


# 200 kbit/s, as in a village or a basement
SLOW = {"offline": False, "latency": 300, "downloadThroughput": 25_000, "uploadThroughput": 25_000}


def test_on_a_slow_line_with_a_third_of_all_requests_failing_every_file_arrives_once(
    profile, live_server, tmp_path
):
    _campaign, _assignment, phone = world()
    context = profile()
    page = opened(context, live_server, phone.token)
    begin(page)
    answer(page)
    for seed in range(3):
        photograph(page, tmp_path, noise(seed), f"{seed}.jpg")
    asked = []

    def flaky(route):
        """Let every third request fail, by turns when it has arrived and before."""
        asked.append(route.request.method)
        if len(asked) % 3:
            return route.continue_()
        if len(asked) % 2:
            route.fetch()
        return route.abort()

    context.route("**/api/v1/phone/**", flaky)
    line = context.new_cdp_session(page)
    line.send("Network.enable")
    line.send("Network.emulateNetworkConditions", SLOW)
    finish(page)
    # each failure would wait longer than the one before; a person taps
    tapping(page)

    visit = Visit.objects.get()
    assert len(asked) // 3 >= 3, "seven requests arrive, so three or more have failed"
    assert visit.evidence.filter(received_at=None).count() == 0
    assert visit.events.filter(kind="received").count() == visit.evidence.count() == 3
    assert page.faults == []


SEED = """
import django
django.setup()
from tests.inspections.phone.world import world
print(world()[2].token)
"""
LOOK = """
import django
django.setup()
from inspections.visits.models import Visit
from config.storage import files
import hashlib
[visit] = Visit.objects.all()
for one in visit.evidence.all():
    assert one.received_at
    assert hashlib.sha256(files.read(one.sha256)).hexdigest() == one.sha256
print(visit.evidence.count(), visit.events.filter(kind="received").count())
"""


def test_a_server_that_is_killed_at_each_step_of_an_upload_loses_nothing(profile, tmp_path):
    var, port = tmp_path / "var", free_port()
    environment = {
        **os.environ,
        "MINGCHA_VAR": str(var),
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "PYTHONPATH": str(ROOT),
    }

    def run(*command):
        done = subprocess.run(
            [sys.executable, *command], cwd=ROOT, env=environment, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    class Site:
        def __init__(self):
            self.process = subprocess.Popen(
                server.site("127.0.0.1", port),
                cwd=ROOT,
                env=environment,
                start_new_session=True,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            for _time in range(600):
                try:
                    with urlopen(f"http://127.0.0.1:{port}/login/", timeout=5):
                        return
                except (URLError, OSError):
                    time.sleep(0.3)

        def kill(self):
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    run("manage.py", "migrate", "-v", "0")
    token = run("-c", SEED).splitlines()[-1]
    site = Site()
    try:
        context = profile()
        page = context.new_page()
        page.goto(f"http://127.0.0.1:{port}/i/#{token}")
        page.wait_for_selector(".card")
        begin(page)
        answer(page)
        photograph(page, tmp_path, noise(0))
        tried = Counter()

        def killing(route):
            """Let the server die twice at each step: before it has arrived, and when it has and its
            answer is lost.
            """
            nonlocal site
            request = route.request
            step = (request.method, request.url, request.headers.get("content-range"))
            tried[step] += 1
            if tried[step] > 2:
                route.continue_()
                return
            if tried[step] == 2:
                route.fetch()
            site.kill()
            route.abort()
            site = Site()

        context.route("**/files/*/", killing)
        context.route("**/visit/", killing)
        finish(page)
        tapping(page)
    finally:
        site.kill()

    assert sorted(method for method, _url, _range in tried) == ["POST", "PUT", "PUT"]
    assert set(tried.values()) == {3}
    assert run("-c", LOOK) == "1 1"
    assert list((var / "parts").glob("*")) == []


WECHAT = (
    "Mozilla/5.0 (Linux; Android 12) AppleWebKit/537.36 Chrome/120.0 Mobile Safari/537.36"
    " MicroMessenger/8.0.49 WeChat/arm64"
)


def test_in_wechat_the_page_comes_back_to_the_same_question(
    profile, live_server, tmp_path, program
):
    _campaign, assignment, phone = world()
    context = profile(user_agent=WECHAT)
    page = opened(context, live_server, phone.token)
    assert "浏览器" in page.text_content(".notice.wechat")
    shot(page, "wechat")
    begin(page)
    answer(page)
    page.fill("[name=hours]", "4")
    page.wait_for_function("() => document.querySelector('.status').textContent.includes('协会')")

    page.goto("about:blank")  # the venue's own code is scanned
    page.goto(f"{live_server.url}/i/")
    page.wait_for_selector("form.visit")

    assert page.evaluate("document.activeElement.name") == "hours"
    assert page.input_value("[name=hours]") == "4"
    # what WeChat clears away is at the association
    page.goto("about:blank")
    context.clear_cookies()
    session = context.new_cdp_session(page)
    session.send(
        "Storage.clearDataForOrigin", {"origin": live_server.url, "storageTypes": "indexeddb"}
    )
    page.goto(f"{live_server.url}/i/#{phone.token}")
    page.wait_for_selector(".card .step")
    begin(page)
    page.wait_for_function("() => document.activeElement.name === 'hours'")
    assert page.locator("#q-speed input[value='8']").is_checked()
    finish(page)
    is_safe(page)
    assert Visit.objects.get().response.answers["hours"] == 4


def test_a_new_version_waits_for_the_visit_that_is_under_way(profile, live_server, monkeypatch):
    _campaign, _assignment, phone = world()
    page = opened(profile(), live_server, phone.token)
    installed(page)
    begin(page)
    answer(page)

    monkeypatch.setattr(views, "version", lambda: "newer")
    page.evaluate("navigator.serviceWorker.ready.then((one) => one.update())")
    page.wait_for_function(
        "() => navigator.serviceWorker.ready.then((one) => Boolean(one.waiting))"
    )
    page.reload()
    page.wait_for_selector("form.visit")
    assert page.locator("#q-speed input[value='8']").is_checked()
    assert "shell-newer" in page.evaluate("caches.keys()")
    assert len(page.evaluate("caches.keys()")) == 2, "the old one serves still"
    finish(page)
    is_safe(page)

    page.reload()
    page.wait_for_function(
        "() => caches.keys().then((names) => names.filter((n) => n.startsWith('shell-')).length === 1)"
    )
    assert "shell-newer" in page.evaluate("caches.keys()")


def test_a_visit_keeps_the_version_of_its_checklist(profile, live_server):
    from surveys.collection import fieldwork
    from surveys.designing import services as questionnaires
    from tests.sheets import SETTINGS, SURVEY, replaced, workbook

    campaign, _assignment, phone = world()
    begun = campaign.survey.version_id
    page = opened(profile(), live_server, phone.token)
    begin(page)
    answer(page)
    rows = replaced(SURVEY, "text|comment|还有什么？|Anything else?", "text|more|补充|More")
    rows.insert(-2, "text|comment|还有什么？|Anything else?||||||multiline")
    newer = questionnaires.freeze(
        workbook=workbook(rows, settings=replaced(SETTINGS, "|small|1", "|small|2")),
        file="small.xlsx",
    )
    fieldwork.change_version(survey=campaign.survey, version=newer, by=None)

    page.reload()
    page.wait_for_selector("form.visit")
    assert page.locator("#q-more").count() == 0
    finish(page)
    is_safe(page)

    assert Visit.objects.get().response.version_id == begun


def test_enter_that_ends_a_word_being_put_together_is_no_enter(profile, live_server):
    _campaign, _assignment, phone = world()
    page = opened(profile(), live_server, phone.token)
    begin(page)
    answer(page)
    page.focus("[name=hours]")
    press = """(composing) => document.activeElement.dispatchEvent(new KeyboardEvent('keydown',
      { key: 'Enter', isComposing: composing, bubbles: true, cancelable: true }))"""

    page.evaluate(press, True)
    assert page.evaluate("document.activeElement.name") == "hours"
    page.evaluate(press, False)

    assert page.evaluate("document.activeElement.name") == "comment"


def test_what_cannot_be_shown_is_refused_when_it_is_taken(profile, live_server, tmp_path):
    _campaign, _assignment, phone = world()
    page = opened(profile(), live_server, phone.token)
    begin(page)
    path = tmp_path / "c.jpg"
    path.write_bytes(b"not a picture")

    with page.expect_file_chooser() as chooser:
        page.locator(".proof .ways button").first.click()
    chooser.value.set_files(path)

    page.wait_for_selector(".proof .capture .error:not(:empty)")
    said = page.text_content(".proof .capture .error")
    assert "c.jpg" in said
    assert "不是完整的图片" in said
    assert page.locator(".proof .file").count() == 0
    assert page.evaluate("async () => (await Store.all('files')).length") == 0
    shot(page, "no-picture")


def test_a_heic_picture_that_this_browser_cannot_show_is_kept_and_sent(
    profile, live_server, tmp_path
):
    _campaign, _assignment, phone = world()
    page = opened(profile(), live_server, phone.token)
    begin(page)
    answer(page)
    photograph(page, tmp_path, HEIC, "IMG_0001.HEIC")
    shot(page, "heic")
    finish(page)
    is_safe(page)

    piece = Evidence.objects.get()
    assert (piece.name, piece.size) == ("IMG_0001.HEIC", len(HEIC))
    assert piece.received_at


def test_what_was_sent_back_is_mended_on_the_phone(profile, live_server, tmp_path):
    _campaign, _assignment, phone = world()
    page = opened(profile(), live_server, phone.token)
    begin(page)
    answer(page)
    photograph(page, tmp_path)
    finish(page)
    is_safe(page)
    Visit.objects.update(status="returned", note="价目表看不清")

    page.reload()
    page.wait_for_selector(".card.wrong")
    assert "价目表看不清" in page.text_content(".card.wrong")
    shot(page, "returned")
    begin(page)
    assert "价目表看不清" in page.text_content(".errors")
    assert page.locator("#q-speed input[value='8']").is_checked()
    tap(page, "speed", "2")
    photograph(page, tmp_path, picture((1000, 700), "green"), "new.jpg")
    shot(page, "mending")
    finish(page)
    is_safe(page)

    visit = Visit.objects.get()
    assert (visit.status, visit.response.answers["speed"]) == ("received", "2")
    assert visit.evidence.exclude(received_at=None).count() == 2, "a new photo joins the old"


def test_the_code_of_a_route_plan_opens_its_visit(profile, live_server):
    campaign, one, phone = world()
    other = sent_to(campaign, phone.owner, site=1)
    page = opened(profile(), live_server, phone.token)

    page.goto(f"{live_server.url}/i/#visit={other.uid}")

    page.wait_for_selector("form.visit")
    assert other.site.name in page.locator("header").inner_text()
    page.click("button.back")
    page.wait_for_selector(".card")
    page.goto(f"{live_server.url}/i/#visit={uuid4()}")
    page.wait_for_selector(".notice.warning")
    assert page.locator("form.visit").count() == 0
    assert page.faults == []


def test_a_test_purchase_waits_for_a_week(profile, live_server):
    campaign, _assignment, phone = world()
    campaign.kind = "test_purchase"
    campaign.save()
    page = opened(profile(), live_server, phone.token)
    begin(page)
    answer(page)
    page.wait_for_function("() => document.querySelector('.status').textContent")
    page.evaluate(
        """async () => {
          const [visit] = await Store.all('visits');
          const before = new Date(Date.now() - 6 * 86400000 - 60000);
          await Store.set('visits', visit.uid, { begun_at: before.toISOString(), touched_at: +before });
          await Store.put('meta', null, 'current');
        }"""
    )

    page.reload()
    page.wait_for_selector(".card.draft")
    assert "第 7 天" in page.text_content(".card.draft")
    shot(page, "purchase")
    page.click("button.language")
    page.wait_for_function("() => document.documentElement.lang === 'en'")
    shot(page, "list-en")
    begin(page)
    assert page.locator("#q-speed input[value='8']").is_checked()
    finish(page)
    is_safe(page)

    visit = Visit.objects.get()
    assert (visit.visited_at - visit.begun_at).days == 6


def test_the_code_of_a_site_is_written_where_it_cannot_be_read(profile, live_server):
    _campaign, _assignment, phone = world()
    page = opened(profile(), live_server, phone.token)
    begin(page)
    answer(page)
    page.fill(".code input[type=text]", "https://pay.example.cn/q?store=7")
    page.click(".code button:last-of-type")
    page.wait_for_selector(".proof .file")
    finish(page)
    is_safe(page)

    evidence = Evidence.objects.get()
    assert (evidence.kind, evidence.text) == ("code", "https://pay.example.cn/q?store=7")
    assert evidence.received_at


def test_repeats_are_added_taken_away_and_counted(profile, live_server):
    from surveys.designing import services as questionnaires
    from tests.sheets import CHOICES, workbook

    campaign, _assignment, phone = world()
    rows = [
        "type|name|label::zh|label::en|repeat_count|required",
        "begin_repeat|till|收银台|Till",
        "text|sign|写着什么？|What does it say?||yes",
        "begin_repeat|coin|硬币|Coin",
        "integer|worth|多少？|How much?",
        "end_repeat",
        "end_repeat",
        "integer|n|几位店员？|How many clerks?",
        "begin_repeat|clerk|店员|Clerk|${n}",
        "text|said|说了什么？|What did they say?",
        "end_repeat",
    ]
    book = workbook(rows, CHOICES, ["form_title|form_id|version", "a / a|tills|1"], None)
    campaign.survey.version = questionnaires.freeze(workbook=book, file="tills.xlsx")
    campaign.survey.save()
    page = opened(profile(), live_server, phone.token)
    begin(page)

    page.click("#q-till > p > .more")
    page.click("#q-till > p > .more")
    page.fill("[name='till:0:sign']", "扫码点单")
    page.fill("[name='till:1:sign']", "只收现金")
    page.click("[id='q-till:1:coin'] > p > .more")
    page.fill("[name='till:1:coin:0:worth']", "5")
    page.fill("[name=n]", "2")
    page.wait_for_selector("[name='clerk:1:said']")
    page.fill("[name='clerk:1:said']", "没有菜单")
    shot(page, "repeats-full")
    page.locator("#q-till .less").first.click()
    page.wait_for_function("() => !document.querySelector(\"[name='till:1:sign']\")")
    assert page.input_value("[name='till:0:sign']") == "只收现金"
    assert page.input_value("[name='till:0:coin:0:worth']") == "5"
    finish(page)
    is_safe(page)

    answers = Visit.objects.get().response.answers
    assert answers["till"] == [{"sign": "只收现金", "coin": [{"worth": 5}]}]
    assert answers["clerk"][1] == {"said": "没有菜单"}
    assert page.faults == []


def test_what_the_server_refuses_is_opened_again_with_its_words(profile, live_server):
    _campaign, _assignment, phone = world()
    page = opened(profile(), live_server, phone.token)
    begin(page)
    answer(page)
    page.evaluate(
        """async () => {
          const [visit] = await Store.all('visits');
          await Store.set('visits', visit.uid, { state: 'finished', ended_at: new Date().toISOString(),
            answers: { repaired: 'yes', problems: ['late', 'none'], company: 'not_sure', speed: '8', fixed: 'no' } });
          await Store.put('meta', null, 'current');
        }"""
    )

    page.reload()
    page.wait_for_selector(".card[data-state=flawed]")
    shot(page, "flawed")
    begin(page)
    assert "没有就别选其他" in page.text_content(".errors")
    tap(page, "problems", "none")
    finish(page)
    is_safe(page)
    assert Visit.objects.count() == 1


def test_a_phone_that_was_shut_out_says_so_and_keeps_what_it_has(profile, live_server):
    from inspections.devices import services as devices

    _campaign, _assignment, phone = world()
    page = opened(profile(), live_server, phone.token)
    begin(page)
    answer(page)
    page.wait_for_function("() => document.querySelector('.status').textContent.includes('协会')")
    devices.revoke(device=phone.device, by=phone.owner)

    finish(page)

    page.wait_for_selector(".notice.revoked")
    assert page.locator(".card[data-state=finished]").count() == 1
    shot(page, "revoked")


def test_script_and_style_of_the_app_are_at_most_60_kb_compressed():
    sizes = {
        name: len(gzip.compress(Path(finders.find(name)).read_bytes(), 6))
        for name in (*views.SCRIPTS, *views.STYLES)
    }

    assert sum(sizes.values()) <= 60_000, sizes
