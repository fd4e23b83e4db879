"""Two statements without the ORM's work of writing them anew each time, for what every respondent
waits for.

`./mingcha bench collect` is the reason: a look-up and an insert took more time than checking twenty
answers.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection, connections, models


def is_there(model: type[models.Model], key: object) -> bool:
    """Say whether a row has this primary key."""
    database = connections[DEFAULT_DB_ALIAS]  # not the proxy, which looks it up at every touch
    with database.cursor() as cursor:
        cursor.execute(
            _look_up(model, database.vendor), [model._meta.pk.get_db_prep_value(key, database)]
        )
        return cursor.fetchone() is not None


def insert(made: models.Model) -> None:
    """Insert a new row and give the object its primary key; no signal is sent. Raises
    IntegrityError.
    """
    database = connections[DEFAULT_DB_ALIAS]
    sql, fields = _insertion(type(made), database.vendor)
    values = [field.get_db_prep_save(field.pre_save(made, add=True), database) for field in fields]
    with database.cursor() as cursor:
        cursor.execute(sql, values)
        made.pk = cursor.fetchone()[0]
    made._state.adding, made._state.db = False, database.alias


@lru_cache
def _look_up(model: type[models.Model], vendor: str) -> str:
    quoted = connection.ops.quote_name
    table, key = quoted(model._meta.db_table), quoted(str(model._meta.pk.column))
    return f"SELECT 1 FROM {table} WHERE {key} = %s"


@lru_cache
def _insertion(model: type[models.Model], vendor: str) -> tuple[str, list[Any]]:
    """Return the statement and the fields it takes: all but the key, which the database gives."""
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]
    quoted = connection.ops.quote_name
    columns = ", ".join(quoted(str(field.column)) for field in fields)
    places = ", ".join(["%s"] * len(fields))
    key = quoted(str(model._meta.pk.column))
    return (
        f"INSERT INTO {quoted(model._meta.db_table)} ({columns}) VALUES ({places}) RETURNING {key}",
        fields,
    )
