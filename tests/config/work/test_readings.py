"""Large files are read by the worker: followed, stopped in the middle, read again."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from django_tasks import task

from config.language.problems import InvalidInput, Problem
from config.storage import files
from config.work import jobs, readings
from config.work.models import FileReading, Job
from tests.people import person

pytestmark = pytest.mark.django_db


@task()
def length(reading_id: int, language: str) -> None:
    with readings.running(reading_id, language) as (reading, tell):
        tell("half", False)
        content = readings.content_of(reading)
        if not content:
            raise InvalidInput(*(Problem(f"row {n}", "is empty") for n in range(203)))
        reading.outcome = {"length": len(content)}


def begun(content=b"abc", by=None):
    digest = files.store_temporary(content)
    return readings.begin(
        read=length, purpose="test", sha256=digest, name="a.csv", by=by or person("ada")
    )


def test_what_came_of_it_is_kept():
    reading = begun()
    assert reading.job.state == "waiting"

    length.func(reading.pk, "en")

    reading.refresh_from_db()
    assert (reading.outcome, reading.job.state) == ({"length": 3}, "done")


def test_one_that_waits_is_not_begun_twice_and_one_that_ended_is_begun_anew():
    ada = person("ada")
    reading = begun(by=ada)
    assert begun(by=ada).pk == reading.pk

    length.func(reading.pk, "en")
    again = begun(by=ada)

    assert (again.outcome, again.job.state, Job.objects.count()) == ({}, "waiting", 1)


def test_one_that_was_stopped_in_the_middle_fails_and_is_read_again():
    ada = person("ada")
    reading = begun(by=ada)
    Job.objects.update(state="running")
    jobs.sweep("here")  # as the worker does when it starts
    assert Job.objects.get().state == "failed"

    reading = begun(by=ada)
    length.func(reading.pk, "en")

    assert FileReading.objects.get().outcome == {"length": 3}


def test_problems_are_kept_by_row_the_first_of_them():
    reading = begun(b"")

    length.func(reading.pk, "en")

    lines = Job.objects.get().message.split("\n")
    assert (lines[0], lines[-1], len(lines)) == ("row 0: is empty", "and 3 more", 201)
    assert reading.outcome == {}


def test_a_file_that_is_gone_is_said():
    reading = begun()
    FileReading.objects.update(sha256="0" * 64)

    length.func(reading.pk, "en")

    assert "is not kept any more" in Job.objects.get().message


def test_readings_go_with_the_files_they_are_of():
    begun()
    Job.objects.update(state="done", beat_at=timezone.now() - timedelta(hours=23))
    assert readings.forget_old("test") == 0

    Job.objects.update(beat_at=timezone.now() - timedelta(hours=25))

    assert readings.forget_old("other") == 0
    assert readings.forget_old("test") == 1
    assert Job.objects.count() == 0
