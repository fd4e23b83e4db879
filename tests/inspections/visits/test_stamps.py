"""The hash of a day is stamped by a service from outside; where it fails nothing is lost, and a
stamp that does not fit is named.
"""

from __future__ import annotations

import hashlib
import io
import subprocess
import sys
import zipfile
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from inspections.dossier import pack
from inspections.evidence import verify
from inspections.review import services as review
from inspections.visits import chain, stamps
from inspections.visits import services as visits
from inspections.visits.models import DailyRoot, Visit
from tests import field, stamp_server
from tests.inspections.visits.test_visits import picture, record
from tests.people import person

pytestmark = pytest.mark.django_db
NAME = "Stamp service of a test"


@pytest.fixture
def service(program, tmp_path, settings, socket_enabled):
    program("openssl")
    with stamp_server.running(tmp_path / "tsa") as running:
        settings.TIMESTAMP_URL, settings.TIMESTAMP_ROOT = running.url, str(running.root)
        yield running


@pytest.fixture
def day():
    """A day that is over and closed, with one visit."""
    visit = record(field.campaign(), inspectors=[person("inspector")])
    two_days_ago, previous = timezone.now() - timedelta(days=2), ""
    for event in visit.events.order_by("number"):
        event.at, event.previous = two_days_ago, previous
        event.hash = previous = verify.link(previous, chain.plain(event))
        event.save()
    [root] = chain.close_days()
    return root


def query(content):
    made = stamps.TimestampRequestBuilder().data(content)
    return made.hash_algorithm(stamps.HashAlgorithm.SHA256).build().as_bytes()


def test_closing_stamps_the_day_and_the_stamp_is_checked_again(service, day, capsys):
    call_command("evidence", "close")
    assert f"stamped by {NAME}" in capsys.readouterr().out

    day.refresh_from_db()
    assert day.stamped_by == NAME
    assert abs((timezone.now() - day.stamped_at).total_seconds()) < 3600
    assert stamps.stamped_hash(bytes(day.stamp)) == day.hash
    call_command("evidence", "verify")
    assert "1 daily hashes" in capsys.readouterr().out
    call_command("evidence", "close")
    assert service.asked == 1, "a stamp is asked for once"


def test_a_service_that_does_not_answer_loses_nothing_and_is_asked_again(
    service, day, settings, client
):
    settings.TIMESTAMP_URL = "http://127.0.0.1:9/"  # nobody is there
    with pytest.raises(CommandError, match=r"will be tried again: the time stamp service did not"):
        call_command("evidence", "close")
    day.refresh_from_db()
    assert (day.stamp, day.stamped_by) == (None, "")
    client.force_login(person("boss", "supervisor"))
    assert "尚未加盖时间戳" in client.get("/visits/days/").content.decode()

    settings.TIMESTAMP_URL = service.url
    call_command("evidence", "close")

    assert DailyRoot.objects.get().stamped_by == NAME
    assert NAME in client.get("/visits/days/").content.decode()


def test_what_is_no_stamp_or_not_of_this_day_is_refused_and_not_kept(service, day):
    other = service.stamp(query(b"another day"))
    for answer in (b"", b"<html>sign in</html>", other):
        service.answer = answer

        with pytest.raises(CommandError, match="is not stamped"):
            call_command("evidence", "close")

        assert DailyRoot.objects.get().stamp is None


def test_a_stamp_by_somebody_who_is_not_trusted_is_refused(service, day, settings, tmp_path):
    settings.TIMESTAMP_ROOT = str(stamp_server.Service(tmp_path / "another").root)

    with pytest.raises(CommandError, match="does not fit"):
        call_command("evidence", "close")

    assert DailyRoot.objects.get().stamp is None


def test_a_stamp_that_was_changed_exchanged_or_cannot_be_checked_is_named(
    service, day, settings, capsys
):
    call_command("evidence", "close")
    day.refresh_from_db()
    whole = bytes(day.stamp)
    flipped = bytearray(whole)
    flipped[-20] ^= 1  # within the signature
    other = service.stamp(query(b"another day"))
    for wrong in (bytes(flipped), b"no stamp", other):
        DailyRoot.objects.update(stamp=wrong)
        with pytest.raises(CommandError, match="1 problems"):
            call_command("evidence", "verify")
        assert f"{day.day}, time stamp: " in capsys.readouterr().out

    DailyRoot.objects.update(stamp=whole)
    settings.TIMESTAMP_ROOT = ""
    with pytest.raises(CommandError, match="1 problems"):
        call_command("evidence", "verify")
    assert "set MINGCHA_TIMESTAMP_ROOT" in capsys.readouterr().out


def test_the_first_event_of_a_day_has_the_days_before_stamped(
    service, day, django_capture_on_commit_callbacks, settings
):
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
    visit = Visit.objects.get()
    with django_capture_on_commit_callbacks(execute=True):
        review.look(visit=visit, by=person("lawyer"))

    assert DailyRoot.objects.get().stamped_by == NAME


def test_the_stamp_is_in_the_pack_and_openssl_checks_it_with_the_printed_command(
    service, day, tmp_path, client
):
    call_command("evidence", "close")
    day.refresh_from_db()
    visit, folder = Visit.objects.get(), tmp_path / "pack"
    with zipfile.ZipFile(io.BytesIO(pack.build(visit=visit, by=None))) as archive:
        archive.extractall(folder)

    done = run([sys.executable, "-I", "verify.py"], folder)

    assert done.returncode == 0, done.stdout
    [command] = [line for line in done.stdout.splitlines() if "openssl" in line]
    checked = run(command.replace("ROOT.pem", str(service.root)).split(), folder)
    assert "Verification: OK" in checked.stdout + checked.stderr
    lawyer = person("lawyer", "legal")
    client.force_login(lawyer)
    assert NAME in client.get(f"/visits/{visit.pk}/dossier/").content.decode()

    stamp = folder / "stamps" / f"{day.day}.tsr"
    stamp.write_bytes(service.stamp(query(b"another day")))
    said = run([sys.executable, "-I", "verify.py"], folder).stdout
    assert f"stamps/{day.day}.tsr: was changed" in said
    assert f"stamps/{day.day}.tsr: is not the time stamp of the hash of {day.day}" in said


def run(command, folder):
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def test_a_stamp_from_outside_is_kept_beside_the_file_it_is_of_and_no_other(service):
    visit = record(field.campaign(), inspectors=[person("inspector")])
    content = picture()
    piece = visits.add_evidence(visit=visit, content=content, name="a.jpg")
    right = service.stamp(query(content))
    wrong = service.stamp(query(b"another file"))
    chief = person("chief")

    with pytest.raises(review.NotAllowed, match="another file"):
        review.certify(evidence=piece, content=wrong, name="a.tsr", number="TSA-1", by=chief)
    made = review.certify(evidence=piece, content=right, name="a.tsr", number="TSA-1", by=chief)

    assert (made.of, made.number) == (piece, "TSA-1")
    assert stamps.stamped_hash(right) == hashlib.sha256(content).hexdigest()
