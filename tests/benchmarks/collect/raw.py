"""The peer below: rows of the same size, each committed durably by itself, with nothing around
the driver.
"""

from __future__ import annotations

import json
import sqlite3
import time
from pathlib import Path
from uuid import uuid4

import psycopg

ANSWERS = json.dumps(
    {"company": "c3", "note": "没有"} | {f"q{i}": str(i % 10 + 1) for i in range(18)}
)


def sqlite(folder: Path, seconds: float) -> float:
    """Return rows a second into SQLite as the product sets it up: WAL, synchronous FULL."""
    with sqlite3.connect(folder / "raw.sqlite3", isolation_level=None) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute(
            "CREATE TABLE response (id INTEGER PRIMARY KEY, uid TEXT UNIQUE, answers TEXT)"
        )
        sql = "INSERT INTO response (uid, answers) VALUES (?, ?)"
        return _rate(lambda: connection.execute(sql, (uuid4().hex, ANSWERS)), seconds)


def postgresql(address: str, seconds: float) -> float:
    """Return rows a second into PostgreSQL by one connection, committed one by one."""
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(
            "CREATE TABLE raw (id SERIAL PRIMARY KEY, uid TEXT UNIQUE, answers JSONB)"
        )
        sql = "INSERT INTO raw (uid, answers) VALUES (%s, %s)"
        return _rate(lambda: connection.execute(sql, (uuid4().hex, ANSWERS)), seconds)


def _rate(insert, seconds: float) -> float:
    begun, n = time.monotonic(), 0
    while time.monotonic() - begun < seconds:
        insert()
        n += 1
    return n / (time.monotonic() - begun)
