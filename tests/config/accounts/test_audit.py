"""The audit trail: written with what it tells or not at all, chained, and broken by any change."""

from __future__ import annotations

import ast
import io
import re

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from config.accounts import audit
from config.accounts.audit_words import ACTIONS
from config.accounts.models import AuditEvent
from surveys.collection import fieldwork
from surveys.collection.models.survey import Survey
from tests import field
from tests.conftest import ROOT
from tests.people import person

pytestmark = pytest.mark.django_db

# functions that change something and write no line themselves, with the reason
SILENT = {
    "config/accounts/audit.py: record": "is the trail",
    "config/accounts/people.py: _give": "invite and change write",
    "config/accounts/people.py: _link": "invite and new_link write",
    "config/accounts/second_factor/services.py: _after_removal": "the removals write",
    "config/accounts/second_factor/services.py: _clear": "turn_off and reset write",
    "config/accounts/second_factor/services.py: _new_codes": "whoever calls it writes",
    "config/accounts/second_factor/services.py: use_code": "signing in: the code is used up",
    "config/accounts/signing_in/limits.py: _begin": "an attempt is counted",
    "config/accounts/signing_in/limits.py: _locked": "an attempt is counted",
    "config/accounts/signing_in/limits.py: forget_old": "counts that are a day old go",
    "config/accounts/signing_in/limits.py: right": "a count ends",
    "config/accounts/signing_in/sessions.py: note": "the moment a browser was last seen",
    "config/accounts/tokens.py: recognised": "the moment a token was last used",
    "inspections/assigning/services.py: _cancel": "move and cancel write",
    "inspections/campaigns/draws.py: _place": "make and drop write",
    "inspections/campaigns/site_lists.py: take_in": "the change of each row writes",
    "inspections/campaigns/site_services.py: _tell_both": "merge, split and tell_apart write",
    "inspections/campaigns/site_services.py: _vendor": "change writes, with the vendor's name",
    "inspections/campaigns/site_services.py: add_aliases": "change and merge write",
    "inspections/devices/services.py: seen": "the moment a phone was last heard of",
    "inspections/openrosa/services.py: submit": "what it records writes",
    "config/accounts/editing.py: unchanged": "reads under a lock",
    "inspections/phone/services.py: _amended": "visits.amend writes",
    "inspections/phone/services.py: preview": "a small copy, no evidence",
    "surveys/designing/services.py: freeze": "_freeze writes",
    "inspections/phone/services.py: hand_in": "visits.record writes",
    "inspections/phone/services.py: keep_draft": "a visit under way on a phone",
    "inspections/visits/chain.py: append": "is the chain of a visit",
    "inspections/visits/chain.py: close_days": "the program's own daily work, chained itself",
    "inspections/review/api.py: _why": "tries a step and takes it back",
    "inspections/revisits/services.py: send": "assigning.send_there writes",
    "inspections/visits/services.py: copy_of": "a small copy, no evidence",
    "inspections/visits/stamps.py: stamp_days": "the program's own daily work, a proof itself",
    "inspections/visits/services.py: add_evidence": "announce and receive write",
    "inspections/visits/services.py: find": "record writes",
    "reports/releases/services.py: _ask": "take writes",
    "reports/releases/services.py: _freeze": "take writes",
    "reports/releases/services.py: _keep": "take writes",
    "reports/releases/log.py: append": "is the log of a release",
    "surveys/channels/files/services.py: start": "the job's take_in writes",
    "surveys/channels/invitations/services.py: refuse": "the respondent's own act",
    "surveys/channels/links/services.py: _open": "open_way and open_places write",
    "surveys/channels/paper/services.py: key": "a keying is a record of its own, who and when",
    "surveys/channels/paper/services.py: _accept": "an answer has its own receipt",
    "surveys/channels/telephone/services.py: take_next": "a number is in hand for a while",
    "surveys/channels/telephone/services.py: hold": "a number is in hand for a while",
    "surveys/channels/telephone/services.py: record": "a call is a record of its own, who and when",
    "surveys/channels/paper/printing.py: _stamped": "writes a file, no record",
    "surveys/workbooks/make.py: content_of": "makes a file, no record",
    "surveys/collection/drafts.py: keep": "a respondent's unfinished answers",
    "surveys/collection/quotas.py: replace": "called by monitoring.targets, which writes",
    "surveys/collection/rights.py: leave_contact": "the respondent's own act",
    "surveys/collection/services.py: accept": "a respondent's answer has its own receipt",
    "surveys/collection/services.py: _keep": "a respondent's answer has its own receipt",
    "surveys/collection/services.py: _attach": "a respondent's answer has its own receipt",
    "surveys/companies/services.py: add_aliases": "register and change write",
    "surveys/designing/services.py: freeze_upload": "freeze writes",
    "surveys/designing/services.py: start_from": "upload writes",
    "surveys/directory/lists.py: take_in": "every company that changes has its line",
}
ROOMS = (
    *("config/accounts/", "surveys/", "inspections/"),
    *("reports/production", "reports/publishing", "reports/releases"),
)
WRITES = {"save", "create", "bulk_create", "bulk_update", "get_or_create", "update_or_create"}
# these are names of dictionaries and sets too: they count where a manager stands before them
ALSO_WRITES = {"update", "delete", "set", "add", "remove"}
MANAGERS = {"objects", "filter", "exclude"}


def lines():
    return list(
        AuditEvent.objects.order_by("number").values_list("action", "target_name", "by_name")
    )


def verified(*arguments):
    out = io.StringIO()
    call_command("audit", "verify", *arguments, stdout=out)
    return out.getvalue()


def test_what_staff_does_is_a_line_with_who_and_what():
    survey = field.survey()
    ada = person("ada", "designer")
    AuditEvent.objects.all()._raw_delete(AuditEvent.objects.db)

    fieldwork.close_now(survey=survey, by=ada)

    assert lines() == [("survey.close", "维修", "ada")]
    assert AuditEvent.objects.get().after["closes_at"]


def test_the_line_goes_with_what_it_tells():
    survey = field.survey()
    before = AuditEvent.objects.count()

    with transaction.atomic():
        fieldwork.close_now(survey=survey)
        transaction.set_rollback(True)
    assert AuditEvent.objects.count() == before
    assert Survey.objects.get().state() == "open"


@pytest.mark.django_db(transaction=True)
def test_a_line_outside_of_a_transaction_is_refused():
    ada = person("ada")
    with pytest.raises(RuntimeError, match="in the transaction"):
        audit.record(by=ada, action="survey.open", target=ada)


def test_a_respondent_writes_no_line():
    survey = field.survey()
    before = AuditEvent.objects.count()

    field.send(survey)

    assert AuditEvent.objects.count() == before


def test_the_chain_holds():
    field.survey()

    assert list(audit.verify()) == []
    last = AuditEvent.objects.first()
    assert f"{last.number} lines hold; the last is {last.hash}" in verified("--noted", last.hash)


CHANGES = {
    "UPDATE config_auditevent SET target_name = 'x' WHERE number = 2": [(2, "changed")],
    "UPDATE config_auditevent SET reason = 'x' WHERE number = 1": [(1, "changed")],
    "DELETE FROM config_auditevent WHERE number = 2": [(3, "missing")],
    "UPDATE config_auditevent SET previous = 'x' WHERE number = 3": [(3, "order"), (3, "changed")],
}


@pytest.mark.parametrize("statement", CHANGES)
def test_a_line_that_was_changed_taken_out_or_moved_is_named(statement):
    field.survey()
    assert AuditEvent.objects.count() >= 3
    with connection.cursor() as cursor:
        cursor.execute(statement)

    assert [(found.number, found.what) for found in audit.verify()] == CHANGES[statement]
    with pytest.raises(CommandError, match="does not hold"):
        verified()


def test_lines_cut_off_at_the_end_are_seen_by_a_hash_noted_before():
    field.survey()
    noted = AuditEvent.objects.first().hash
    AuditEvent.objects.filter(hash=noted)._raw_delete(AuditEvent.objects.db)

    assert "lines hold" in verified()
    with pytest.raises(CommandError):
        verified("--noted", noted)


def test_the_page_filters_and_shows_before_and_after(client):
    survey = field.survey()
    fieldwork.close_now(survey=survey, by=person("ada", "designer"))
    client.force_login(person("eva", "auditor"))
    client.cookies["django_language"] = "en"

    page = client.get("/audit/", {"action": "survey.close"}).content.decode()
    last = AuditEvent.objects.first()
    one = client.get(f"/audit/{last.number}/").content.decode()

    assert page.count("<tr>") == 2
    assert "ada" in page
    assert "closes_at" in one
    assert "The hash holds." in one


@pytest.mark.parametrize(
    "query", ["page=²", "page=-1", "from=2023-13-45", "by=%00", "q=%00", "action=x"]
)
def test_what_cannot_be_read_filters_nothing(client, query):
    client.force_login(person("eva", "auditor"))

    assert client.get(f"/audit/?{query}").status_code == 200


@pytest.mark.parametrize("value", [1e16, -0.0, 0.1, 1e-7, 1e300, 3.0])
def test_a_number_with_a_point_holds_in_every_database(value):
    ada = person("ada")
    audit.record(by=ada, action="person.change", target=ada, after={"value": value})

    assert list(audit.verify()) == []
    assert AuditEvent.objects.first().after["value"] == value


def test_an_export_with_nonsense_in_its_filter_is_kept_without_it(client):
    client.force_login(person("eva", "auditor"))

    client.post("/audit/export/?by=%00nobody&q=a%00&z=%00&action=survey.open")

    kept = AuditEvent.objects.get(action="audit.export").after
    assert kept["filter"] == {"action": "survey.open", "q": "a"}


def test_the_export_is_a_line_too(client):
    field.survey()
    client.force_login(person("eva", "auditor"))

    sent = client.post("/audit/export/?action=survey.open")

    text = b"".join(sent.streaming_content).decode("utf-8-sig")
    assert [line.split(",")[3] for line in text.splitlines()] == ["action", "survey.open"]
    assert AuditEvent.objects.first().action == "audit.export"


def functions(rooms=ROOMS):
    """Yield the name and the tree of every function outside of pages, commands and migrations."""
    for path in sorted(ROOT.rglob("*.py")):
        name = str(path.relative_to(ROOT))
        aside = any(word in name for word in ("migrations", "views", "management", "/demo/"))
        if not name.startswith(rooms) or aside:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef):
                yield f"{name}: {node.name}", node


def calls(node):
    """Yield what a function calls, as the parts of its name: Flag.objects.create."""
    for call in ast.walk(node):
        if isinstance(call, ast.Call):
            yield re.sub(r"\([^()]*\)", "", ast.unparse(call.func)).split(".")


def changes_records(node):
    return "transaction.atomic" in ast.unparse(node) or any(
        path[-1] in WRITES or (path[-1] in ALSO_WRITES and MANAGERS & set(path[:-1]))
        for path in calls(node)
        if len(path) > 1
    )


def writes_a_line(node):
    """Whether a function writes a line itself, by its module's `_tell`, or into the chain of a
    visit, which is a trail of its own.
    """
    made = list(calls(node))
    return any(path in made for path in (["audit", "record"], ["_tell"], ["chain", "append"]))


def test_every_function_that_changes_a_record_writes_a_line():
    silent = {
        name for name, node in functions() if changes_records(node) and not writes_a_line(node)
    }

    assert silent == SILENT.keys()


def test_whoever_calls_a_service_says_who_did_it():
    """What takes `by` is given it, from pages and between services; only commands leave it out."""
    takers = {
        name.partition(": ")[2]
        for name, node in functions()
        if any(argument.arg == "by" for argument in node.args.kwonlyargs)
    }
    without = set()
    for path in sorted(ROOT.rglob("*.py")):
        name = str(path.relative_to(ROOT))
        if not name.startswith(ROOMS) or "management" in name or "/demo/" in name:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                given = {keyword.arg for keyword in node.keywords}
                is_service = ast.unparse(node.func.value) not in ("re", "self")
                if is_service and node.func.attr in takers and given and "by" not in given:
                    without.add(f"{name}: {ast.unparse(node.func)}")

    assert without == set()


def test_every_action_has_words():
    written = {
        node.value
        for path in ROOT.rglob("*.py")
        if str(path.relative_to(ROOT)).startswith(
            ("config/", "surveys/", "inspections/", "reports/")
        )
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(call, ast.keyword) and call.arg == "action"
        for node in ast.walk(call.value)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and "." in node.value
    }

    assert written - ACTIONS.keys() == set()
