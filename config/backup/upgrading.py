"""What is looked at before a new version changes the database, and how to come back."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from config.language.problems import Problem, say
from config.work.database_file import is_safe, sqlite_version
from config.work.models import Job

ROOM = 2  # times the database: a table that is written anew lies there twice
LEAST = 500 * 1024 * 1024


def to_come() -> list[str]:
    """Return the migrations that this version brings, in their order; none for a new database."""
    executor = MigrationExecutor(connection)
    if not executor.loader.applied_migrations:
        return []
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label} {migration.name}" for migration, _backwards in plan]


def hindrances() -> Iterator[Problem]:
    """Yield what has to be mended before the database is changed."""
    free, needed = shutil.disk_usage(settings.VAR).free, max(LEAST, ROOM * _size())
    if free < needed:
        message = say("{free} MB are free; {needed} MB are needed")
        values = {"free": free >> 20, "needed": needed >> 20}
        yield Problem(str(settings.VAR), message, values)
    if not is_safe():
        message = say("can damage the database; install the libraries of requirements.lock")
        yield Problem(f"SQLite {sqlite_version()}", message)
    # columns that are yet to come are not asked for
    waiting = Job.objects.filter(state=Job.State.RUNNING).values_list("title", flat=True)
    for title in waiting:
        yield Problem(title, say("is being worked at; let it end, or start the site once more"))


def _size() -> int:
    path = Path(settings.DATABASES["default"]["NAME"])
    if connection.vendor == "sqlite":
        return path.stat().st_size if path.exists() else 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        return int(cursor.fetchone()[0])
