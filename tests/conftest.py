"""What every test may ask for."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from django.utils import translation
from hypothesis import HealthCheck, settings

from surveys.collection import selectors

# no test depends on speed: a busy machine is no fault of the program
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(autouse=True)
def _english(settings, monkeypatch):
    """Commands speak English unless a test says otherwise."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    translation.activate("en")  # whatever a page of the test before has left


@pytest.fixture(autouse=True)
def _fresh(settings, tmp_path_factory):
    """Every test has a folder for its files, and remembers nothing of another's database."""
    settings.VAR = tmp_path_factory.mktemp("var")
    selectors._compiled.cache_clear()
    selectors._of_page.cache_clear()
    selectors.area_codes.cache_clear()


@pytest.fixture
def beside() -> Callable[[str], Path]:
    """Return a file of the shared folder beside the checkout, or say that the test is not run."""

    def find(name: str) -> Path:
        path = Path(os.environ.get("MINGCHA_SHARED", ROOT.parent / "shared")) / name
        if not path.exists():
            pytest.skip(f"not run: {name} is not beside this checkout")
        return path

    return find


@pytest.fixture
def program() -> Callable[[str], str]:
    """Return the path of a program, or say that the test is not run."""

    def find(name: str) -> str:
        path = shutil.which(name)
        if path is None:
            pytest.skip(f"not run: {name} is not installed")
        return path

    return find
