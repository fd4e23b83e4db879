"""The evidence pack of a visit: whole as it was written, and a stranger sees what was changed."""

from __future__ import annotations

import io
import subprocess
import sys
import zipfile
from datetime import timedelta

import pikepdf
import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from config.storage import files
from inspections.dossier import pack, pdf
from inspections.evidence import verify
from inspections.review import services as review
from inspections.visits import chain
from inspections.visits import services as visits
from inspections.visits.models import VisitEvent
from tests import field
from tests.inspections.visits.test_visits import picture, record
from tests.people import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def visit():
    inspector, chief, second = person("inspector"), person("chief"), person("second")
    made = record(field.campaign(), inspectors=[inspector], by=inspector)
    visits.add_evidence(visit=made, content=picture(), name="../a 图.jpg", by=inspector)
    review.accept(visit=made, by=chief)
    review.confirm(finding=made.findings.get(), by=second)
    made.refresh_from_db()
    return made


def unpacked(content, folder):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        archive.extractall(folder)
    return folder


def checked(folder):
    """Run the check as a stranger does: its own file, no package of ours within reach."""
    return subprocess.run(
        [sys.executable, "-I", folder / "verify.py"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_stranger_checks_a_pack_with_python_alone(visit, tmp_path):
    folder = unpacked(pack.build(visit=visit, by=person("lawyer")), tmp_path)

    done = checked(folder)

    assert done.returncode == 0, done.stdout + done.stderr
    assert "WHOLE" in done.stdout
    names = sorted(path.name for path in (folder / "originals").iterdir())
    assert len(names) == 1
    assert names[0].endswith("_a_图.jpg")
    assert "修好了吗？" in (folder / "answers-zh-Hans.txt").read_text(encoding="utf-8")


def test_every_file_of_a_pack_is_named_when_one_byte_of_it_is_flipped(visit, tmp_path):
    folder = unpacked(pack.build(visit=visit, by=person("lawyer")), tmp_path)
    for path in sorted(p for p in folder.rglob("*") if p.is_file() and p.name != "verify.py"):
        whole = path.read_bytes()
        flipped = bytearray(whole)
        flipped[len(flipped) // 2] ^= 1
        path.write_bytes(flipped)

        done = checked(folder)

        assert done.returncode == 1
        assert path.relative_to(folder).as_posix() in done.stdout
        path.write_bytes(whole)


def test_a_closed_day_is_in_the_pack_and_leads_to_its_hash(visit, tmp_path):
    two_days_ago = timezone.now() - timedelta(days=2)
    previous = ""
    for event in visit.events.order_by("number"):
        event.at, event.previous = two_days_ago, previous
        event.hash = previous = verify.link(previous, chain.plain(event))
        event.save()
    [root] = chain.close_days()

    folder = unpacked(pack.build(visit=visit, by=person("lawyer")), tmp_path)

    done = checked(folder)
    assert done.returncode == 0, done.stdout
    assert root.hash in done.stdout


def test_the_first_event_of_a_day_closes_the_days_before(visit):
    VisitEvent.objects.update(at=timezone.now() - timedelta(days=2))

    review.look(visit=visit, by=person("lawyer"))

    assert chain.DailyRoot.objects.count() == 1


def test_what_was_changed_in_the_database_or_the_storage_is_found(visit, capsys):
    call_command("evidence", "verify")
    assert "1 visits, 0 daily hashes and 1 files hold" in capsys.readouterr().out

    VisitEvent.objects.filter(number=1).update(by_name="somebody else")
    piece = visit.evidence.get()
    files.forget([])
    storage = files._storage()
    storage.delete(files._name(piece.sha256))
    with pytest.raises(CommandError, match="2 problems"):
        call_command("evidence", "verify")
    out = capsys.readouterr().out
    assert "event 1: was changed" in out
    assert "is missing in the storage" in out


def test_the_same_visit_gives_the_same_dossier(visit):
    first, second = (pdf.dossier(visit, "zh-Hans") for _twice in range(2))

    assert first == second
    with pikepdf.open(io.BytesIO(first)) as document:
        streams = [one for one in document.objects if isinstance(one, pikepdf.Stream)]
        shown = [one for one in streams if one.get("/Subtype") == "/Image"]
        assert [(int(one.Width), int(one.Height)) for one in shown] == [(400, 300)]


def test_a_dossier_shows_the_copy_in_which_faces_are_illegible(visit, client):
    original = visit.evidence.get()
    copy = review.blur(evidence=original, areas=[(0, 0, 500, 500)], by=person("careful"))
    client.force_login(person("lawyer"))

    page = client.get(f"/visits/{visit.pk}/dossier/").content.decode()

    assert f'src="/photographs/{copy.pk}/"' in page
    assert f'src="/photographs/{original.pk}/"' not in page
    with pikepdf.open(io.BytesIO(pdf.dossier(visit, "en"))) as document:
        # pages share their resources: one picture is listed on each
        images = {i.objgen: i for page in document.pages for i in page.get_images().values()}
        assert [(i.Width, i.Height) for i in images.values()] == [(400, 300)], "on paper too"


def test_the_pack_comes_from_the_page_of_the_dossier(visit, client):
    lawyer = person("lawyer", "legal")
    client.force_login(lawyer)

    assert client.get(f"/visits/{visit.pk}/dossier/").status_code == 200
    assert client.get(f"/visits/{visit.pk}/dossier/en/").content.startswith(b"%PDF")
    sent = client.post(f"/visits/{visit.pk}/pack/")

    assert list(verify.problems(_pack(sent.content))) == []
    assert visit.events.filter(kind="exported", by=lawyer).count() == 1


def _pack(content):
    made = verify.Pack.__new__(verify.Pack)
    made.content, made.zip = content, zipfile.ZipFile(io.BytesIO(content))
    return made
