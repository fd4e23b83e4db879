"""Background work as people see it: what is being done, how far it is, and how it ended.

A task may be done twice, after a kill in the middle: every task finds what it has done already.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tasks_db.models import DBTaskResult, get_date_max

from config.language.problems import InvalidInput, say
from config.work.models import Job

# text of what is done now; True where a new step begins, False inside one
Tell = Callable[[str, bool], None]
SHOWN = 200  # problems that are kept in words
TRIES = 3
DEAD = timedelta(minutes=5)  # a worker of another machine that said nothing for so long
# what another try may mend: the database was away, or another held it too long
PASSING = ("django.db.utils.OperationalError", "django.db.utils.InterfaceError")

STOPPED = say("the program was stopped in the middle of it; it is done again")
GIVEN_UP = say("the program was stopped in the middle of it three times")
AWAY = say("the database was away; it is done again")

_task: ContextVar[UUID | None] = ContextVar("task", default=None)


@contextmanager
def doing(task: UUID) -> Iterator[None]:
    """Say for the body which task is being done."""
    before = _task.set(task)
    try:
        yield
    finally:
        _task.reset(before)


@contextmanager
def running(job_id: int) -> Iterator[Tell]:
    """Run the body as a job; it is given a function that says what is done now. Whatever ends it
    is kept in words.
    """
    job = Job.objects.get(pk=job_id)

    def say_now(message: str, begins: bool = True) -> None:
        job.message = message
        job.save(update_fields=["message", "state", "task", "beat_at"])

    job.state, job.task = Job.State.RUNNING, _task.get()
    say_now("")
    try:
        yield say_now
    except InvalidInput as error:
        _end(job, Job.State.FAILED, _in_words(error))
    except Exception as error:
        _end(job, Job.State.FAILED, str(error) or type(error).__name__)
        raise
    else:
        _end(job, Job.State.DONE, "")


def beat(task: UUID) -> None:
    """Say that the job of a task is being worked at."""
    Job.objects.filter(task=task, state=Job.State.RUNNING).update(beat_at=timezone.now())


@transaction.atomic
def sweep(worker: str) -> int:
    """Have done again what a worker was killed in the middle of; return how many. The worker calls
    it before it works: what is called running under its own name is not.
    """
    silent = Job.objects.filter(state=Job.State.RUNNING, beat_at__lt=timezone.now() - DEAD)
    dead = [
        task
        for task in DBTaskResult.objects.select_for_update().running()
        if task.worker_ids[-1:] in ([], [worker]) or silent.filter(task=task.pk).exists()
    ]
    for task in dead:
        _again_or_given_up(task, STOPPED)
    # of versions before jobs knew their task
    Job.objects.filter(state=Job.State.RUNNING, task=None).update(
        state=Job.State.FAILED, message=GIVEN_UP
    )
    return len(dead)


@transaction.atomic
def retry(task: DBTaskResult) -> None:  # type: ignore[type-arg]
    """Have a task done again that the database made fail."""
    if task.status == "FAILED" and task.exception_class_path in PASSING:
        _again_or_given_up(task, AWAY)


@transaction.atomic
def again(job: Job) -> bool:
    """Have a job that failed done once more; say whether there is anything to be done."""
    locked = Job.objects.select_for_update().get(pk=job.pk)
    if locked.state != Job.State.FAILED or locked.task is None:
        return False
    waits = DBTaskResult.objects.filter(pk=locked.task, status__in=("FAILED", "SUCCESSFUL"))
    if not waits.update(status="READY", run_after=get_date_max(), worker_ids=[]):
        return False
    _end(locked, Job.State.WAITING, "")
    return True


def _again_or_given_up(task: DBTaskResult, why: str) -> None:  # type: ignore[type-arg]
    """Put a task back; each try waits longer. After the last it and its job have failed."""
    tries = len(task.worker_ids)  # each try adds the name of its worker
    job = Job.objects.filter(task=task.pk)
    if tries >= TRIES:
        task.status, task.finished_at = "FAILED", timezone.now()
        job.filter(state__in=Job.BUSY).update(state=Job.State.FAILED, message=GIVEN_UP)
    else:
        task.status = "READY"
        task.run_after = timezone.now() + timedelta(seconds=5 * (tries - 1))
        job.update(state=Job.State.WAITING, message=why, beat_at=timezone.now())
    task.save(update_fields=["status", "run_after", "finished_at"])


def _in_words(error: InvalidInput) -> str:
    lines = [problem.render(_) for problem in error.problems[:SHOWN]]
    if (more := len(error.problems) - SHOWN) > 0:
        lines.append(_("and %(n)s more") % {"n": more})
    return "\n".join(lines)


def _end(job: Job, state: Job.State, message: str) -> None:
    job.state, job.message = state, message
    job.save(update_fields=["state", "message", "beat_at"])
