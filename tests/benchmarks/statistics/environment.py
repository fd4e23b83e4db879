"""The peers' own environments: svy in var/bench from a lock file, R and its package survey where
they are installed.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[2]
LOCK = "requirements-bench.lock"


class Missing(Exception):
    """A peer is not there, with the reason."""


def svy() -> list[str]:
    """Return the command that starts the peer svy; its environment is made on first use, and
    when the lock changes.
    """
    folder = ROOT / "var" / "bench" / "svy"
    python, lock = folder / "bin" / "python", ROOT / LOCK
    if not (python.exists() and _same(lock, folder / LOCK)):
        _install(folder, python, lock)
        shutil.copy(lock, folder / LOCK)
    return [str(python), "-I", str(HERE / "peer_svy.py")]


def r_survey() -> list[str]:
    """Return the command that starts the peer R survey."""
    found = shutil.which("Rscript")
    if found is None:
        raise Missing("R is not installed")
    if subprocess.run(
        [found, "-e", "library(survey)"], capture_output=True, check=False
    ).returncode:
        raise Missing("R is installed, its package survey is not")
    return [found, str(HERE / "peer_survey.R")]


def _install(folder: Path, python: Path, lock: Path) -> None:
    uv = next(
        (
            p
            for p in (str(ROOT / ".venv" / "bin" / "uv"), shutil.which("uv"))
            if p and Path(p).exists()
        ),
        None,
    )
    print(f"installing svy into {folder.relative_to(ROOT)}", file=sys.stderr)
    if uv:
        _run(uv, "venv", "-q", "--clear", "--python", sys.executable, str(folder))
        _run(uv, "pip", "sync", "-q", "--require-hashes", "--python", str(python), str(lock))
    else:
        _run(sys.executable, "-m", "venv", "--clear", str(folder))
        _run(str(python), "-m", "pip", "install", "-q", "--require-hashes", "-r", str(lock))


def _run(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["no message"])[-1]
        raise Missing(f"svy could not be installed: {last}")


def _same(lock: Path, copy: Path) -> bool:
    return copy.exists() and copy.read_bytes() == lock.read_bytes()
