"""A plan as a form and as text: both over the one validator, errors at their fields, nothing that
was typed is lost, and the bytes that were hashed come out again.
"""

from __future__ import annotations

import hashlib
import re
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from config.language.problems import InvalidInput
from reports.plans.validation import KEYS, parse
from reports.plans.writing import as_written, write
from reports.production import services as reports
from reports.production.models import Report
from reports.production.plan_form import KNOWN, filled
from tests import field
from tests.pages import html
from tests.people import person
from tests.test_bad_input import NONSENSE, named

pytestmark = pytest.mark.django_db
ADDRESS = "/reports/new/repairs/"
# what belongs to files, and stands in the form of a survey or campaign under "further keys"
OF_FILES = {"items", "tree", "estimates", "values", "unit", "better", "subject"}
WHOLE = """\
# everything that a survey's plan may say
title: {zh-Hans: "维修：结果", en: 'Repairs: results'}
date: 2026-11-24
sample: probability
source: {kind: survey, survey: repairs}
company: {kinds: [brand, street]}
questionnaire: small@1
drop:
  - {column: _mode, in: [paper, ""], reason: {zh-Hans: 纸质, en: paper}}
  - {column: speed, in: [No, 07]}
strata: _stratum
psu: _psu
weight: {none: {zh-Hans: "名单相同", en: "one list, drawn alike"}}
population: _collector
lonely_psu: {collapse: {a: ab, b: ab}}
coverage: .5
weights:
  nonresponse: {class: _area, answered: {column: _mode, in: [online, "0"]}}
  margins: {_mode: {online: 0.5, paper: 0.5}, _city: {"140100": 1, "140200": 3, "140300": 7, 其他: 9}}
  bounds: [0.3, 3]
  trim: [0.2, 4]
adjust: [_mode, _day]
analyses: [consistency, sensitivity]
drivers: speed
compare_with: 12
gates: {n: 1_0, n_eff: null}
expect: {answers: [100, 200], between: 3.5, within: 20, deff: 1.2, units: 5}
inference: {level: 0.9, draws: 2000, seed: 7, tau: 2, family: marginal}
print: {list_withheld: true, pages: all, decimals: 2}
contact: {zh-Hans: 电话, en: by telephone}
publisher: {zh-Hans: 示例协会, en: "Example: 'association'"}
demonstration: yes
disclosure:
  strategy: {zh-Hans: "一行\\n两行", en: "one line\\ntwo"}
  limitations: {zh-Hans: "#", en: "null"}
"""


@pytest.fixture
def survey():
    made = field.survey()
    field.send(made)
    return made


@pytest.fixture
def office(client):
    client.force_login(person("ada", "analyst"))
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


def filled_in(page, name="plan_form"):
    """Return what a browser would send of a form as it stands on the page."""
    sent = {}
    for bound in page.context[name]:
        value = bound.value()
        if value not in (None, False, ""):
            sent[bound.html_name] = "on" if value is True else value
    return sent


def same(plan):
    """Return a plan without what tells one text from another."""
    columns = {column for column, _place in plan.columns}
    return {**vars(plan), "hash": "", "content": b"", "columns": columns}


def test_every_key_of_the_validator_has_a_field_or_is_one_for_files():
    assert set(KEYS) - KNOWN == OF_FILES


def form_of(text, survey):
    return filled(text, survey=survey, is_campaign=False, columns=reports.columns_of(survey))


def test_a_plan_that_goes_through_the_form_says_the_same(office, survey):
    opened = office.get(ADDRESS)
    text = {**filled_in(opened, "text_form"), "plan": WHOLE, "go": "form"}

    turned = office.post(ADDRESS, text)
    back = office.post(ADDRESS, {**filled_in(turned), "go": "text"})

    assert (turned.status_code, back.status_code) == (200, 200)
    assert Report.objects.count() == 0
    written = back.context["text_form"]["plan"].value()
    assert same(parse(written.encode(), "p")) == same(parse(WHOLE.encode(), "p"))


def test_a_plan_is_written_as_it_was_read():
    read = as_written(WHOLE, "p")

    assert as_written(write(read), "p") == read
    assert same(parse(write(read).encode(), "p")) == same(parse(WHOLE.encode(), "p"))


@pytest.mark.parametrize(
    "text",
    ["no: [a", "", "- a\n", "a: 1\na: 2\n"],
    ids=["broken", "empty", "a list", "twice"],
)
def test_a_text_that_is_no_plan_is_refused(text):
    with pytest.raises(InvalidInput):
        as_written(text, "p")


@pytest.mark.parametrize(
    "words",
    [
        "null",
        "~",
        "yes",
        "2026",
        "a: b",
        "#",
        "'",
        '"',
        "\\n",
        "a\nb",
        "a\u2028b",
        "\x85",
        " a",
        "!",
    ],
)
def test_words_come_back_as_they_were_typed(words):
    plan = write({"title": {"zh-Hans": words, "en": [words, None]}})

    assert as_written(plan, "p") == {"title": {"zh-Hans": words, "en": [words, None]}}


def test_a_drafted_plan_is_a_form_that_starts_a_ranking(office, survey):
    answer = office.post(ADDRESS, {**filled_in(office.get(ADDRESS)), "gates.n": "12"})

    report = Report.objects.get()
    assert answer["Location"] == f"/reports/{report.pk}/"
    plan = parse(report.plan.encode(), "plan.yaml")
    assert (plan.gates.n, plan.gates.n_eff, plan.source.slug) == (12, 100, "repairs")
    assert same(plan) != same(parse(reports.draft_plan(survey, "2026-11-24").encode(), "p"))


@pytest.mark.parametrize(
    ("changed", "at", "said"),
    [
        ({"gates.n": "many"}, "gates.n", "must be a number from 1"),
        ({"gates.n": "1.5"}, "gates.n", "must be a whole number"),
        ({"date": "2026-13-45"}, "date", "must be a date"),
        ({"title.en": ""}, "title.en", "must be a text"),
        ({"title.en": "", "title.zh-Hans": ""}, "title.zh-Hans", "is missing"),
        ({"coverage": "2"}, "coverage", "must be a number from 0 to 1"),
        ({"weight": "none"}, "weight", "needs a reason"),
        ({"lonely_psu": "collapse"}, "lonely_psu", "must be one of"),
        ({"lonely_psu.collapse": "a = b"}, "lonely_psu", "needs strata"),
        ({"inference.level": "95"}, "inference.level", "must be a number from 0.8"),
        ({"print.decimals": "9"}, "print.decimals", "must be a number from 0 to 6"),
        ({"expect.answers": "100"}, "expect.answers", "needs companies"),
        ({"drop[1].in": "x"}, "drop[1].column", "is missing"),
        ({"drop[0].column": "speed"}, "drop[0].in", "is missing"),
        ({"company.kinds": ["palace"]}, "company.kinds", "palace"),
        ({"disclosure.dates.en": "2026"}, "disclosure.dates.zh-Hans", "must be a text"),
        ({"title.zh-Hans": "黑榜"}, "title.zh-Hans", "which this publication must not say"),
        ({"weights": "{bounds: [0.3, 3]}"}, "weights", "needs margins"),
        ({"adjust": "_mode", "analyses": ["all"]}, "analyses", "not one of the available"),
        ({"rest": "glory: 1"}, "rest", "glory: is not a key that is known here"),
        ({"rest": "items: [a]"}, "rest", "items: stands beside questionnaire"),
        ({"questionnaire": ""}, "questionnaire", "is missing"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else None,
)
def test_what_is_wrong_stands_at_its_field_and_nothing_typed_is_lost(
    office, survey, changed, at, said
):
    typed = {
        **filled_in(office.get(ADDRESS)),
        "publisher.en": "Typed by hand",
        "drop[1].column": "",
    }

    answer = office.post(ADDRESS, {**typed, **changed})

    assert answer.status_code == 422
    assert Report.objects.count() == 0
    form = answer.context["plan_form"]
    assert any(said in text for text in form.errors[at]), form.errors
    page = unescape(html(answer))
    assert re.search(rf'id="plan-{re.escape(at)}_error"', page)
    assert 'value="Typed by hand"' in page
    for name, value in changed.items():
        assert form[name].value() == value


def test_a_group_with_something_wrong_in_it_is_open(office, survey):
    typed = filled_in(office.get(ADDRESS))

    answer = office.post(ADDRESS, {**typed, "inference.level": "95"})

    groups = {str(g.heading): g.is_open for g in answer.context["plan_form"].shown_groups()}
    assert groups["How sure"]
    assert not groups["Disclosure"]


def test_a_text_with_something_wrong_comes_back_with_its_lines(office, survey):
    typed = WHOLE.replace("coverage: .5", "coverage: half")
    opened = filled_in(office.get(ADDRESS), "text_form")

    answer = office.post(ADDRESS, {**opened, "plan": typed})

    assert answer.status_code == 422
    assert "plan.yaml:16: coverage: must be a number from 0 to 1" in html(answer)
    assert answer.context["text_form"]["plan"].value() == typed
    assert "# everything that a survey's plan may say" in unescape(html(answer))


@pytest.mark.parametrize("ends", ["\r\n", "\n", "\r"])
def test_the_plan_comes_out_with_the_bytes_that_were_hashed(office, survey, ends):
    opened = filled_in(office.get(ADDRESS), "text_form")

    # as browsers send every text
    page = office.post(ADDRESS, {**opened, "plan": WHOLE.replace("\n", ends)}, follow=True)

    report = Report.objects.get()
    assert f'href="/reports/{report.pk}/plan.yaml"' in html(page)
    sent = office.get(f"/reports/{report.pk}/plan.yaml")
    content = b"".join(sent.streaming_content)
    assert content == WHOLE.encode()
    assert hashlib.sha256(content).hexdigest() == parse(report.plan.encode(), "plan.yaml").hash


def test_a_file_is_used_byte_for_byte(office, survey):
    content = WHOLE.replace("\n", "\r\n").encode("utf-8-sig")
    opened = filled_in(office.get(ADDRESS), "text_form")

    office.post(ADDRESS, {**opened, "file": SimpleUploadedFile("plan.yaml", content)})

    report = Report.objects.get()
    sent = office.get(f"/reports/{report.pk}/plan.yaml")
    assert b"".join(sent.streaming_content) == content


@pytest.mark.parametrize(
    ("content", "said"),
    [("计划".encode("gb18030"), "no UTF-8 text"), (b"a: " * 200_000, "longer"), (b"", "empty")],
    ids=["GB18030", "long", "empty"],
)
def test_a_file_that_is_no_plan_is_refused(office, survey, content, said):
    opened = filled_in(office.get(ADDRESS), "text_form")

    answer = office.post(ADDRESS, {**opened, "file": SimpleUploadedFile("plan.yaml", content)})

    assert answer.status_code == 422
    assert said in html(answer)


@pytest.mark.parametrize(
    "source",
    ["{kind: survey, survey: other}", "{kind: ratings, file: a.csv}"],
    ids=["another survey", "a file"],
)
def test_a_plan_of_something_else_is_refused_on_this_page(office, survey, source):
    typed = WHOLE.replace("{kind: survey, survey: repairs}", source)
    opened = filled_in(office.get(ADDRESS), "text_form")

    answer = office.post(ADDRESS, {**opened, "plan": typed})

    assert answer.status_code == 422
    assert Report.objects.count() == 0


def failed(survey, plan):
    """Return a report that could not be made of the answers there are."""
    report = reports.start(kind="ranking", survey=survey, plan=plan)
    reports.make.call(report.pk, "zh-hans")
    report.job.refresh_from_db()
    assert report.job.state == "failed"
    return report


def test_a_plan_whose_ranking_failed_is_gone_on_with(office, survey):
    report = failed(survey, WHOLE)

    page = html(office.get(f"/reports/{report.pk}/"))
    again = office.get(f"{ADDRESS}?from={report.pk}")

    assert f'href="{ADDRESS}?from={report.pk}#ranking"' in page
    assert again.context["plan_form"]["inference.seed"].value() == "7"
    assert again.context["text_form"]["plan"].value() == WHOLE


PLAIN = """\
title: {zh-Hans: 维修, en: Repairs}
date: 2026-11-24
sample: nonprobability
source: {kind: survey, survey: repairs}
questionnaire: small@1
"""


@pytest.mark.parametrize(
    ("more", "at", "said"),
    [
        ("strata: _strata\n", "strata", "column _strata is missing"),
        ("strata: _collector\n", "strata", "has no value"),
        ("weight: speedy\n", "weight", "column speedy is missing"),
        ("drop: [{column: pace, in: [x]}]\n", "drop[0].column", "column pace is missing"),
        ("gates: {n: 500}\n", "gates.n", "no company has the 500 answers"),
        ("strata: _company\ngates: {n: 1}\n", "lonely_psu", "have a single sampled unit"),
    ],
    ids=lambda value: value.split(":")[0] if value.endswith("\n") else None,
)
def test_what_only_the_answers_show_to_be_wrong_stands_at_its_field(office, survey, more, at, said):
    report = failed(survey, PLAIN + more)

    again = office.get(f"{ADDRESS}?from={report.pk}")

    assert again.status_code == 200
    (text,) = again.context["plan_form"].errors[at]
    assert said in text
    page = unescape(html(again))
    assert re.search(rf'id="plan-{re.escape(at)}_error"', page)
    assert report.job.message not in page  # once is enough, and this is in Chinese


def test_what_is_wrong_with_no_key_stands_above_the_form(office):
    empty = field.survey(slug="empty")
    report = failed(empty, PLAIN.replace("survey: repairs", "survey: empty"))

    again = office.get(f"/reports/new/empty/?from={report.pk}")

    assert again.context["plan_form"].non_field_errors() == ["empty: has no answers yet"]


COMMENTED = """\
# who decided on this plan, and when
title: {zh-Hans: 维修, en: Repairs} # as on the poster
date: 2026-11-24

# the board wants no probability
sample: nonprobability
source: {kind: survey, survey: repairs} # the third wave
questionnaire: small@1
gates: {n: 30, n_eff: 1_00, half_width: 5} # as last year
coverage: 0.5 # half of it
# until here
"""


def test_comments_come_through_the_form_where_nothing_was_changed(office, survey):
    report = failed(survey, COMMENTED)
    opened = filled_in(office.get(f"{ADDRESS}?from={report.pk}"))

    same_ = office.post(ADDRESS, {**opened, "go": "text"})
    changed = office.post(
        ADDRESS, {**opened, "coverage": "0.8", "print.decimals": "2", "go": "text"}
    )

    assert same_.context["text_form"]["plan"].value() == COMMENTED
    assert changed.context["text_form"]["plan"].value() == COMMENTED.replace(
        "coverage: 0.5 # half of it\n", "coverage: 0.8\nprint: {decimals: 2}\n"
    )


@pytest.mark.parametrize("base", ["", "a: [", "{title: x, date: y}", "null", COMMENTED * 2])
def test_whatever_a_form_was_filled_from_what_it_says_now_is_the_plan(office, survey, base):
    opened = {**filled_in(office.get(ADDRESS)), "gates.n": "12"}

    plain = office.post(ADDRESS, {**opened, "go": "text"}).context["text_form"]["plan"].value()
    odd = office.post(ADDRESS, {**opened, "base": base, "go": "text"})

    found = odd.context["text_form"]["plan"].value()
    assert same(parse(found.encode(), "p")) == same(parse(plain.encode(), "p"))


@pytest.mark.parametrize("key", ["0", "x", "²", "9" * 30, "-1"])
def test_a_plan_that_is_not_there_leaves_the_draft(office, survey, key):
    page = office.get(f"{ADDRESS}?from={key}")

    assert page.status_code == 200
    assert "Drafted from the answers there are" in html(page)


def test_two_who_work_on_a_plan_at_once_are_told_of_each_other(office, survey):
    ada = filled_in(office.get(ADDRESS))
    ben = person("Benjamin", "analyst")
    reports.start(kind="ranking", survey=survey, plan=WHOLE, by=ben)

    second = office.post(ADDRESS, {**ada, "gates.n": "12"})

    assert second.status_code == 422
    assert re.search(r"\d\d:\d\d Benjamin: report started", html(second))
    assert second.context["plan_form"]["gates.n"].value() == "12"
    assert office.post(ADDRESS, filled_in(second)).status_code == 302
    assert Report.objects.count() == 2


@pytest.mark.parametrize("tried", NONSENSE, ids=named)
def test_nonsense_in_every_field_is_no_error(office, survey, tried):
    typed = filled_in(office.get(ADDRESS))
    every = dict.fromkeys(office.get(ADDRESS).context["plan_form"].fields, tried)

    answer = office.post(
        ADDRESS, {**every, "seen": typed["seen"], "face": "form", "drop[99].in": tried}
    )

    assert answer.status_code == 422
    assert Report.objects.count() == 0


def test_the_same_plan_sent_once_more_is_the_report_that_waits(office, survey):
    typed = filled_in(office.get(ADDRESS))

    first, again = office.post(ADDRESS, typed), office.post(ADDRESS, typed)

    assert first["Location"] == again["Location"]
    assert Report.objects.count() == 1


def test_the_plan_of_a_campaign_asks_what_is_compared(office):
    field.campaign()
    address = "/reports/new/visits/"
    opened = office.get(address)

    assert "source.unit" in opened.context["plan_form"].fields
    assert "company.kinds" not in opened.context["plan_form"].fields
    office.post(address, {**filled_in(opened), "source.unit": "brand"})
    plan = parse(Report.objects.get().plan.encode(), "plan.yaml")
    assert (plan.source.kind, plan.source.slug, plan.source.unit) == ("campaign", "visits", "brand")


def test_every_column_that_a_plan_may_name_has_a_label(office):
    field.campaign()

    columns = office.get("/reports/new/visits/").context["plan_form"]["strata"].field.widget.choices

    assert ("_vendor", "Vendor (_vendor)") in columns
    assert not [label for _name, label in columns if label.startswith(" ")]
