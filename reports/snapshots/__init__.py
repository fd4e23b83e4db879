"""A frozen data set: what a ranking was computed from, fit to be given to anyone."""

from __future__ import annotations
