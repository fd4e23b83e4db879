"""The worker: does what takes long, one task after the other, and goes on after whatever happens to
the database.
"""

from __future__ import annotations

import logging
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from uuid import UUID

from django.db import DatabaseError, InterfaceError, connection, connections
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

from config.work import jobs

log = logging.getLogger("config.worker")

BEAT = 15.0  # seconds
LONGEST = 60.0  # seconds between two tries of a database that is away


class SteadyWorker(Worker):
    """A worker of django_tasks_db that database errors do not end; one that was killed in the
    middle of a task has it done again.
    """

    def __init__(self, interval: float = 0.5) -> None:
        super().__init__(
            queue_names=["default"],
            interval=interval,
            batch=False,
            backend_name="default",
            startup_delay=False,
            max_tasks=None,
            worker_id=f"worker@{socket.gethostname()}"[:64],
            excluded_queue_names=[],
        )

    def run(self) -> None:
        """Work until somebody stops it."""
        pause = 1.0
        while self.running:
            try:
                jobs.sweep(self.worker_id)
                pause = 1.0
                super().run()
            except (DatabaseError, InterfaceError) as error:
                log.error("the database cannot be used, again in %d s: %s", pause, error)
                connections.close_all()
                time.sleep(pause)
                pause = min(2 * pause, LONGEST)

    def run_task(self, db_task_result: DBTaskResult) -> None:  # type: ignore[type-arg]
        """Carry a task out; what the database made fail is tried again."""
        with jobs.doing(db_task_result.pk), _beating(db_task_result.pk):
            super().run_task(db_task_result)
        jobs.retry(db_task_result)


@contextmanager
def _beating(task: UUID) -> Iterator[None]:
    """Say every few seconds that the work is going on, whatever it is busy with."""
    if connection.in_atomic_block:  # a test: another thread would see nothing of it
        yield
        return
    over = threading.Event()

    def beat() -> None:
        while not over.wait(BEAT):
            # the work itself will say that the database is away, or it holds it
            with suppress(DatabaseError, InterfaceError):
                jobs.beat(task)
        connections.close_all()

    thread = threading.Thread(target=beat, name="beat", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
