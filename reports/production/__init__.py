"""Reports made from plans, surveys and campaigns, by commands, jobs and pages."""

from __future__ import annotations
