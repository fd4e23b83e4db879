"""Large files are read by the worker, not by the process that answers respondents: started,
followed, tried again. What a room makes of a file is the room's own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone, translation

from config.accounts.models import User
from config.language.problems import InvalidInput, Problem, say
from config.storage import files
from config.work import jobs
from config.work.models import FileReading, Job

KEPT = timedelta(days=1)  # as long as the file itself is laid aside


def find(*, purpose: str, about: str, sha256: str, name: str) -> FileReading | None:
    """Return the reading of a file, if there is one."""
    listed = FileReading.objects.select_related("job")
    return listed.filter(purpose=purpose, about=about, sha256=sha256, name=name).first()


@transaction.atomic
def begin(
    *,
    read: Any,
    purpose: str,
    about: str = "",
    sha256: str,
    name: str,
    by: User,
    given: Mapping[str, str] | None = None,
) -> FileReading:
    """Let the worker read a file that is stored or laid aside; one that waits or is being read is
    not begun again.

    read: the room's task, which takes the key of the reading and a language, and enters `running`.
    given: what the task finds in `outcome`, where it leaves what came of it.
    """
    found = find(purpose=purpose, about=about, sha256=sha256, name=name)
    if found and found.job.is_busy:
        return found
    if found:
        found.job.delete()  # and the reading with it
    job = Job.objects.create(title=name[-200:], started_by=by)
    made = FileReading.objects.create(
        purpose=purpose,
        about=about,
        sha256=sha256,
        name=name,
        job=job,
        outcome=dict(given or {}),
    )
    language = translation.get_language() or "zh-hans"
    transaction.on_commit(lambda: read.enqueue(made.pk, language))
    return made


@contextmanager
def running(reading_id: int, language: str) -> Iterator[tuple[FileReading, jobs.Tell]]:
    """Read a file in the worker: the body gets the reading and what says how far it is, and leaves
    what came of it in `outcome`. Whatever ends it is kept in words.
    """
    reading = FileReading.objects.select_related("job").get(pk=reading_id)
    with translation.override(language), jobs.running(reading.job_id) as tell:
        yield reading, tell
        reading.save(update_fields=["outcome"])


def content_of(reading: FileReading) -> bytes:
    """Return the bytes of the file. Raises InvalidInput where they are gone."""
    try:
        return files.read_temporary(reading.sha256)
    except FileNotFoundError:
        message = say("is not kept any more; choose it once more")
        raise InvalidInput(Problem(reading.name, message)) from None


def forget_old(*purposes: str) -> int:
    """Delete the readings of files that were laid aside for a day, which is over; return how
    many.
    """
    old = FileReading.objects.filter(
        purpose__in=purposes, job__beat_at__lt=timezone.now() - KEPT
    ).exclude(job__state__in=Job.BUSY)
    _n, deleted = Job.objects.filter(reading__in=old).delete()
    return deleted.get(FileReading._meta.label, 0)
