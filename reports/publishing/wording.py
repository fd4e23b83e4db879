"""Sentences that stand in every document, in the active language."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from reports.publishing import subject

# the fixed sentence of design D6
NONPROBABILITY = gettext_noop(
    "Non-probability sample: the intervals show sampling noise under a model, among these"
    " respondents only."
)

DEMONSTRATION = gettext_noop("Demonstration data: companies and answers are invented.")


def translate(text: str) -> str:
    """Return a marked text in the active language."""
    return subject.gettext(text)


def of_sample(sample: str) -> str:
    """Return the fixed sentence that goes with every interval of a kind of sample."""
    if sample == "nonprobability":
        return _(NONPROBABILITY)
    return _("Probability sample: the intervals show the sampling error of the design.")
