"""Sites: lists all or nothing with every problem at its cell, likely doubles, merges that can be
taken back.
"""

from __future__ import annotations

import io

import openpyxl
import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from config.accounts.models import AuditEvent
from config.language.languages import speaking
from config.language.problems import InvalidInput
from config.tabular.tables import parse
from config.tabular.writers import workbook, worksheet
from inspections.campaigns import site_lists, site_services
from inspections.campaigns.geo import Position
from inspections.campaigns.models import CampaignSite
from inspections.campaigns.selectors import likely_doubles
from inspections.campaigns.site_map import Pin, site_map
from inspections.campaigns.sites import Site, Vendor
from surveys.companies import services as companies
from tests import field
from tests.pages import html, seen
from tests.people import person

pytestmark = pytest.mark.django_db

LIST = (
    "场所,类型,地区,地址,经营主体,服务商,纬度,经度,坐标系,别名\n"
    "万达停车场,停车场,太原市小店区,长风街1号,橡树,捷停车,37.8706,112.5489,gcj02,万达B1；万达车库\n"
    "老面馆,餐饮,140106,,,,,,,\n"
)


@pytest.fixture(autouse=True)
def _in_english(client):
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    with speaking("en"):
        yield


@pytest.fixture
def office(client):
    client.force_login(person("ada"))
    return client


@pytest.fixture
def oak():
    return companies.register(key="oak", name="橡树物业", brands=[("橡树", "Oak")], aliases=["OAK"])


def take_in(text: str, name="sites.csv"):
    return dict(site_lists.take_in(table=parse(text.encode(), name), by=None))


def site(name="万达停车场", area="140105", **changed) -> Site:
    given = {"name": name, "kind": "car_park", "area": area, **changed}
    return site_services.change(site=None, given=given, by=None)[0]


def test_a_list_is_taken_in_once(oak):
    assert take_in(LIST) == {"new": 2}
    assert take_in(LIST) == {"unchanged": 2}

    park = Site.objects.get(name="万达停车场")
    assert (park.kind, park.area_id, park.operator, park.datum) == (
        "car_park",
        "140105",
        oak,
        "GCJ-02",
    )
    assert park.vendor.name == "捷停车"
    assert [alias.name for alias in park.aliases.all()] == ["万达B1", "万达车库"]
    assert [change.what for change in park.changes.all()] == ["imported"]
    assert AuditEvent.objects.filter(action="site.register").count() == 2


def test_what_goes_out_as_excel_comes_in_unchanged(oak):
    take_in(LIST)

    sent = workbook([worksheet("sites", site_lists.as_table(Site.objects.all()))])

    table = parse(sent, "sites.xlsx")
    assert dict(site_lists.take_in(table=table, by=None)) == {"unchanged": 2}


def test_a_site_is_known_by_another_name_in_its_area_and_empty_cells_change_nothing(oak):
    take_in(LIST)

    again = take_in("name,area,address\n万达 b1,小店区,\n")
    elsewhere = take_in("name,area,kind\n万达B1,杏花岭区,停车场\n")

    assert again == {"unchanged": 1}
    assert elsewhere == {"new": 1}
    assert Site.objects.get(area="140105").name == "万达停车场"


@pytest.mark.parametrize(
    ("cells", "column", "text"),
    [
        ({"类型": "马戏团"}, "类型", "no kind of site"),
        ({"地区": "城区"}, "地区", "several areas"),
        ({"地区": "火星"}, "地区", "is no area"),
        ({"场所": ""}, "场所", "is needed"),
        ({"经营主体": "无名"}, "经营主体", "no company of the directory"),
        ({"品牌": "无名"}, "品牌", "no brand of the directory"),
        ({"服务商": "捷亭车"}, "服务商", "may be 捷停车"),
        ({"纬度": "north"}, "纬度", "no number of degrees"),
        ({"纬度": "112.5"}, "纬度", "between -90 and 90"),
        ({"经度": "1e999"}, "经度", "no number of degrees"),
        ({"坐标系": ""}, "坐标系", "is missing"),
        ({"坐标系": "BD-09"}, "坐标系", "is no datum"),
        (
            {"统一社会信用代码": "91140100MA0K00000X"},
            "统一社会信用代码",
            "no unified social credit",
        ),
        ({"编号": "99"}, "编号", "there is no site 99"),
        ({"场所": "x{0}%(y)s"}, "场所", ""),
    ],
)
def test_a_wrong_cell_is_named_by_row_and_column_and_nothing_is_kept(oak, cells, column, text):
    Vendor.objects.create(name="捷停车")
    row = {
        "编号": "",
        "场所": "新停车场",
        "类型": "停车场",
        "地区": "小店区",
        "经营主体": "",
        "品牌": "",
        "服务商": "",
        "纬度": "37.8",
        "经度": "112.5",
        "坐标系": "WGS-84",
        "统一社会信用代码": "",
    } | cells
    second = {**row, "编号": "", "场所": "第二", "类型": "?"}
    lines = [",".join(row), ",".join(row.values()), ",".join(second.values())]

    with pytest.raises(InvalidInput) as refused:
        take_in("\n".join(lines))

    said = str(refused.value)
    assert "row 3, column 类型" in said
    assert not text or f"sites.csv: row 2, column {column}: " in said
    assert text in said
    assert not Site.objects.exists()


def test_the_same_site_twice_in_a_list_is_said():
    with pytest.raises(InvalidInput, match="row 3, column name: is the site of row 2 again"):
        take_in("name,kind,area\n甲店,shop,140105\n甲店,shop,140105\n")


def test_a_list_without_its_columns_is_refused():
    with pytest.raises(InvalidInput, match="no column area"):
        take_in("name\n甲\n")


def test_a_position_without_its_datum_is_refused_and_taking_it_away_is_not():
    with pytest.raises(ValidationError) as refused:
        site(latitude="37.8", longitude="112.5")
    assert list(refused.value.message_dict) == ["datum"]

    park = site(latitude="37.8", longitude="112.5", datum="WGS-84")
    nowhere = {"latitude": "", "longitude": "", "datum": ""}
    site_services.change(site=park, given=nowhere, by=None)

    park.refresh_from_db()
    assert park.position is None
    assert park.changes.last().detail["changed"]["latitude"] == ["37.800000", ""]


def test_likely_doubles_have_like_names_and_are_near():
    ada = person("ada")
    here = {"latitude": "37.8000", "longitude": "112.5000", "datum": "WGS-84"}
    near = {"latitude": "37.8010", "longitude": "112.5000", "datum": "WGS-84"}
    far = {"latitude": "37.8100", "longitude": "112.5000", "datum": "WGS-84"}
    one = site("老面馆", **here)
    two = site("老麵館", **near)
    site("老面馆（机场店）", **near)
    site("老面馆 ", area="140106", **far)

    (pair,) = likely_doubles(ada)

    assert pair[:3] == (one, two, "sound")
    assert pair[3] == pytest.approx(111.2, abs=0.1)
    site_services.tell_apart(site=one, other=two, by=ada)
    assert likely_doubles(ada) == []


def test_the_same_degrees_in_two_datums_are_no_double():
    site("老面馆", latitude="37.8", longitude="112.5", datum="WGS-84")
    site("老面舘", latitude="37.8", longitude="112.5", datum="GCJ-02")

    assert likely_doubles(person("ada")) == []


def test_a_merge_is_taken_back_whole():
    campaign = field.campaign()
    one, two = campaign.sites.all()[:2]

    site_services.merge(site=one, into=two, reason="one gate", by=None)

    dropped = CampaignSite.objects.get(site=one)
    assert (dropped.dropped_because, bool(dropped.dropped_at)) == ("one gate", True)
    assert take_in(f"name,area\n{one.name},140105\n") == {"unchanged": 1}
    with pytest.raises(site_services.NotPossible):
        site_services.merge(site=one, into=two, reason="again", by=None)
    with pytest.raises(site_services.NotPossible):
        site_services.split(site=one, reason=" ", by=None)

    site_services.split(site=one, reason="two gates", by=None)

    one.refresh_from_db()
    dropped.refresh_from_db()
    assert (one.merged_into, dropped.dropped_at) == (None, None)
    assert not two.aliases.exists()
    assert [change.what for change in one.changes.all()] == ["merged", "split"]


def test_a_map_keeps_its_proportions_and_reads_both_datums():
    wgs = Position(37.8706, 112.5489, "WGS-84")
    gcj = Position(37.87133, 112.55525, "GCJ-02")  # the same place within some metres
    north = Position(37.8706 + 0.5, 112.5489, "WGS-84")

    drawn = site_map([Pin(wgs, "a", "小店区"), Pin(gcj, "b", "小店区"), Pin(north, "c", "清徐县")])

    a, b, c = drawn.points
    assert abs(a.x - b.x) < 1
    assert abs(a.y - b.y) < 1
    assert c.y < a.y
    assert (drawn.bar_text, [(label.text, label.count) for label in drawn.labels]) == (
        "5 km",
        [("小店区", 2), ("清徐县", 1)],
    )
    # 5 km of the 55.6 km between a and c
    assert drawn.bar / (a.y - c.y) == pytest.approx(5 / 55.6, rel=0.01)
    assert site_map([]) is None


def test_a_site_is_added_changed_and_merged_on_its_pages(office, oak):
    form = {"name": "甲停车场", "kind": "car_park", "area": "小店区", "operator": "oak"}
    added = office.post("/sites/new/", form)
    made = Site.objects.get()
    form |= seen(office, f"/sites/{made.pk}/")
    wrong = office.post(f"/sites/{made.pk}/", {**form, "operator": "nobody"})
    office.post(f"/sites/{made.pk}/", {**form, "address": "长风街"})
    other = site("乙停车场")
    merged = office.post(
        f"/sites/{other.pk}/merge/", {"what": "merge", "into": made.pk, "reason": "one gate"}
    )

    assert added["Location"] == f"/sites/{made.pk}/"
    assert wrong.status_code == 422
    assert "no company of the directory" in html(wrong)
    made.refresh_from_db()
    assert (made.operator, made.address) == (oak, "长风街")
    assert merged.status_code == 302
    assert "乙停车场" in html(office.get("/sites/")).partition("Merged into others")[2]


def test_a_workbook_with_problems_shows_all_of_them_on_the_page(office):
    book = openpyxl.Workbook()
    for cells in (("name", "kind", "area"), ("甲", "zoo", "140105"), ("乙", "shop", "999999")):
        book.active.append(cells)
    out = io.BytesIO()
    book.save(out)

    page = office.post("/sites/", {"sites": SimpleUploadedFile("s.xlsx", out.getvalue())})

    assert page.status_code == 422
    assert "s.xlsx: row 2, column kind" in html(page)
    assert "s.xlsx: row 3, column area" in html(page)


def test_the_map_shows_what_somebody_may_see(office, client):
    site("甲停车场", latitude="37.8", longitude="112.5", datum="WGS-84")
    site("乙停车场", area="140214")

    page = office.get("/sites/map/")
    client.force_login(person("bo", "supervisor", areas=["140200"]))
    posted = client.get("/sites/map/")

    assert "<title>甲停车场</title>" in html(page)
    assert "甲停车场" not in html(posted)
    assert client.get(f"/sites/{Site.objects.get(name='甲停车场').pk}/").status_code == 404
