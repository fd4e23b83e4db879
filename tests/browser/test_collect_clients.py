"""An engine that others wrote, by which ODK fills forms on the web, fills in a checklist that we
serve and posts it to us: what we serve is OpenRosa to more than ourselves.
"""

from __future__ import annotations

import hashlib
import os
from base64 import b64encode

import pytest
from playwright.sync_api import sync_playwright

from inspections.campaigns.models import Assignment
from inspections.devices import services as devices
from inspections.visits import chain
from inspections.visits.models import Visit
from tests import field
from tests.browser import packages
from tests.browser.conftest import ARGUMENTS
from tests.inspections.visits.test_visits import picture
from tests.people import person
from tests.sheets import SURVEY, workbook

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("areas")]
PHOTO = "image|shot|照片|Photograph"

# a client of OpenRosa in a few lines, as ODK's pages are: the list, the form, its files, the post
CLIENT = """
async ([base, assignment, answers, photo]) => {
  const { loadForm } = await import('/engine.js');
  const xml = async (address) => new DOMParser().parseFromString(await (await fetch(address)).text(), 'text/xml');
  const text = (node, name) => node.getElementsByTagName(name)[0].textContent;
  const form = (await xml(`${base}/formList`)).getElementsByTagName('xform')[0];
  const media = {};
  for (const file of (await xml(text(form, 'manifestUrl'))).getElementsByTagName('mediaFile')) {
    media[text(file, 'filename')] = text(file, 'downloadUrl');
  }
  const loaded = await loadForm(new URL(text(form, 'downloadUrl')), {
    fetchFormAttachment: (address) => fetch(media[address.href.split('/').pop()]),
  });
  if (loaded.error) return { error: String(loaded.error) };
  const { root } = loaded.createInstance();
  const bytes = Uint8Array.from(atob(photo), (letter) => letter.charCodeAt(0));
  const filled = [];
  const walk = (node) => {
    const name = node.currentState.reference.split('/').pop();
    if (name === 'mingcha_assignment') node.selectValue(assignment);
    else if (node.nodeType === 'upload') node.setValue(new File([bytes], 'a.jpg', { type: 'image/jpeg' }));
    else if (name in answers && node.nodeType === 'select') node.selectValues([].concat(answers[name]));
    else if (name in answers && node.setValue) node.setValue(answers[name]);
    else return (node.currentState.children || []).forEach(walk);
    filled.push(`${name}: ${node.nodeType}`);
  };
  walk(root);
  const payload = await root.prepareInstancePayload({ payloadType: 'monolithic' });
  const left = (payload.violations || []).map(({ reference, nodeId }) => reference || nodeId);
  const head = await fetch(`${base}/submission`, { method: 'HEAD' });
  const body = new FormData();
  for (const [name, file] of payload.data[0].entries()) body.append(name, file, file.name);
  const answer = await fetch(`${base}/submission`, { method: 'POST', body });
  return { filled, left, status: payload.status, head: head.status, posted: answer.status, said: await answer.text() };
}
"""
ANSWERS = {"repaired": "yes", "problems": ["late"], "company": "某店", "speed": "8", "fixed": "no"}


@pytest.fixture
def engine():
    folder = packages.fetched()
    if folder is None:
        pytest.skip("not run: npm is not installed, or the packages could not be fetched")
    return (folder / "@getodk" / "xforms-engine" / "dist" / "index.js").read_text(encoding="utf-8")


@pytest.fixture
def page(program, monkeypatch, socket_enabled, engine):
    monkeypatch.setitem(os.environ, "DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program("chromium"), args=ARGUMENTS)
        context = browser.new_context(bypass_csp=True, service_workers="block")
        context.set_default_timeout(180_000)
        context.route(
            "**/engine.js",
            lambda route: route.fulfill(body=engine, content_type="text/javascript"),
        )
        yield context.new_page()
        browser.close()


def test_the_engine_of_odk_fills_in_our_checklist_and_its_post_is_a_visit(
    page, live_server, monkeypatch
):
    monkeypatch.setattr("tests.field.workbook", lambda: workbook([*SURVEY[:-1], PHOTO, SURVEY[-1]]))
    campaign, inspector = field.campaign(), person("inspector", "inspector")
    sent = Assignment.objects.create(campaign=campaign, site=campaign.sites.first(), lead=inspector)
    _device, token = devices.enrol(owner=inspector, name="web", by=inspector)
    content = picture()
    page.goto(f"{live_server.url}/login/")

    given = [f"{live_server.url}/openrosa/{token}", str(sent.uid), ANSWERS]
    done = page.evaluate(CLIENT, [*given, b64encode(content).decode()])

    assert done.get("error") is None
    assert (done["head"], done["posted"]) == (204, 201), done
    visit = Visit.objects.get()
    assert visit.assignment == sent
    assert visit.response.answers["repaired"] == "yes"
    piece = visit.evidence.get()
    assert piece.sha256 == hashlib.sha256(content).hexdigest()
    assert piece.received_at
    assert list(chain.breaks(visit)) == []
