"""Permissions and the roles that hold them: one table, read by pages, files and API. PURE.

A role is a group that a migration makes; what it may do stands here, where a test and
`docs/access.md` can be held against it. Nobody has a permission but by a role.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from config.language.problems import say
from config.language.texts import Text


@dataclass(frozen=True)
class Permission:
    """One thing that may be done.

    everywhere: it concerns every area at once, so nobody who is posted to an area has it.
    """

    name: str
    text: str
    everywhere: bool = False


PERMISSIONS = {
    permission.name: permission
    for permission in (
        Permission("questionnaires.view", say("see questionnaires and try them")),
        Permission(
            "questionnaires.design", say("upload and freeze questionnaires"), everywhere=True
        ),
        Permission("companies.view", say("see the directory of companies")),
        Permission("companies.manage", say("change, merge and split companies"), everywhere=True),
        Permission("surveys.view", say("see surveys and how far they are")),
        Permission(
            "surveys.manage",
            say("set up, open and close surveys; targets, collectors"),
            everywhere=True,
        ),
        Permission("responses.enter", say("key paper forms, interview by telephone")),
        Permission("responses.view", say("see single responses")),
        Permission("responses.export", say("export responses")),
        Permission("responses.import", say("take in files of responses"), everywhere=True),
        Permission("responses.clean", say("decide about flagged responses"), everywhere=True),
        Permission("visits.view", say("see campaigns and one's own visits")),
        Permission("visits.view_all", say("see everybody's visits")),
        Permission("visits.record", say("record visits")),
        Permission("visits.review", say("accept visits, send them back, declare them void")),
        Permission("findings.confirm", say("confirm findings as the second person")),
        Permission("evidence.export", say("export the evidence of a visit")),
        Permission("campaigns.manage", say("set up campaigns and sites"), everywhere=True),
        Permission("reports.view", say("see reports and their figures"), everywhere=True),
        Permission("reports.make", say("make reports"), everywhere=True),
        Permission("releases.view", say("see releases before they are public"), everywhere=True),
        Permission("releases.draft", say("begin, change and correct releases"), everywhere=True),
        Permission("releases.verify", say("verify the numbers of releases"), everywhere=True),
        Permission("releases.clear", say("check releases in law, ask companies"), everywhere=True),
        Permission("releases.publish", say("publish and withdraw releases"), everywhere=True),
        Permission(
            "releases.override",
            say("pass a gate of a release, with a second person"),
            everywhere=True,
        ),
        Permission("people.manage", say("invite people, give roles and postings"), everywhere=True),
        Permission("audit.view", say("see and export the audit trail"), everywhere=True),
    )
}


@dataclass(frozen=True)
class Role:
    """A part that a person plays. `key` is the name of its group and never changes."""

    key: str
    label: Text
    permissions: frozenset[str]


def _role(key: str, zh: str, en: str, *permissions: str) -> Role:
    unknown = set(permissions) - PERMISSIONS.keys()
    if unknown:
        raise ValueError(f"{key} holds unknown permissions: {unknown}")
    return Role(key, Text(zh, en), frozenset(permissions))


ROLES = {
    role.key: role
    for role in (
        _role(
            "designer",
            "问卷设计员",
            "Designer",
            "questionnaires.view",
            "questionnaires.design",
            "companies.view",
            "companies.manage",
            "surveys.view",
            "surveys.manage",
        ),
        _role("interviewer", "访员", "Interviewer", "surveys.view", "responses.enter"),
        _role("inspector", "体察员", "Inspector", "visits.view", "visits.record"),
        _role(
            "supervisor",
            "督导",
            "Supervisor",
            "questionnaires.view",
            "companies.view",
            "surveys.view",
            "surveys.manage",
            "responses.enter",
            "responses.view",
            "visits.view",
            "visits.view_all",
            "visits.record",
            "visits.review",
            "findings.confirm",
            "campaigns.manage",
        ),
        _role(
            "analyst",
            "分析员",
            "Analyst",
            "questionnaires.view",
            "companies.view",
            "surveys.view",
            "responses.view",
            "responses.export",
            "responses.import",
            "responses.clean",
            "visits.view",
            "visits.view_all",
            "reports.view",
            "releases.view",
            "releases.draft",
            "reports.make",
        ),
        _role(
            "verifier",
            "复核员",
            "Verifier",
            "questionnaires.view",
            "companies.view",
            "surveys.view",
            "responses.view",
            "responses.clean",
            "visits.view",
            "visits.view_all",
            "findings.confirm",
            "evidence.export",
            "reports.view",
            "releases.view",
            "releases.verify",
        ),
        _role(
            "legal",
            "法务",
            "Legal",
            "companies.view",
            "visits.view",
            "visits.view_all",
            "findings.confirm",
            "evidence.export",
            "reports.view",
            "releases.view",
            "releases.clear",
            "releases.override",
        ),
        _role(
            "publisher",
            "发布人",
            "Publisher",
            "companies.view",
            "surveys.view",
            "reports.view",
            "releases.view",
            "releases.publish",
            "releases.override",
        ),
        _role(
            "auditor",
            "审计员",
            "Auditor",
            "questionnaires.view",
            "companies.view",
            "surveys.view",
            "visits.view",
            "visits.view_all",
            "reports.view",
            "releases.view",
            "audit.view",
        ),
        _role("administrator", "管理员", "Administrator", "people.manage", "audit.view"),
    )
}


def held(roles: Iterable[str], *, posted: bool) -> frozenset[str]:
    """Return the permissions that roles give, to somebody who is posted to an area or to
    nobody's.
    """
    names = {name for key in roles if key in ROLES for name in ROLES[key].permissions}
    return frozenset(name for name in names if not (posted and PERMISSIONS[name].everywhere))
