"""Lists of companies: all or nothing, the same list adds nothing, merges that can be taken back."""

from __future__ import annotations

import io

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from config.accounts.models import AuditEvent
from config.language.problems import InvalidInput
from config.tabular import tables
from config.tabular.uploads import table_of
from config.work.models import FileReading, Job
from reports.data.sources import platform
from surveys.collection.selectors import companies_of
from surveys.companies import services as companies
from surveys.companies.models import Company
from surveys.directory import lists as company_lists
from tests import field
from tests.pages import html, seen
from tests.people import person

pytestmark = pytest.mark.django_db


def test_signs_of_a_pattern_in_a_cell_are_shown_as_they_are():
    take_in("key,name,brands\nash,白蜡,{x}%(y)s\n")

    with pytest.raises(InvalidInput) as refused:
        take_in("key,name,brands\nelm,榆树,{x}%(y)s\n")

    assert "{x}%(y)s" in refused.value.problems[0].render()


@pytest.fixture
def office(client):
    client.force_login(person("ada"))
    return client


LIST = "代号,企业名称,英文名,类型,品牌,别名\nash,白蜡电器,Ash,品牌,白蜡;蜡星,BAILA\ncorner,街角维修,,街边店,,街角\n"


def take_in(text):
    return dict(
        company_lists.take_in(
            table=table_of(SimpleUploadedFile("list.csv", text.encode())), by=None
        )
    )


def test_a_list_is_taken_in_once():
    assert take_in(LIST) == {"new": 2}
    assert take_in(LIST) == {"unchanged": 2}

    assert companies.named("蜡星").key == "ash"
    assert companies.named("街角").kind == "street"
    assert [change.what for change in Company.objects.get(key="ash").changes.all()] == ["imported"]


def test_a_changed_cell_is_in_the_history():
    take_in(LIST)

    assert take_in(LIST.replace("Ash", "Ash Appliances")) == {"changed": 1, "unchanged": 1}

    change = Company.objects.get(key="ash").changes.last()
    assert change.detail["changed"] == {"name_en": ["Ash", "Ash Appliances"]}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("name\nAsh\n", "has no column key"),
        ("key,name\na b,Ash\n", "row 2"),
        ("key,name,kind\nash,Ash,palace\n", "row 2"),
        ("key,name,credit_code\nash,Ash,123\n", "row 2"),
        ("key,name,aliases\nash,Ash,X\nelm,Elm,X\n", "row 3"),
        ("key,name,brands\nash,Ash,X\nelm,Elm,X\n", "row 3"),
    ],
)
def test_a_wrong_list_adds_nothing(text, said):
    with pytest.raises(InvalidInput, match=said):
        take_in(text)
    assert Company.objects.count() == 0


def test_a_merged_company_is_found_and_offered_as_the_other_one():
    survey = field.survey()
    ash, elm = Company.objects.order_by("key")
    field.send(survey, company="ash")

    companies.merge(company=ash, into=elm, reason="同一法人", by=None)

    assert companies.named("BAILA") == elm
    assert list(companies_of(survey)) == [elm]
    assert survey.responses.get().company == ash, "what was answered stays"
    assert set(platform.answers(survey).table.frame["_company"]) == {"榆树电器"}
    assert elm.changes.get().reason == "同一法人"


def test_a_split_takes_the_merge_back():
    ash = companies.register(key="ash", name="白蜡电器", brands=[("蜡星", "")])
    elm = companies.register(key="elm", name="榆树电器")
    companies.merge(company=ash, into=elm, reason="x", by=None)

    companies.split(company=ash, reason="不是一家", by=None)

    assert companies.named("蜡星") == ash
    assert companies.named("榆树电器") == elm
    assert [change.what for change in ash.changes.all()] == ["merged", "split"]


def test_no_chains_no_circles_no_merge_without_a_reason():
    a, b, c = (companies.register(key=k, name=k) for k in "abc")
    companies.merge(company=a, into=b, reason="x", by=None)
    for one, into, reason in ((a, c, "x"), (b, a, "x"), (c, c, "x"), (c, b, " ")):
        with pytest.raises(companies.NotPossible):
            companies.merge(company=one, into=into, reason=reason, by=None)

    companies.merge(company=b, into=c, reason="x", by=None)

    assert companies.named("a") == c


def test_the_command(tmp_path, capsys):
    path = tmp_path / "list.csv"
    path.write_text(LIST, encoding="utf-8")

    call_command("companies", "import", str(path))
    call_command("companies", "merge", "corner", "ash", "--reason", "x")

    assert "2 new, 0 changed, 0 unchanged" in capsys.readouterr().out
    assert companies.named("街角").key == "ash"
    with pytest.raises(CommandError, match="no company oak"):
        call_command("companies", "split", "oak", "--reason", "x")


def test_the_pages_take_a_list_in_and_give_it_back(office):
    sent = office.post(
        "/companies/", {"companies": SimpleUploadedFile("list.csv", LIST.encode())}, follow=True
    )
    assert "街角维修" in sent.content.decode()
    back = office.get("/companies.xlsx")
    again = SimpleUploadedFile("companies.xlsx", back.content)
    assert dict(company_lists.take_in(table=table_of(again), by=None)) == {"unchanged": 2}
    assert "白蜡电器" not in office.get("/companies/?q=jj").content.decode()
    assert "白蜡电器" in office.get("/companies/?q=baila").content.decode()


def test_a_wrong_list_is_said_on_the_page(office):
    sent = office.post(
        "/companies/", {"companies": SimpleUploadedFile("list.csv", b"key,name\na b,Ash\n")}
    )
    assert sent.status_code == 422
    assert "list.csv" in sent.content.decode()


def test_a_company_is_changed_merged_and_taken_out_again_on_its_page(office):
    survey = field.survey()
    take_in("key,name\nash2,白蜡家电有限公司\n")
    assert "ash2" in office.get("/companies/").content.decode()

    given = {"name": "白蜡家电", "kind": "authorised", "aliases": "蜡家；蜡电"}
    office.post("/companies/ash2/", {**given, **seen(office, "/companies/ash2/")})
    assert companies.named("蜡电").kind == "authorised"
    opened = seen(office, "/companies/ash2/", "/companies/ash2/offer/")
    office.post("/companies/ash2/offer/", {"surveys": [survey.slug], **opened})
    assert [c.key for c in companies_of(survey)] == ["ash", "ash2", "elm"]

    office.post("/companies/ash2/merge/", {"what": "merge", "into": "ash", "reason": ""})
    assert companies.named("蜡电").key == "ash2"
    office.post(
        "/companies/ash2/merge/", {"what": "merge", "into": "ash", "reason": "one register entry"}
    )
    assert companies.named("蜡电").key == "ash"
    assert take_in("key,name,aliases\nash2,白蜡家电,蜡电\n") == {"unchanged": 1}
    assert "one register entry" in office.get("/companies/ash/").content.decode()

    office.post("/companies/ash2/merge/", {"what": "split", "reason": "two after all"})
    assert companies.named("蜡电").key == "ash2"
    office.post("/companies/ash2/merge/", {"what": "apart", "into": "ash"})
    assert companies.likely_doubles() == []


def test_a_spelling_of_another_company_is_said_and_changes_nothing(office):
    field.survey()
    given = {"name": "白蜡电器", "aliases": "榆树电器", **seen(office, "/companies/ash/")}
    slip = office.post("/companies/ash/", given)
    assert slip.status_code == 422
    assert companies.named("榆树电器").key == "elm"


def test_companies_stand_as_in_a_dictionary():
    take_in("key,name\na,榆树\nb,白蜡\nc,晨星\nd,Ash\n")
    assert [c.name for c in Company.objects.all()] == ["Ash", "白蜡", "晨星", "榆树"]


def test_a_name_that_begins_like_a_formula_stays_a_text(office):
    take_in("key,name\nodd,=1+1\n")
    sheet = openpyxl.load_workbook(io.BytesIO(office.get("/companies.xlsx").content)).active
    assert (sheet["B2"].value, sheet["B2"].data_type) == ("=1+1", "s")


@pytest.fixture
def large(monkeypatch, client):
    """Sign in; whatever is longer than a row is large here."""
    monkeypatch.setattr(tables, "LARGE", 20)
    client.force_login(person("ada"))
    client.cookies["django_language"] = "en"
    return client


def sent_as_large(client, text):
    upload = SimpleUploadedFile("list.csv", text.encode())
    at = client.post("/companies/", {"companies": upload}).url
    assert "it is read in the background" in html(client.get(at))
    company_lists.read_list.func(FileReading.objects.get().pk, "en")
    return at


def test_a_large_list_is_taken_in_by_the_worker(large):
    at = sent_as_large(large, "key,name\nash,白蜡电器\nelm,榆树电器\n")

    assert "2 new, 0 changed, 0 unchanged" in html(large.get(at))
    assert Company.objects.count() == 2
    assert AuditEvent.objects.filter(action="company.register", by__username="ada").count() == 2


def test_a_large_list_with_mistakes_changes_nothing_and_names_them(large):
    at = sent_as_large(large, "key,name,credit_code\nash,白蜡电器,\nelm,榆树电器,123\n")

    page = html(large.get(at))
    assert "row 3" in page
    assert "Read it again" in page
    assert Company.objects.count() == 0


def test_a_list_is_checked_before_anybody_has_to_wait_and_written_in_pieces(monkeypatch):
    monkeypatch.setattr(company_lists, "TOGETHER", 2)
    rows = "".join(f"k{i},企业{i}\n" for i in range(5))

    with CaptureQueriesContext(connection) as asked:
        assert take_in(f"key,name\n{rows}") == {"new": 5}

    writes = [q["sql"].split(" ", 1)[0] for q in asked.captured_queries]
    first = next(i for i, verb in enumerate(writes) if verb == "SAVEPOINT")
    assert "INSERT" not in writes[:first]
    # of every piece, and within it of every company
    assert len([q for q in asked.captured_queries if q["sql"].startswith("RELEASE")]) >= 3 + 5


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("key,name\nash,白蜡\nbirch,白蜡\n", "row 3"),
        ("key,name,aliases\nash,白蜡,蜡\nbirch,桦木,蜡\n", "row 3"),
        ("key,name,brands\nash,白蜡,B\nbirch,桦木,B\n", "the brand B"),
        ("key,name\nash,榆树电器\n", "row 2"),
        ("key,name,aliases\nash,白蜡,榆树\n", "row 2"),
        ("key,name\na b,白蜡\n", "row 2"),
        (f"key,name\nash,{'白' * 121}\n", "row 2"),
        ("key,name,kind\nash,白蜡,shop\n", "row 2"),
    ],
)
def test_what_the_database_would_refuse_is_refused_before_anything_is_written(
    text, said, monkeypatch
):
    companies.register(key="elm", name="榆树电器", aliases=["榆树"])
    monkeypatch.setattr(company_lists, "change", None)

    with pytest.raises(InvalidInput) as refused:
        take_in(text)

    assert said in refused.value.problems[0].render()
    assert len(refused.value.problems) == 1


def test_a_name_that_a_row_gives_up_is_free_for_the_next():
    companies.register(key="elm", name="榆树电器")

    assert take_in("key,name\nelm,榆木电器\nash,白蜡\n") == {"changed": 1, "new": 1}
    assert take_in("key,name\nelm,榆木\noak,橡树\n") == {"changed": 1, "new": 1}


def test_what_somebody_else_takes_meanwhile_is_said_at_its_row(monkeypatch):
    monkeypatch.setattr(company_lists, "TOGETHER", 1)
    checked = company_lists.directory()
    monkeypatch.setattr(company_lists, "directory", lambda: checked)
    companies.register(key="elm", name="榆树电器")

    with pytest.raises(InvalidInput, match="row 3"):
        take_in("key,name\nash,白蜡\noak,榆树电器\n")

    assert set(Company.objects.values_list("key", flat=True)) == {"ash", "elm"}


def test_a_large_list_that_was_stopped_begins_again(large):
    at = large.post(
        "/companies/",
        {"companies": SimpleUploadedFile("list.csv", "key,name\nash,白蜡电器\n".encode())},
    ).url
    Job.objects.update(state="failed")

    again = large.post(at, {"go": "again"}).url

    company_lists.read_list.func(FileReading.objects.get().pk, "en")
    assert "1 new" in html(large.get(again))


def test_the_history_of_a_company_is_told_in_words(client):
    companies.register(key="ash", name="白蜡电器")
    client.force_login(person("ada"))
    client.cookies["django_language"] = "en"

    changed = {"name": "白蜡电器", "kind": "street", "name_en": "Ash"}
    client.post("/companies/ash/", seen(client, "/companies/ash/") | changed)

    page = html(client.get("/companies/ash/"))
    assert "English name: – → Ash" in page
    assert "own service → street shop" in page
