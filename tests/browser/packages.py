"""Programs of others that speak OpenRosa, fetched from npm for tests alone: python -m ... fetches
them beforehand. Nothing of them is part of this one.
"""

from __future__ import annotations

import fcntl
import json
import shutil
import subprocess
import sys
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[2] / "var" / "npm"
WANTED = {
    "private": True,
    "dependencies": {
        "@getodk/xforms-engine": "0.22.0",  # Apache-2.0
    },
}
PATIENCE = 600  # seconds


def fetched() -> Path | None:
    """Return the folder of the packages, fetched where they are not there; None where they cannot
    be.
    """
    npm = shutil.which("npm")
    if npm is None:
        return None
    FOLDER.mkdir(parents=True, exist_ok=True)
    written = json.dumps(WANTED)
    with (FOLDER / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # one of the processes that run tests fetches
        done = FOLDER / "done.json"
        if not done.exists() or done.read_text() != written:
            (FOLDER / "package.json").write_text(written)
            command = [npm, "install", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"]
            try:
                subprocess.run(command, cwd=FOLDER, check=True, timeout=PATIENCE)
            except (subprocess.SubprocessError, OSError):
                return None
            done.write_text(written)
    return FOLDER / "node_modules"


if __name__ == "__main__":
    sys.exit(0 if fetched() else 1)
