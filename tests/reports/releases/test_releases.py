"""A report goes to the public by four people, through its gates, and stays what it was."""

from __future__ import annotations

import json
import shutil
from datetime import timedelta

import pytest
from django.utils import timezone

from config.accounts.models import AuditEvent
from config.storage import files
from config.work.models import Job
from inspections.visits.models import Finding
from reports.production import on_page
from reports.production.models import Report
from reports.publishing import bundle
from reports.releases import gates, log, services, steps
from reports.releases.models import Release, ReleaseFile
from reports.releases.services import NotPossible
from surveys.collection import rights
from surveys.quality import services as cleaning
from tests import field
from tests.inspections.visits.test_visits import record
from tests.pages import html, seen
from tests.people import person
from tests.reports.production.test_on_page import PLAN, made

pytestmark = pytest.mark.django_db
TEXTS = {
    "title_zh": "维修服务比较",
    "title_en": "Repair services compared",
    "summary_zh": "两家企业的服务有差别。",
    "summary_en": "The services of two companies differ.",
}


@pytest.fixture
def people():
    roles = {"ann": "analyst", "vic": "verifier", "lea": "legal", "pat": "publisher"}
    return {name: person(name, role) for name, role in roles.items()}


@pytest.fixture
def survey():
    survey = field.survey()
    field.send(survey)
    return survey


def cleaned(survey):
    survey.cleaned_at = timezone.now()
    survey.save()
    return survey


def ranking(survey, elm=40.0):
    """Return a report that is done, with small files in place of those that take seconds to make."""
    job = Job.objects.create(title="Repairs · ranking", state=Job.State.DONE)
    report = Report.objects.create(kind="ranking", survey=survey, plan=PLAN, job=job)
    companies = [
        {"name": "白蜡电器", "class": "above", "rank": 1, "score": 90.0, "status": "ranked"},
        {"name": "榆树电器", "class": "below", "rank": 2, "score": elm, "status": "ranked"},
        {"name": "少数电器", "class": None, "rank": None, "score": None, "status": "withheld"},
    ]
    contents = {
        "ranking.json": json.dumps({"companies": companies}).encode(),
        "ranking.csv": b"rank,name\n1,ash\n",
        "ranking.en.pdf": b"%PDF-1.7 a small one",
        "snapshot.parquet": b"PAR1 single answers",
    }
    bundle.write(bundle.with_manifest(contents, {}), report.folder)
    on_page.keep(report.pk, {"zh-Hans": "<p>白蜡电器</p>", "en": "<p>白蜡电器</p>"})
    return report


def drafted(report, people, slug="repairs"):
    return services.draft(report=report, slug=slug, texts=TEXTS, by=people["ann"])


def take(release, step, by, **given):
    return services.take(release=release, step=steps.STEPS[step], by=by, **given)


def asked(release, people):
    """Take a release to the point where the companies have been asked."""
    take(release, "freeze", people["ann"])
    take(release, "verify", people["vic"])
    take(release, "clear", people["lea"])
    due = timezone.localdate() + timedelta(days=10)
    return take(release, "ask", people["lea"], means="registered letter", due_on=due)


def published(release, people):
    asked(release, people)
    for reply in release.replies.all():
        services.record_reply(
            reply=reply, text="we disagree", replied_on=timezone.localdate(), by=people["lea"]
        )
    take(release, "decide", people["pat"], reason="proved")
    return take(release, "publish", people["pat"])


def refused(call, *args, **given):
    with pytest.raises(NotPossible) as error:
        call(*args, **given)
    return str(error.value)


def test_a_release_takes_every_step_and_tells_each(client, survey, people):
    for i in range(30):
        field.send(survey, company="ash", speed=str(8 + i % 3))
        field.send(survey, company="elm", speed=str(2 + i % 3))
    report = made(kind="ranking", survey=cleaned(survey), plan=PLAN)
    release = published(drafted(report, people), people)

    assert release.state == "published"
    kinds = [event.kind for event in release.events.all()]
    assert kinds == [
        *("draft", "freeze", "verify", "clear", "ask", "reply", "reply", "decide", "publish")
    ]
    assert log.breaks(release.events.all()) == []
    assert AuditEvent.objects.filter(action="release.step").count() == len(kinds)
    page = client.get("/r/repairs/?lang=en")
    assert page.status_code == 200
    assert "Repair services compared" in html(page)
    assert "we disagree" in html(page)
    assert "白蜡电器" in html(page)


def test_no_step_is_left_out_and_none_is_taken_twice(survey, people):
    release = drafted(ranking(cleaned(survey)), people)

    assert "already draft" in refused(take, release, "verify", people["vic"])
    take(release, "freeze", people["ann"])
    assert "already frozen" in refused(take, release, "freeze", people["ann"])
    assert "already frozen" in refused(take, release, "publish", people["pat"])


def test_a_step_needs_its_role(survey, people):
    release = drafted(ranking(cleaned(survey)), people)
    take(release, "freeze", people["ann"])

    assert "role" in refused(take, release, "verify", people["lea"])


def test_four_people_do_the_four_things(survey, people):
    release = drafted(ranking(cleaned(survey)), people)
    both = person("bo", "analyst", "verifier")
    take(release, "freeze", both)

    assert "Somebody else" in refused(take, release, "verify", both)
    take(release, "back", people["vic"], reason="a name is wrong")
    take(release, "freeze", people["ann"])  # begun anew, the one before counts no more
    assert take(release, "verify", both).state == "verified"


def test_what_is_frozen_is_not_changed_and_can_go_back(survey, people):
    release = drafted(ranking(cleaned(survey)), people)
    take(release, "freeze", people["ann"])

    said = refused(services.change, release=release, texts=TEXTS, by=people["ann"])
    assert "frozen" in said
    assert "reason" in refused(take, release, "back", people["vic"])
    take(release, "back", people["vic"], reason="a name is wrong")
    services.change(release=release, texts={**TEXTS, "title_en": "Repairs"}, by=people["ann"])
    release.refresh_from_db()
    assert (release.state, release.title_en) == ("draft", "Repairs")


def test_a_file_that_is_not_what_was_frozen_shuts_the_gate(survey, people):
    release = drafted(ranking(cleaned(survey)), people)
    take(release, "freeze", people["ann"])
    ReleaseFile.objects.filter(name="ranking.csv").update(sha256="0" * 64)

    assert "ranking.csv is no longer there" in refused(take, release, "verify", people["vic"])


def test_a_file_of_the_report_that_was_changed_is_not_frozen(survey, people):
    report = ranking(cleaned(survey))
    release = drafted(report, people)
    (report.folder / "ranking.csv").write_text("another ranking")

    assert "not what the report made" in refused(take, release, "freeze", people["ann"])
    assert not release.files.exists()


def test_a_report_whose_files_are_gone_is_not_frozen(survey, people):
    report = ranking(cleaned(survey))
    release = drafted(report, people)
    shutil.rmtree(report.folder)

    assert "not been made" in refused(take, release, "freeze", people["ann"])


def test_answers_withdrawn_since_shut_the_gate(survey, people):
    release = drafted(ranking(cleaned(survey)), people)
    take(release, "freeze", people["ann"])
    rights.withdraw(response=survey.responses.first())

    assert "1 person has withdrawn" in refused(take, release, "verify", people["vic"])


@pytest.mark.parametrize(
    ("name", "text", "word"),
    [("title_zh", "维修黑榜", "黑榜"), ("summary_en", "A response rate of 9 %.", "response rate")],
)
def test_words_that_must_not_be_said_shut_the_gate(survey, people, name, text, word):
    report = ranking(cleaned(survey))
    release = services.draft(
        report=report, slug="repairs", texts={**TEXTS, name: text}, by=people["ann"]
    )
    take(release, "freeze", people["ann"])
    take(release, "verify", people["vic"])

    assert word in refused(take, release, "clear", people["lea"])


def test_a_survey_that_is_not_cleaned_shuts_the_gate(survey, people):
    release = drafted(ranking(survey), people)
    take(release, "freeze", people["ann"])
    take(release, "verify", people["vic"])

    assert "Cleaning" in refused(take, release, "clear", people["lea"])


def test_findings_without_a_second_person_shut_the_gate(people):
    campaign = field.campaign()
    visit = record(campaign)
    visit.status = "accepted"
    visit.save()
    release = drafted(made(kind="inspection", survey=campaign.survey), people)
    take(release, "freeze", people["ann"])
    take(release, "verify", people["vic"])
    n = Finding.objects.filter(visit=visit).count()
    assert n

    assert f"{n} finding" in refused(take, release, "clear", people["lea"])
    Finding.objects.update(confirmed_at=timezone.now(), confirmed_by=people["vic"])
    assert take(release, "clear", people["lea"]).state == "cleared"


def test_companies_answer_or_let_the_day_pass(survey, people, monkeypatch):
    release = asked(drafted(ranking(cleaned(survey)), people), people)
    ash, elm = release.replies.order_by("company")[0], release.replies.order_by("company")[1]
    services.record_reply(
        reply=ash, text="that is so", replied_on=timezone.localdate(), by=people["lea"]
    )

    said = refused(take, release, "decide", people["pat"], reason="proved")
    assert elm.company in said
    assert ash.company not in said
    later = timezone.localdate() + timedelta(days=11)
    monkeypatch.setattr(timezone, "localdate", lambda *_args: later)
    assert take(release, "decide", people["pat"], reason="proved").state == "decided"


def test_a_gate_is_passed_by_two_and_it_is_printed(client, survey, people):
    release = drafted(ranking(survey), people)  # not cleaned
    take(release, "freeze", people["ann"])
    take(release, "verify", people["vic"])
    passed = services.override(
        release=release, gate="cleaning", reason="nothing was flagged", by=people["lea"]
    )

    assert "Cleaning" in refused(take, release, "clear", people["lea"])  # one is not two
    assert "Somebody else" in refused(services.agree, override=passed, by=people["lea"])
    services.agree(override=passed, by=people["pat"])
    take(release, "clear", people["lea"])
    due = timezone.localdate()
    take(release, "ask", people["lea"], means="letter", due_on=due)
    for reply in release.replies.all():
        services.record_reply(reply=reply, text="no", replied_on=due, by=people["lea"])
    take(release, "decide", people["pat"], reason="proved")
    take(release, "publish", people["pat"])
    page = html(client.get("/r/repairs/v1.0.0/?lang=en"))
    assert "nothing was flagged (decided by lea and pat)" in page


def test_changed_bytes_cannot_be_passed_by_anybody(survey, people):
    release = drafted(ranking(cleaned(survey)), people)
    take(release, "freeze", people["ann"])
    ReleaseFile.objects.filter(name="ranking.csv").update(sha256="0" * 64)

    said = refused(
        services.override, release=release, gate="files", reason="it is fine", by=people["lea"]
    )
    assert "cannot be passed" in said


def test_a_line_of_the_log_that_was_changed_is_found(survey, people):
    release = drafted(ranking(cleaned(survey)), people)
    take(release, "freeze", people["ann"])
    release.events.filter(number=1).update(by_name="somebody else")

    assert log.breaks(release.events.all()) == [1]
    assert "line 1" in refused(take, release, "verify", people["vic"])


def test_an_embargo_ends_by_itself(client, survey, people):
    release = asked(drafted(ranking(cleaned(survey)), people), people)
    for reply in release.replies.all():
        services.record_reply(
            reply=reply, text="no", replied_on=timezone.localdate(), by=people["lea"]
        )
    take(release, "decide", people["pat"], reason="proved")
    tomorrow = timezone.now() + timedelta(days=1)
    take(release, "publish", people["pat"], public_from=tomorrow)

    for address in ("/r/repairs/", "/r/repairs/v1.0.0/", "/r/repairs/v1.0.0/ranking.csv"):
        assert client.get(address).status_code == 404
    Release.objects.update(public_from=timezone.now())
    assert client.get("/r/repairs/").status_code == 200


def test_a_correction_takes_the_place_and_says_what_changed(client, survey, people):
    first = published(drafted(ranking(cleaned(survey)), people), people)
    because = {"because_zh": "漏了三十份答卷", "because_en": "thirty responses were missing"}
    second = services.correct(
        release=first, report=ranking(survey, elm=55.5), because=because, by=people["ann"]
    )
    said = refused(
        services.correct, release=first, report=ranking(survey), because=because, by=people["ann"]
    )
    published(second, people)

    assert "begun already" in said
    first.refresh_from_db()
    assert (first.state, second.version) == ("corrected", "1.1.0")
    old, new = (html(client.get(f"/r/repairs/v{v}/?lang=en")) for v in ("1.0.0", "1.1.0"))
    assert "This version was corrected." in old
    assert "To version 1.1.0" in old
    assert "thirty responses were missing" in new
    assert "<td>榆树电器</td> <td>Score</td> <td>40.00</td> <td>55.50</td>" in new
    assert "v1.1.0" in client.get("/r/feed.xml").content.decode()


def test_what_is_withdrawn_leaves_a_stone(client, survey, people):
    release = published(drafted(ranking(cleaned(survey)), people), people)
    digest = release.files.get(name="ranking.csv").sha256
    take(release, "withdraw", people["pat"], reason="a company was mistaken for another")

    page = client.get("/r/repairs/?lang=en")
    assert page.status_code == 410
    assert "a company was mistaken for another" in html(page)
    assert "白蜡电器" not in html(page)
    assert client.get("/r/repairs/v1.0.0/ranking.csv").status_code == 404
    lines = json.loads(b"".join(client.get("/r/repairs/v1.0.0/log.json").streaming_content))
    assert lines[-1]["kind"] == "withdraw"
    assert "withdrawn" in html(client.get(f"/verify/?sha256={digest}&lang=en"))


def test_a_copy_is_checked_by_its_hash(client, survey, people):
    release = published(drafted(ranking(cleaned(survey)), people), people)
    content = b"".join(client.get("/r/repairs/v1.0.0/ranking.en.pdf").streaming_content)
    digest = release.files.get(name="ranking.en.pdf").sha256
    assert files.read(digest) == content

    ours = client.get(f"/verify/?sha256={digest.upper()}&lang=en")
    strange = client.get(f"/verify/?sha256={'0' * 64}&lang=en")
    slip = client.get("/verify/?sha256=12&lang=en")
    assert "Repair services compared" in html(ours)
    assert "not from us" in html(strange)
    assert slip.status_code == 422
    assert "64 signs" in html(slip)


def test_single_answers_are_frozen_and_not_public(client, survey, people):
    release = published(drafted(ranking(cleaned(survey)), people), people)

    assert release.files.filter(name="snapshot.parquet").exists()
    assert client.get("/r/repairs/v1.0.0/snapshot.parquet").status_code == 404
    assert client.get("/r/repairs/v1.0.0/zh-Hans.html").status_code == 404


def test_the_way_on_the_pages(client, survey, people):
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    report = ranking(cleaned(survey))
    client.force_login(people["ann"])
    assert f"/reports/{report.pk}/release/" in html(client.get(f"/reports/{report.pk}/"))

    begun = client.post(f"/reports/{report.pk}/release/", {**TEXTS, "slug": "repairs"})
    again = client.post(f"/reports/{report.pk}/release/", {**TEXTS, "slug": "repairs"})
    address = begun["Location"]
    change = f"{address}change/"
    changed = client.post(change, {**TEXTS, "title_en": "R", **seen(client, change)})
    frozen = client.post(f"{address}steps/freeze/")
    mine = client.get(address)
    client.force_login(people["vic"])
    verified = client.post(f"{address}steps/verify/")
    client.force_login(people["lea"])
    client.post(f"{address}steps/clear/")
    nothing = client.post(f"{address}steps/ask/", {"means": "letter", "due_on": "soon"})

    assert again.status_code == 422
    assert "has this address already" in html(again)
    assert [a.status_code for a in (begun, changed, frozen, verified)] == [302] * 4
    assert "Next: The numbers are right (Verifier)" in html(mine)
    assert nothing.status_code == 422
    assert Release.objects.get().title_en == "R"
    assert client.post(f"{address}steps/nonsense/").status_code == 404


def test_cleaning_really_ends(survey, people):
    """The gate asks for what `cleaning.finish` writes."""
    release = drafted(ranking(survey), people)
    survey.closes_at = timezone.now()
    survey.save()
    cleaning.finish(survey=survey, reason="nothing was flagged", by=people["ann"])

    wrong = {gate.name: gate.wrong for gate in gates.gates_of(Release.objects.get(pk=release.pk))}
    assert wrong["cleaning"] == ""
