"""The product's settings, with one view more: the one that does nothing."""

from __future__ import annotations

from config.settings import *  # noqa: F403

ROOT_URLCONF = "tests.benchmarks.collect.urls"
