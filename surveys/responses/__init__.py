"""Responses looked at one by one and sent out as files. Changes nothing."""

from __future__ import annotations
