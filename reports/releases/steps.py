"""The states of a release and the only ways between them (design D18). PURE.

Each step is taken by a person with a role, at a time, some for a reason. Four of them need four
people: who froze it, who verified the numbers, who looked at the law, who publishes.
"""

from __future__ import annotations

from dataclasses import dataclass

from config.language.problems import say

DRAFT, FROZEN, VERIFIED, CLEARED = "draft", "frozen", "verified", "cleared"
ASKED, DECIDED, PUBLISHED = "asked", "decided", "published"
CORRECTED, WITHDRAWN = "corrected", "withdrawn"

STATES = {
    DRAFT: say("draft"),
    FROZEN: say("frozen"),
    VERIFIED: say("numbers verified"),
    CLEARED: say("legal check done"),
    ASKED: say("companies asked"),
    DECIDED: say("decided"),
    PUBLISHED: say("published"),
    CORRECTED: say("corrected by a later version"),
    WITHDRAWN: say("withdrawn"),
}
# the way of a release, as its page shows it
WAY = (DRAFT, FROZEN, VERIFIED, CLEARED, ASKED, DECIDED, PUBLISHED)
PUBLIC = (PUBLISHED, CORRECTED, WITHDRAWN)


@dataclass(frozen=True)
class Step:
    """One way from some states to the next; `gates` are those that must be open for it."""

    name: str
    label: str  # on the button
    done: str  # in the log
    before: tuple[str, ...]
    after: str
    permission: str
    gates: tuple[str, ...] = ()
    needs_reason: bool = False


STEPS = {
    step.name: step
    for step in (
        Step("freeze", say("Freeze it"), say("frozen"), (DRAFT,), FROZEN, "releases.draft"),
        Step(
            "verify",
            say("The numbers are right"),
            say("numbers verified"),
            (FROZEN,),
            VERIFIED,
            "releases.verify",
            gates=("files", "log", "withdrawals"),
        ),
        Step(
            "clear",
            say("Nothing stands against it in law"),
            say("legal check done"),
            (VERIFIED,),
            CLEARED,
            "releases.clear",
            gates=("words", "cleaning", "findings"),
        ),
        Step(
            "ask",
            say("The companies have been asked"),
            say("companies asked"),
            (CLEARED,),
            ASKED,
            "releases.clear",
        ),
        Step(
            "decide",
            say("Decide to publish"),
            say("decided to be published"),
            (ASKED,),
            DECIDED,
            "releases.publish",
            gates=("replies",),
            needs_reason=True,
        ),
        Step(
            "publish",
            say("Publish"),
            say("published"),
            (DECIDED,),
            PUBLISHED,
            "releases.publish",
            gates=("files", "log", "withdrawals", "words", "cleaning", "findings", "replies"),
        ),
        Step(
            "back",
            say("Back to the draft"),
            say("sent back to the draft"),
            (FROZEN, VERIFIED, CLEARED, ASKED, DECIDED),
            DRAFT,
            "releases.view",
            needs_reason=True,
        ),
        Step(
            "withdraw",
            say("Withdraw it"),
            say("withdrawn"),
            (PUBLISHED, CORRECTED),
            WITHDRAWN,
            "releases.publish",
            needs_reason=True,
        ),
    )
}
# each of these by somebody else, since the release was last a draft
BY_FOUR = ("freeze", "verify", "clear", "publish")


def steps_from(state: str) -> list[Step]:
    """Return the steps that a release in a state can take, in their order."""
    return [step for step in STEPS.values() if state in step.before]
