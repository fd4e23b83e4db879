"""Whether the site lives, whether it can answer, and figures of it for Prometheus."""

from __future__ import annotations

import hmac
import os
import shutil
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, InterfaceError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from config import __version__
from config.backup import copies
from config.work.models import Job

ROOM = 200 * 1024 * 1024  # bytes that must be free for answers and files to be taken in


@require_safe
@never_cache
@login_not_required
def healthz(request: HttpRequest) -> HttpResponse:
    """Say that this process answers; nothing else is asked."""
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
@never_cache
@login_not_required
def readyz(request: HttpRequest) -> JsonResponse:
    """Say what is needed to take answers in and whether it is there; 503 where anything is not."""
    found = {name: _holds(check) for name, check in CHECKS.items()}
    return JsonResponse(found, status=200 if all(found.values()) else 503)


@require_safe
@never_cache
@login_not_required
def metrics(request: HttpRequest) -> HttpResponse:
    """Print figures in the text format of Prometheus, to who has MINGCHA_METRICS_TOKEN."""
    given = request.headers.get("Authorization", "")
    wanted = f"Bearer {settings.METRICS_TOKEN}"
    if not settings.METRICS_TOKEN or not hmac.compare_digest(given.encode(), wanted.encode()):
        raise Http404
    text = "".join(f"{line}\n" for line in _figures())
    return HttpResponse(text, content_type="text/plain; version=0.0.4; charset=utf-8")


def _holds(check: Callable[[], bool]) -> bool:
    try:
        return check()
    except (DatabaseError, InterfaceError, OSError):
        return False


def _database() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return cursor.fetchone() is not None


def _migrations() -> bool:
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def _folder() -> bool:
    return os.access(settings.VAR, os.W_OK)


def _room() -> bool:
    return shutil.disk_usage(settings.VAR).free > ROOM


CHECKS = {"database": _database, "migrations": _migrations, "folder": _folder, "room": _room}


def _figures() -> Iterator[str]:
    """Yield lines: # HELP, # TYPE, and the figures, all gauges of this moment."""
    yield from _gauge("mingcha_info", "version", [(f'version="{__version__}"', 1)])
    counted = dict(Job.objects.order_by().values_list("state").annotate(Count("pk")))
    states = [(f'state="{state}"', counted.get(state, 0)) for state in Job.State.values]
    yield from _gauge("mingcha_jobs", "jobs by state", states)
    oldest = Job.objects.filter(state=Job.State.WAITING).order_by("created_at").first()
    waits = (timezone.now() - oldest.created_at).total_seconds() if oldest else 0
    yield from _gauge("mingcha_oldest_job_seconds", "how long a job waits", [("", waits)])
    disk = shutil.disk_usage(settings.VAR)
    yield from _gauge("mingcha_disk_free_bytes", "room for data", [("", disk.free)])
    database = Path(settings.DATABASES["default"]["NAME"])
    if connection.vendor == "sqlite" and database.is_file():
        size = database.stat().st_size
        yield from _gauge("mingcha_database_bytes", "size of the database", [("", size)])
    if (last := copies.last_taken()) and last["at"]:
        age = datetime.now(UTC) - datetime.fromisoformat(last["at"])
        yield from _gauge(
            "mingcha_backup_age_seconds", "since the last backup", [("", age.total_seconds())]
        )
    cpu = time.process_time()
    yield from _gauge("mingcha_process_cpu_seconds", "of the process that answers", [("", cpu)])


def _gauge(name: str, text: str, values: list[tuple[str, float]]) -> Iterator[str]:
    yield f"# HELP {name} {text}"
    yield f"# TYPE {name} gauge"
    for labels, value in values:
        yield f"{name}{{{labels}}} {value}" if labels else f"{name} {value}"
