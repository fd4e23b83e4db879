"""The audit trail: written with what it tells or not at all, chained, and broken by any change."""

from __future__ import annotations

import ast
import io

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

# services that change something and write no line, with the reason
SILENT = {
    "surveys/collection/services.py": "a respondent's answer has its own receipt",
    "surveys/collection/drafts.py": "a respondent's unfinished answers",
    "surveys/collection/quotas.py": "called by monitoring.targets, which writes",
    "surveys/collection/selectors.py": "reads",
}
SILENT_FUNCTIONS = {
    "leave_contact": "the respondent's own act",
    "refuse": "the respondent's own act",
    "key": "a keying is a record of its own, with who and when",
    "record": "a call is a record of its own, with who and when",
    "hold": "a number on the telephone for a while",
    "take_next": "a number on the telephone for a while",
    "add_aliases": "called by the others, which write",
    "take_in": "every company or row that changes has its line, or the file has",
    "collector_of": "open_way writes",
    "freeze_upload": "freeze writes",
}


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


def test_the_export_is_a_line_too(client):
    field.survey()
    client.force_login(person("eva", "auditor"))

    sent = client.post("/audit/export/?action=survey.open")

    text = b"".join(sent.streaming_content).decode("utf-8-sig")
    assert [line.split(",")[3] for line in text.splitlines()] == ["action", "survey.open"]
    assert AuditEvent.objects.first().action == "audit.export"


def services():
    """Yield every public function of a services module with its source."""
    for path in sorted(ROOT.rglob("*.py")):
        name = str(path.relative_to(ROOT))
        rooms = name.startswith(("surveys/", "inspections/", "reports/production"))
        if not rooms or "migrations" in name or name in SILENT or "/views" in name:
            continue
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                yield name, node


def test_every_service_that_changes_something_writes_a_line():
    silent = []
    for name, node in services():
        source = ast.unparse(node)
        is_atomic = any("atomic" in ast.unparse(decorator) for decorator in node.decorator_list)
        if is_atomic and "audit.record" not in source and node.name not in SILENT_FUNCTIONS:
            silent.append(f"{name}: {node.name}")

    assert silent == []


def test_every_page_says_who_did_it():
    """A view that calls a service which takes `by` gives it."""
    takers = {
        node.name
        for _name, node in services()
        if any(argument.arg == "by" for argument in node.args.kwonlyargs)
    }
    without = []
    for path in sorted(ROOT.rglob("*view*.py")):
        if not str(path.relative_to(ROOT)).startswith(("surveys/", "inspections/", "reports/")):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                given = {keyword.arg for keyword in node.keywords}
                if node.func.attr in takers and given and "by" not in given:
                    without.append(f"{path.name}: {ast.unparse(node.func)}")

    assert without == []


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
