"""An import is taken back as a whole: nothing of it counts, nothing is lost, and it can come again."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from django.db.models import Count

from config.accounts.models import AuditEvent
from config.accounts.scope import EVERYWHERE
from config.language.problems import InvalidInput
from config.work.models import Job
from surveys.channels.files import services as imports
from surveys.channels.files.guessing import guess
from surveys.channels.files.outline import outline_of
from surveys.channels.files.taking_back import take_back
from surveys.collection import fieldwork, rights
from surveys.collection.models.response import ImportedFile
from surveys.collection.selectors import questionnaire_of, responses_of, surveys_with_counts
from surveys.quality import services as cleaning
from tests import field
from tests.pages import html
from tests.people import person

pytestmark = pytest.mark.django_db

HEADER = "序号,提交答卷时间,1、修过吗？,2、有什么“问题”？,3、哪家公司？,4、速度,5、修好了吗？,6、另一个\n"
ROWS = (
    "1,2026/11/20 10:00:00,是,价格┋太晚,白蜡电器,8,否,2\n"
    "2,2026/11/20 11:00:00,是,价格,Elm,9,否,3\n"
    "3,2026/11/20 12:00:00,是,价格,Elm,十一,否,4\n"
)


def taken_in(survey, text=HEADER + ROWS, name="a.csv", **read):
    table = imports.table_of(text.encode(), name)
    mapping = guess(outline_of(table), questionnaire_of(survey), date(2026, 11, 20))
    if read:
        columns = [
            replace(column, column=read.get(column.question, column.column))
            for column in mapping.questions
        ]
        mapping = replace(mapping, questions=tuple(columns))
    results = imports.take_in(survey=survey, content=text.encode(), name=name, mapping=mapping)
    return ImportedFile.objects.first(), [result.outcome for result in results]


def by_status(survey):
    return dict(survey.responses.values_list("status").annotate(n=Count("pk")).order_by())


def test_nothing_of_it_counts_and_nothing_is_lost():
    survey, ada = field.survey(), person("ada", "analyst")
    field.send(survey)
    file, _outcomes = taken_in(survey)
    answers = sorted(str(r.answers) for r in file.responses.all())

    n = take_back(file=file, reason="the wrong city", by=ada)

    assert n == 3
    assert by_status(survey) == {"accepted": 1, "taken_back": 3}
    assert sorted(str(r.answers) for r in file.responses.all()) == answers
    counted = surveys_with_counts().get()
    assert (counted.accepted, counted.rejected) == (1, 0)
    line = AuditEvent.objects.get(action="responses.take_back")
    assert (line.by, line.reason) == (ada, "the wrong city")
    assert (line.before["accepted"], line.before["rejected"], line.after) == (
        2,
        1,
        {"taken_back": 3},
    )


def test_it_comes_in_again_read_in_the_same_way_or_another():
    survey, ada = field.survey(), person("ada", "analyst")
    file, _outcomes = taken_in(survey)
    take_back(file=file, reason="x", by=ada)

    again, same = taken_in(survey)
    take_back(file=again, reason="the speed is in the last column", by=ada)
    third, other = taken_in(survey, speed="6、另一个")

    assert same == ["accepted", "accepted", "rejected"]
    assert other == ["accepted", "accepted", "accepted"]
    assert len({file.pk, again.pk, third.pk}) == 3
    counted = survey.responses.filter(status="accepted")
    assert [r.answers["speed"] for r in counted] == ["2", "3", "4"]
    assert by_status(survey) == {"accepted": 3, "taken_back": 6}


def test_what_it_had_corrected_stands_again():
    survey, ada = field.survey(), person("ada", "analyst")
    taken_in(survey)
    mended, outcomes = taken_in(survey, HEADER + ROWS.replace("十一", "10"))
    assert outcomes == ["known", "known", "accepted"]
    assert responses_of(survey, EVERYWHERE).filter(status="rejected").count() == 0

    take_back(file=mended, reason="x", by=ada)

    assert responses_of(survey, EVERYWHERE).filter(status="rejected").count() == 1
    mended, outcomes = taken_in(survey, HEADER + ROWS.replace("十一", "10"))
    assert outcomes == ["known", "known", "accepted"]
    assert mended.responses.get().corrects.status == "rejected"


def test_what_a_respondent_withdrew_stays_withdrawn():
    survey, ada = field.survey(), person("ada", "analyst")
    file, _outcomes = taken_in(survey)
    rights.withdraw(response=file.responses.get(row=2))

    take_back(file=file, reason="x", by=ada)
    _file, outcomes = taken_in(survey)

    assert outcomes == ["known", "accepted", "rejected"]


def cleaned(survey, file, ada):
    cleaning.finish(survey=survey, reason="x", by=ada)


def decided(survey, file, ada):
    cleaning.decide(response=file.responses.get(row=2), verdict="remove", reason="x", by=ada)


def frozen(survey, file, ada):
    fieldwork.note_frozen(survey=survey, snapshot="0" * 64)


def running(survey, file, ada):
    file.job = Job.objects.create(title="x", state="running")
    file.save()


def taken_back(survey, file, ada):
    take_back(file=file, reason="x", by=ada)


@pytest.mark.parametrize(
    ("before", "why"),
    [
        (cleaned, "the survey was cleaned on"),
        (decided, "people decided about 1 of its responses"),
        (frozen, "a report froze its answers on"),
        (running, "is being taken in"),
        (taken_back, "was taken back already"),
    ],
)
def test_what_rests_on_it_keeps_it(client, before, why):
    survey, ada = field.survey(), person("ada", "analyst")
    file, _outcomes = taken_in(survey)
    before(survey, file, ada)
    was = by_status(survey)
    client.force_login(ada)
    client.cookies["django_language"] = "en"

    answer = client.post(f"/surveys/repairs/imports/{file.pk}/take-back/", {"reason": "x"})

    assert answer.status_code == 422
    assert why in html(answer)
    assert by_status(survey) == was


def test_without_a_reason_nothing_is_taken_back(client):
    survey, ada = field.survey(), person("ada", "analyst")
    file, _outcomes = taken_in(survey)
    client.force_login(ada)

    answer = client.post(f"/surveys/repairs/imports/{file.pk}/take-back/", {"reason": " "})

    assert answer.status_code == 422
    assert by_status(survey) == {"accepted": 2, "rejected": 1}
    with pytest.raises(InvalidInput):
        take_back(file=file, reason=" ", by=ada)


def test_what_came_in_after_a_report_can_be_taken_back():
    survey, ada = field.survey(), person("ada", "analyst")
    field.send(survey)
    fieldwork.note_frozen(survey=survey, snapshot="0" * 64)
    file, _outcomes = taken_in(survey)

    assert take_back(file=file, reason="x", by=ada) == 3


def test_the_page_says_who_took_it_back_and_why(client):
    survey, ada = field.survey(), person("ada", "analyst")
    file, _outcomes = taken_in(survey)
    client.force_login(ada)
    client.cookies["django_language"] = "en"

    answer = client.post(
        f"/surveys/repairs/imports/{file.pk}/take-back/", {"reason": "the wrong city"}, follow=True
    )

    assert "ada: the wrong city 3 responses of it are kept and do not count." in html(answer)
    assert "taken back" in html(client.get("/surveys/repairs/imports/"))
    results = client.get(f"/surveys/repairs/imports/{file.pk}/results.csv").content.decode()
    assert results.count("taken back with its file") == 3


def test_rows_that_come_while_it_is_taken_back_stop(monkeypatch):
    survey, ada = field.survey(), person("ada", "analyst")
    monkeypatch.setattr(imports, "TOGETHER", 1)
    table = imports.table_of((HEADER + ROWS).encode(), "a.csv")
    mapping = guess(outline_of(table), questionnaire_of(survey), date(2026, 11, 20))

    def meanwhile(done, _all):
        if done == 1:
            take_back(file=ImportedFile.objects.get(), reason="x", by=ada)

    with pytest.raises(InvalidInput, match="was taken back meanwhile"):
        imports.take_in(
            survey=survey,
            content=(HEADER + ROWS).encode(),
            name="a.csv",
            mapping=mapping,
            progress=meanwhile,
        )

    assert by_status(survey) == {"taken_back": 1}
