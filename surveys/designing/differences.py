"""How two versions of a questionnaire differ, as rows of a table."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from surveys.questionnaires.comparing import compare
from surveys.questionnaires.questionnaire import Questionnaire


def differences(old: Questionnaire, new: Questionnaire) -> list[dict[str, Any]]:
    """Return the questions that differ, with what changed and whether answers add up."""
    outcomes = {
        "added": _("new"),
        "removed": _("gone"),
        "apart": _("does not add up"),
        "reworded": _("changed, adds up"),
    }
    return [
        {
            "name": d.name,
            "outcome": outcomes[d.outcome],
            "reasons": [_(reason) for reason in d.reasons],
            "adds_up": d.adds_up,
            "old": d.old.label.zh if d.old else "",
            "new": d.new.label.zh if d.new else "",
        }
        for d in compare(old, new)
        if d.outcome != "same"
    ]
