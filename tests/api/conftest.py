"""What every test of the API has: no request is counted but where a test says so."""

from __future__ import annotations

import pytest
from django.core.cache import cache


@pytest.fixture(autouse=True)
def _unlimited(settings):
    cache.clear()
    settings.API_RATES = {"token": None, "network": None}
