"""The models of every room, where Django looks for them; rooms import from each other."""

from __future__ import annotations

from reports.production.models import Report
from reports.releases.models import Override, Release, ReleaseEvent, ReleaseFile, Reply

__all__ = ["Override", "Release", "ReleaseEvent", "ReleaseFile", "Reply", "Report"]
