"""Whether the clock can be believed before something is deleted for being old.

A machine whose clock is 70 days ahead would delete at once what was promised to be kept. After a
leap the first call deletes nothing; who reads the log has most of a day to set the clock right.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path

from config.storage.secret import write_whole

LEAP = timedelta(days=3)  # since the last call, which comes every day
DOUBT = timedelta(hours=20)


def is_believed(folder: Path, now: datetime) -> bool:
    """Note a call, and say whether what is old by this clock may go."""
    path = folder / "clock.json"
    try:
        said = json.loads(path.read_text())
        last, since = (
            datetime.fromisoformat(said[name]) if said[name] else None for name in ("last", "since")
        )
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        last = since = None
    leapt = last is not None and now - last > LEAP
    if leapt and not (since and timedelta() <= now - since < LEAP and now - since >= DOUBT):
        begun = since if since and timedelta() <= now - since < DOUBT else now
        _note(path, last, begun)
        return False
    _note(path, now, None)
    return True


def _note(path: Path, last: datetime | None, since: datetime | None) -> None:
    said = {"last": last, "since": since}
    write_whole(path, json.dumps({name: at and at.isoformat() for name, at in said.items()}))
