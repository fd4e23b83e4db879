"""A worker that is killed, a database that goes away, a job that is done again by a button."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import OperationalError
from django.utils import timezone
from django_tasks import task
from django_tasks_db.models import DBTaskResult

from config.work import jobs
from config.work.models import Job
from config.work.worker import SteadyWorker
from tests.people import person

pytestmark = pytest.mark.django_db

DONE = []  # what tasks did
ERRORS = []  # what the next tries raise


@pytest.fixture(autouse=True)
def _nothing_done(settings):
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    DONE.clear()
    ERRORS.clear()


@task()
def work(job_id: int) -> None:
    with jobs.running(job_id):
        if ERRORS:
            raise ERRORS.pop(0)
        DONE.append(job_id)


def started(by=None):
    job = Job.objects.create(title="a report", started_by=by)
    work.enqueue(job.pk)
    return job


def work_once(worker="here"):
    """Let a worker take the next task that is due, as its loop does."""
    steady = SteadyWorker()
    steady.worker_id = worker
    waiting = DBTaskResult.objects.ready().first()
    assert waiting is not None
    waiting.claim(worker)
    steady.run_task(waiting)


def killed_in_the_middle(job, worker="here"):
    waiting = DBTaskResult.objects.ready().first()
    waiting.claim(worker)
    Job.objects.filter(pk=job.pk).update(state=Job.State.RUNNING, task=waiting.pk)


def due_now():
    DBTaskResult.objects.update(run_after=timezone.now())


def test_a_worker_that_was_killed_does_its_task_again_once():
    job = started()
    killed_in_the_middle(job)

    assert jobs.sweep("here") == 1
    job.refresh_from_db()
    assert (job.state, job.message) == (Job.State.WAITING, jobs.STOPPED)
    due_now()
    work_once()

    job.refresh_from_db()
    assert (job.state, DONE) == (Job.State.DONE, [job.pk])
    assert jobs.sweep("here") == 0


def test_what_kills_the_worker_three_times_has_failed_and_can_be_asked_for_again(client):
    ann = person("ann")
    job = started(by=ann)
    for _time in range(3):
        killed_in_the_middle(job)
        jobs.sweep("here")
        due_now()
    job.refresh_from_db()
    assert (job.state, job.message) == (Job.State.FAILED, jobs.GIVEN_UP)
    assert not DBTaskResult.objects.ready().exists()

    client.force_login(ann)
    assert b"Again" in client.get("/jobs/", headers={"accept-language": "en"}).content
    client.post(f"/jobs/{job.pk}/again/")
    work_once()

    job.refresh_from_db()
    assert (job.state, DONE) == (Job.State.DONE, [job.pk])


def test_a_task_of_another_machine_is_left_alone_as_long_as_it_says_something():
    job = started()
    killed_in_the_middle(job, worker="there")
    assert jobs.sweep("here") == 0

    Job.objects.update(beat_at=timezone.now() - jobs.DEAD - timedelta(seconds=1))

    assert jobs.sweep("here") == 1


@pytest.mark.parametrize(("times", "state"), [(2, Job.State.DONE), (3, Job.State.FAILED)])
def test_a_database_that_was_away_is_tried_three_times(times, state):
    job = started()
    ERRORS.extend(OperationalError("database is locked") for _time in range(times))
    for _time in range(3):
        due_now()
        work_once()

    job.refresh_from_db()
    assert job.state == state


def test_a_fault_of_the_program_is_not_tried_again():
    job = started()
    ERRORS.append(ZeroDivisionError("division by zero"))
    work_once()

    job.refresh_from_db()
    assert (job.state, job.message) == (Job.State.FAILED, "division by zero")
    assert not DBTaskResult.objects.ready().exists()


def test_a_worker_outlives_a_database_that_goes_away(monkeypatch):
    worker = SteadyWorker()
    tries = iter([OperationalError("gone"), OperationalError("still gone"), None])

    def sweep(name):
        if error := next(tries):
            raise error
        worker.running = False

    waited = []
    monkeypatch.setattr("config.work.worker.jobs.sweep", sweep)
    monkeypatch.setattr("config.work.worker.time.sleep", waited.append)
    monkeypatch.setattr("config.work.worker.connections.close_all", lambda: None)

    worker.run()

    assert waited == [1, 2]


def test_somebody_else_s_job_is_not_done_again(client):
    job = started(by=person("ann"))
    Job.objects.update(state=Job.State.FAILED)
    client.force_login(person("ben", "analyst"))

    assert client.post(f"/jobs/{job.pk}/again/").status_code == 404
    client.force_login(person("eve", "administrator"))
    assert client.post(f"/jobs/{job.pk}/again/").status_code == 302
