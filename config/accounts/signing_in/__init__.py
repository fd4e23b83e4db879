"""Signing in: the page, the wait after wrong attempts, the browsers in which somebody is."""

from __future__ import annotations
