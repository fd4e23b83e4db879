"""What goes out comes in again unchanged: every form of file that answers leave in, taken in again
into another survey and into their own, by the pages of files.
"""

from __future__ import annotations

import io
import zipfile
from datetime import datetime, timedelta
from uuid import UUID

import openpyxl
import pandas as pd
import pyreadstat
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from config.accounts.models import User
from config.language.languages import speaking
from config.language.problems import InvalidInput
from surveys.channels.files import guessing
from surveys.channels.files import services as imports
from surveys.channels.files.outline import outline_of
from surveys.collection import fieldwork
from surveys.collection import services as collection
from surveys.collection.models.response import Response
from surveys.collection.selectors import questionnaire_of
from surveys.companies import services as companies
from surveys.designing import services as questionnaires
from surveys.responses.exports import form_of, made
from tests import field
from tests.people import person
from tests.sheets import workbook

pytestmark = pytest.mark.django_db

# what files have lost or changed once: 01 and 1, labels that two choices share or that are another's
# name, a choice called 否, forty choices, names of SPSS's own language, texts that look like
# formulas or like no answer, calculations that are texts, repeats within repeats
SURVEY = [
    "type|name|label::zh|label::en|required|appearance|calculation|parameters",
    "begin_group|you|您|You",
    "select_one code|ALL|代码|Code",
    "select_one shared|shared|同名|Shared",
    "select_one swapped|swapped|互换|Swapped",
    "select_multiple forty|forty|四十|Forty",
    "select_multiple no|refusals|拒绝|Refusals",
    "rank code|order|排序|Order",
    "text|company|哪家？|Which?||company",
    "integer|count|多少|How many",
    "decimal|price|价格|Price",
    "range|stars|星|Stars||||start=-3 end=3 step=1",
    "date|day|日期|Day",
    "time|clock|时间|Time",
    "dateTime|moment|时刻|Moment",
    "geopoint|place|地点|Place",
    "text|words|文字|Words",
    "hidden|wave",
    "calculate|padded|||||if(${count} > 0, concat('0', ${count}), '')",
    "calculate|half|||||${count} div 2",
    "end_group",
    "begin_repeat|a_repeat_with_a_name_longer_than_31_letters|家电|Appliance",
    "select_one shared|what|什么|What",
    "select_multiple forty|which|哪些|Which",
    "begin_repeat|a_repeat_with_a_name_longer_than_31_too|维修|Repair",
    "integer|cost|花费|Cost",
    "text|why|为什么|Why",
    "end_repeat",
    "end_repeat",
]
CHOICES = [
    "list_name|name|label::zh|label::en",
    "code|01|零一|Zero one",
    "code|1|一|One",
    "code|na|不适用|Not applicable",
    "shared|a|其他|Other",
    "shared|b|其他|Other",
    "swapped|x|y|y",
    "swapped|y|x|x",
    *(f"forty|c{i}|选项{i}|Choice {i}" for i in range(1, 41)),
    "no|no|否|No",
    "no|yes|是|Yes",
    "no|wu|无|No reason",
]
OUTER, INNER = (
    "a_repeat_with_a_name_longer_than_31_letters",
    "a_repeat_with_a_name_longer_than_31_too",
)
FIRST = {
    "ALL": "01",
    "shared": "b",
    "swapped": "x",
    "forty": [f"c{i}" for i in range(40, 0, -3)],
    "refusals": ["yes"],
    "order": ["1", "na", "01"],
    "company": "other",
    "company_other": "-某家 公司",
    "count": 7,
    "price": 3.0,
    "stars": -3,
    "day": "1958-03-01",
    "clock": "09:05",
    "moment": "2026-10-03T23:59",
    "place": "37.87059 112.55067 0 0",
    "words": '=SUM(A1)\n“两行”, "x";，\t_x000D_',
    "wave": "w2",
    OUTER: [
        {"what": "b", "which": ["c40"], INNER: [{"cost": 3, "why": "-2"}, {"cost": -3}]},
        {},
        {"what": "a", INNER: [{"why": "'+贵"}]},
    ],
}
SECOND = {
    "ALL": "1",
    "swapped": "y",
    "refusals": ["no", "wu"],
    "company": "ash",
    "count": -3,
    "price": 0.1,
    "words": "'=一",
    OUTER: [{"what": "a"}],
}
THIRD = {"company": "not_sure", "words": "(空)", "price": 1234567.25, "ALL": "na"}


def survey_of(slug, version=None):
    version = version or questionnaires.freeze(
        workbook=workbook(SURVEY, CHOICES, indicators=None), file="all.xlsx"
    )
    made_ = fieldwork.set_up(
        slug=slug, title=field.ORGANISER, organiser=field.ORGANISER, version=version
    )
    fieldwork.open_now(survey=made_)
    return made_


@pytest.fixture
def survey():
    first = survey_of("one")
    for key, name in (("ash", "白蜡电器"), ("elm", "榆树电器")):
        first.companies.add(companies.register(key=key, name=name, name_en=key.title()))
    begun = timezone.make_aware(datetime(2026, 11, 20, 9, 0, 0, 250_000))  # noqa: DTZ001
    for number, answers in enumerate((FIRST, SECOND, THIRD)):
        payload = collection.Payload(
            UUID(int=number + 1),
            answers,
            begun + timedelta(minutes=90, seconds=number),
            started_at=begun if number else None,
            language=("zh-Hans", "en", "")[number],
            seconds={"you": 12.5} if number == 1 else {},
        )
        source = collection.Source(
            Response.Mode(("online", "interview", "paper")[number]),
            "refuse",
            stratum=("城区", "", "县")[number],
            psu=("m1", "", "007")[number],
            weight=(1 / 3, None, 2.5)[number],
        )
        collection.accept(survey=first, payload=payload, source=source)
    return first


def other(survey):
    """Return a second survey of the same questionnaire and companies."""
    second = survey_of("two", survey.version)
    second.companies.set(survey.companies.all())
    return second


def file(survey, form, **options):
    user, _made = User.objects.get_or_create(username="ada")
    wanted = {"with_text": True, "codes": True, **options}
    whole = form_of(survey, form)
    return f"answers.{whole}", b"".join(made(survey, user, whole, **wanted))


def take_in(survey, name, content):
    """Take a file in as its mapping is guessed; return what became of its rows."""
    table = imports.table_of(content, name)
    mapping = guessing.guess(outline_of(table), questionnaire_of(survey), timezone.localdate())
    results = imports.take_in(survey=survey, content=content, name=name, mapping=mapping)
    return [result.outcome for result in results]


def kept(survey):
    """Return all that is known of the responses of a survey and was not made by taking them in."""
    return [
        {
            "_uid": response.uid,
            **in_order(response.answers),
            "_mode": response.mode,
            "_language": response.language,
            "_place": (response.stratum, response.psu, response.weight),
            "_times": (response.started_at, response.submitted_at),
            "_seconds": response.seconds,
            "_company": response.company_id,
        }
        for response in survey.responses.order_by("uid")
    ]


def in_order(answers):
    """Return answers with several of one question in one order: a file has a column for each."""
    return {
        name: sorted(answer) if name in ("forty", "refusals") else answer
        for name, answer in answers.items()
    }


@pytest.mark.parametrize(
    ("form", "language", "codes"),
    [
        ("csv", "zh-Hans", True),
        ("csv", "zh-Hans", False),
        ("csv", "en", False),
        ("xlsx", "zh-Hans", True),
        ("xlsx", "zh-Hans", False),
        ("xlsx", "en", False),
        ("sav", "zh-Hans", True),
        ("sav", "en", True),
    ],
)
def test_an_export_comes_in_unchanged_into_another_survey(survey, form, language, codes):
    with speaking(language):
        name, content = file(survey, form, codes=codes)
    second = other(survey)

    assert take_in(second, name, content) == ["accepted"] * 3

    assert kept(second) == kept(survey)


@pytest.mark.parametrize("codes", [True, False], ids=["codes", "labels"])
@pytest.mark.parametrize("form", ["csv", "xlsx", "sav"])
def test_an_export_is_known_where_it_came_from(survey, form, codes):
    name, content = file(survey, form, codes=codes)

    assert take_in(survey, name, content) == ["known"] * 3
    assert survey.responses.count() == 3


@pytest.mark.parametrize("form", ["csv", "xlsx", "sav"])
def test_an_export_of_an_import_is_the_export(survey, form):
    name, content = file(survey, form)
    second = other(survey)
    take_in(second, name, content)

    again = imports.table_of(*reversed(file(second, form))).frame
    before = imports.table_of(content, name).frame

    of_this = ["_received_at", "_file", "_row"]
    assert again.drop(columns=of_this).equals(before.drop(columns=of_this))
    assert again["_row"].tolist() == before.index.astype(str).tolist()


@pytest.mark.parametrize("form", ["csv", "xlsx", "sav"])
def test_the_page_of_files_takes_an_export_in(survey, form, client):
    name, content = file(survey, form)
    second = other(survey)
    client.force_login(person("ben", "analyst"))
    client.cookies["django_language"] = "en"
    page = client.post(
        "/surveys/two/imports/", {"answers": SimpleUploadedFile(name, content)}, follow=True
    )
    assert "This program wrote the file" in page.content.decode()
    assert "kept as written" not in page.content.decode()
    address = page.redirect_chain[-1][0]

    sent = {bound.html_name: bound.value() or "" for bound in page.context["form"]}
    client.post(address, sent | {"go": "take"})
    table = second.imported_files.get()
    imports.run.call(table.pk, "en")

    assert kept(second) == kept(survey)


def test_what_did_not_count_comes_in_as_rejected(survey):
    survey.responses.filter(uid=UUID(int=2)).update(status="removed")
    name, content = file(survey, "csv", every=True)
    assert b"removed" in zipfile.ZipFile(io.BytesIO(content)).read("answers.csv")
    second = other(survey)

    assert take_in(second, name, content) == ["accepted", "rejected", "accepted"]
    assert len(imports.table_of(*reversed(file(survey, "csv"))).frame) == 2


def test_a_merged_company_counts_for_the_other_one(survey):
    name, content = file(survey, "csv")
    ash, elm = (survey.companies.get(key=key) for key in ("ash", "elm"))
    companies.merge(company=ash, into=elm, reason="同一家", by=None)
    second = other(survey)

    assert take_in(survey, name, content) == ["known"] * 3
    assert take_in(second, name, content) == ["accepted"] * 3
    assert second.responses.get(uid=UUID(int=2)).answers["company"] == "elm"


def test_a_changed_answer_is_a_conflict(survey):
    name, content = file(survey, "xlsx")
    book = openpyxl.load_workbook(io.BytesIO(content))
    sheet = book["answers"]
    heads = [cell.value for cell in sheet[1]]
    sheet.cell(3, heads.index("count") + 1).value = 8
    out = io.BytesIO()
    book.save(out)

    assert take_in(survey, name, out.getvalue()) == ["known", "conflict", "known"]


def test_spss_has_days_numbers_and_texts_as_what_they_are(survey, tmp_path):
    with speaking("zh-Hans"):
        _name, content = file(survey, "sav")
    archive = zipfile.ZipFile(io.BytesIO(content))
    assert archive.namelist() == ["answers.sav", f"repeat-{OUTER}.sav", f"repeat-{INNER}.sav"]
    path = tmp_path / "answers.sav"
    path.write_bytes(archive.read("answers.sav"))

    frame, meta = pyreadstat.read_sav(str(path))

    assert frame["day"].tolist()[0].isoformat() == "1958-03-01"
    assert frame["clock"].tolist()[0].isoformat() == "09:05:00"
    assert frame["moment"].tolist()[0] == pd.Timestamp("2026-10-03 23:59")
    assert frame["v_submitted_at"].tolist()[0] == pd.Timestamp("2026-11-20 10:30:00.250")
    assert meta.column_names_to_labels["v_submitted_at"].endswith("(Asia/Shanghai)")
    assert frame["padded"].tolist() == ["07", "", ""]
    assert frame["half"].tolist()[:2] == [3.5, -1.5]
    assert "ALL" not in frame
    # 1 is 1, 01 stands above all numbers
    assert frame["ALL_2"].tolist() == [99, 1, 100]
    assert [meta.variable_value_labels["ALL_2"][n] for n in (1, 99, 100)] == [
        "一",
        "零一",
        "不适用",
    ]
    assert frame[[f"forty_c{i}" for i in range(1, 41)]].iloc[0].sum() == 14


def test_csv_has_whole_numbers_without_a_point(survey):
    archive = zipfile.ZipFile(io.BytesIO(file(survey, "csv")[1]))
    frame = pd.read_csv(archive.open("answers.csv"), dtype=str, keep_default_na=False)
    inner = pd.read_csv(archive.open(f"repeat-{INNER}.csv"), dtype=str, keep_default_na=False)

    assert frame["count"].tolist() == ["7", "-3", ""]
    assert frame["price"].tolist() == ["3", "0.1", "1234567.25"]
    assert frame["_weight"].tolist()[1:] == ["1", "2.5"]
    assert frame["_started_at"].tolist()[1] == "2026-11-20T09:00:00.250+08:00"
    assert frame["_id"].tolist()[0] == str(UUID(int=1))
    assert inner["cost"].tolist() == ["3", "-3", ""]
    assert inner[f"_instance_of_{OUTER}"].tolist() == ["1", "1", "3"]


def test_worksheets_are_named_apart_and_the_codebook_has_them_whole(survey):
    book = openpyxl.load_workbook(io.BytesIO(file(survey, "xlsx")[1]))

    assert book.sheetnames == [
        "answers",
        "a_repeat_with_a_name_longer_tha",
        "a_repeat_with_a_name_longer_t_2",
        "codebook",
    ]
    kinds = {row[0].value: row[3].value for row in book["codebook"].iter_rows(min_row=2)}
    assert kinds[OUTER] == kinds[INNER] == "repeat"
    assert kinds[f"{INNER}: cost"] == "integer"


def test_a_company_that_is_no_longer_offered_stays_in_every_form(survey):
    survey.companies.remove(survey.companies.get(key="ash"))

    for form in ("csv", "xlsx", "sav"):
        table = imports.table_of(*reversed(file(survey, form, codes=True)))
        assert table.frame["company"].tolist() == ["other", "ash", "not_sure"], form


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.zip", b"PK\x03\x04 no archive", "is not a readable ZIP file"),
        ("a.sav", b"$FL2 no file", "is not a readable SPSS file"),
        ("a.xlsx", b"no workbook", "is not a readable Excel workbook"),
    ],
)
def test_a_damaged_file_is_said_to_be_none(name, content, said):
    with pytest.raises(InvalidInput, match=said):
        imports.table_of(content, name)


def test_an_archive_without_answers_is_refused():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("photos.csv", "a\n1\n")

    with pytest.raises(InvalidInput, match="holds no answers"):
        imports.table_of(out.getvalue(), "photos.zip")
