"""The chain of what happened to a visit, and how a stranger checks it without this program."""

from __future__ import annotations
