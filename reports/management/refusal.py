"""How a command refuses: every problem on a line of its own, in the terminal's language, exit status 2."""

from __future__ import annotations

from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from reports.plans.problems import Unusable


def refusal(error: Unusable) -> CommandError:
    """Return the error to raise."""
    return CommandError("\n".join(problem.render(_) for problem in error.problems), returncode=2)
