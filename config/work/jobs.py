"""Background work as people see it: what is being done, how far it is, and how it ended."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.utils.translation import gettext as _

from config.language.problems import InvalidInput
from config.work.models import Job

# text of what is done now; True where a new step begins, False inside one
Tell = Callable[[str, bool], None]
SHOWN = 200  # problems that are kept in words


@contextmanager
def running(job_id: int) -> Iterator[Tell]:
    """Run the body as a job; it is given a function that says what is done now. Whatever ends it
    is kept in words.
    """
    job = Job.objects.get(pk=job_id)

    def say_now(message: str, begins: bool = True) -> None:
        job.message = message
        job.save(update_fields=["message", "state", "beat_at"])

    job.state = Job.State.RUNNING
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


def sweep() -> int:
    """Call jobs failed that a worker left behind when it was stopped; return how many. Only
    while no worker runs.
    """
    return Job.objects.filter(state=Job.State.RUNNING).update(
        state=Job.State.FAILED, message="the program was stopped; start it again"
    )


def _in_words(error: InvalidInput) -> str:
    lines = [problem.render(_) for problem in error.problems[:SHOWN]]
    if (more := len(error.problems) - SHOWN) > 0:
        lines.append(_("and %(n)s more") % {"n": more})
    return "\n".join(lines)


def _end(job: Job, state: Job.State, message: str) -> None:
    job.state, job.message = state, message
    job.save(update_fields=["state", "message", "beat_at"])
