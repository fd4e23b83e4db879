"""Processes write in turn: nobody goes in while another is inside, whoever dies leaves the door
open.
"""

from __future__ import annotations

import select
import subprocess
import sys

import pytest

from config.work.write_lock import write_lock

WAITS = """
import fcntl, sys
with open(sys.argv[1], "ab") as line:
    fcntl.flock(line, fcntl.LOCK_EX)
    print("inside", flush=True)
    sys.stdin.read()
"""


def another(settings):
    """Let another process go in."""
    command = [sys.executable, "-c", WAITS, str(settings.VAR / "turn")]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


@pytest.mark.django_db(transaction=True)
def test_who_comes_second_waits_until_the_first_is_out(settings):
    with write_lock():
        second = another(settings)
        inside, _writable, _failed = select.select([second.stdout], [], [], 1)
        assert not inside
    assert second.stdout.readline() == "inside\n"
    second.communicate("")


@pytest.mark.django_db(transaction=True)
def test_a_process_that_dies_inside_keeps_nobody_out(settings):
    first = another(settings)
    assert first.stdout.readline() == "inside\n"
    first.kill()
    first.communicate()
    with write_lock():
        pass


@pytest.mark.django_db
def test_within_a_transaction_nobody_stands_in_line(settings):
    """Whoever holds the database and then waited in line would keep the one in front of the line
    waiting for ever.
    """
    inside = another(settings)
    assert inside.stdout.readline() == "inside\n"
    with write_lock():
        pass
    inside.communicate("")
