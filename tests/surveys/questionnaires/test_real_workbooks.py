"""What workbooks from elsewhere say, compiled and answered with the right values."""

from __future__ import annotations

import io
from datetime import date, datetime

import openpyxl
import pytest

from config.language.problems import InvalidInput
from surveys.questionnaires.answers import check
from surveys.questionnaires.compiling import compile_workbook
from surveys.questionnaires.shorthand import expand
from surveys.questionnaires.workbook import read, straight, text_of
from tests.sheets import workbook

DAY = date(2026, 11, 24)
NOW = datetime(2026, 11, 24, 14, 5, 30)  # noqa: DTZ001
BEGAN = datetime(2026, 11, 24, 13, 58)  # noqa: DTZ001
HEAD = "type|name|label::zh|label::en|relevant|calculation|constraint|default|trigger|repeat_count"
CHOICES = [
    "list_name|name|label::zh|label::en",
    "yn|yes|是|Yes",
    "yn|no|否|No",
    "colour|dark red|深红|Dark red",
    "colour|blue|蓝|Blue",
]


def compiled(*rows, choices=CHOICES, head=HEAD, settings="t|f|1", extra=""):
    content = workbook(
        [head, *rows], choices, [f"form_title|form_id|version{extra}", settings], None
    )
    return compile_workbook(content, "real.xlsx")


def answers(questionnaire, **given):
    checked = check(questionnaire, given, today=DAY, now=NOW, started=BEGAN, seed="b7")
    return checked.answers, [flaw.question for flaw in checked.flaws]


def refused(*rows, **more):
    with pytest.raises(InvalidInput) as error:
        compiled(*rows, **more)
    return [problem.render() for problem in error.value.problems if not problem.warning]


def warned(*rows, **more):
    return [problem.render() for problem in compiled(*rows, **more).warnings]


def test_times_of_the_interview_are_kept_and_can_be_calculated_with():
    form = compiled(
        "start|start",
        "end|end",
        "today|today",
        "text|name|名字|Name",
        "calculate|minutes||||round((decimal-date-time(${end}) - decimal-date-time(${start})) * 1440, 1)",
        "note|hint|今天|Today|${today} > '2026-01-01'",
    ).questionnaire

    kept, flaws = answers(form)

    assert flaws == []
    assert kept["start"] == "2026-11-24T13:58:00"
    assert kept["end"] == "2026-11-24T14:05:30"
    assert kept["today"] == "2026-11-24"
    assert kept["minutes"] == 7.5


def test_what_a_phone_would_say_is_left_out_with_a_notice():
    form = compiled("deviceid|device", "audit|audit", "text|name|名字|Name", "username|who")

    assert list(form.questionnaire.questions) == ["name"]
    assert sum("is not collected" in line.render() for line in form.warnings) == 3
    assert "deviceid" not in form.xform


def test_what_a_phone_would_say_is_empty_where_something_refers_to_it():
    form = compiled("deviceid|device", "text|name|名字|Name|${device} = ''").questionnaire

    assert answers(form, name="a")[0]["name"] == "a"


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("${a} = ‘yes’", "${a} = 'yes'"),
        ("${a} = ’yes‘ or ${b} = “no”", "${a} = 'yes' or ${b} = \"no\""),
        ("${a} = 'yes’ and ${b} = 'no'", "${a} = 'yes' and ${b} = 'no'"),
        ("regex(., '“x”')", "regex(., '“x”')"),
        ('concat("it’s", ‘a’)', "concat(\"it’s\", 'a')"),
    ],
)
def test_curly_quotes_around_texts_are_straightened(written, meant):
    assert straight(written) == meant


def test_a_false_calculate_is_false():
    form = compiled(
        "integer|age|几岁|Age",
        "calculate|grown|||| ${age} >= 18",
        "text|child|学校|School|not(${grown})",
        "text|adult|工作|Work|${grown}",
    ).questionnaire

    kept, _flaws = answers(form, age="12", child="x", adult="y")

    assert kept == {"age": 12, "grown": "false", "child": "x"}


def test_a_question_with_a_calculation_is_worked_out_and_never_asked():
    head = f"{HEAD}|readonly|required"
    form = compiled(
        "integer|a|a|a",
        "integer|b|b|b",
        "integer|total|合计|Total||${a} + ${b}|||||yes",
        "integer|other|合计|Total||${a} + ${b}|||||",
        "text|why|为什么|Why|${total} > 10|||||||yes",
        "text|more|为什么|Why|${other} > 10",
        head=head,
    ).questionnaire

    kept, flaws = answers(form, a="7", b="8", total="99", other="1", why="x", more="y")

    assert (kept["total"], kept["other"], kept["why"], kept["more"]) == (15, 15, "x", "y")
    assert flaws == []


def test_now_keeps_its_time():
    form = compiled(
        "text|q|q|q",
        "calculate|t||||now()",
        "calculate|h||||format-date-time(${t}, '%H:%M')",
    ).questionnaire

    kept, _flaws = answers(form)

    assert (kept["t"], kept["h"]) == ("2026-11-24T14:05:30", "14:05")


def test_a_members_answers_are_seen_within_its_household_only():
    form = compiled(
        "begin_repeat|home|户|Home",
        "integer|rooms|间|Rooms",
        "begin_repeat|member|人|Member",
        "integer|age|岁|Age|||. < 120",
        "begin_group|grown|成人|Grown|${age} >= 18",
        "text|work|工作|Work",
        "calculate|number||||position(../..)",
        "end_group",
        "calculate|share||||${rooms} div count(${member})",
        "end_repeat",
        "calculate|oldest||||max(${age})",
        "end_repeat",
        "calculate|people||||count(${member})",
        "calculate|second||||indexed-repeat(${age}, ${home}, 2, ${member}, 1)",
    ).questionnaire
    homes = [
        {"rooms": "4", "member": [{"age": "40", "work": "a"}, {"age": "9", "work": "b"}]},
        {"rooms": "2", "member": [{"age": "200"}]},
    ]

    kept, flaws = answers(form, home=homes)

    assert kept["home"][0]["member"] == [
        {"age": 40, "work": "a", "number": 1, "share": 2},
        {"age": 9, "share": 2},
    ]
    assert kept["home"][0]["oldest"] == 40
    assert kept["people"] == 3
    assert kept["second"] == 200
    assert flaws == ["home:1:member:0:age"]


def test_repeats_stand_in_one_another_two_deep():
    rows = [f"begin_repeat|r{i}|r|r" for i in range(3)] + ["text|x|x|x"] + ["end_repeat"] * 3

    assert any("at most one other" in line for line in refused(*rows))


def test_what_is_acknowledged_is_ok():
    form = compiled("acknowledge|read|请读|Read", "text|x|x|x|${read} = 'OK'").questionnaire

    assert answers(form, read="OK", x="a")[0] == {"read": "OK", "x": "a"}
    assert answers(form, x="a")[0] == {}


def test_an_unknown_choice_never_holds_and_its_opposite_always():
    rows = "select_one yn|a|a|a", "text|b|b|b|${a} = 'maybe'", "text|c|c|c|${a} != 'maybe'"

    found = warned(*rows)
    kept, _flaws = answers(compiled(*rows).questionnaire, a="yes", b="x", c="y")

    assert [line.partition(": ")[2] for line in found if "no choice" in line] == [
        "a has no choice maybe, so this can never hold",
        "a has no choice maybe, so this always holds",
    ]
    assert kept == {"a": "yes", "c": "y"}


def test_a_choice_with_a_space_is_one_answer_and_refused_only_among_several():
    form = compiled("select_one colour|c|c|c", "text|why|why|why|${c} = 'dark red'").questionnaire

    assert answers(form, c="dark red", why="x")[0] == {"c": "dark red", "why": "x"}
    assert "has a space" in refused("select_multiple colour|c|c|c")[0]


def test_the_same_name_in_two_groups_is_kept_twice():
    rows = (
        "begin_group|shop|店|Shop",
        "text|street|街|Street",
        "end_group",
        "begin_group|home|家|Home",
        "text|street|街|Street",
        "end_group",
    )

    form = compiled(*rows)

    assert list(form.questionnaire.questions) == ["street", "home_street"]
    assert any("kept as home_street" in line.render() for line in form.warnings)
    assert any("used twice" in line for line in refused(*rows, "note|n|${street}|${street}"))


def test_names_with_an_underscore_in_front_are_kept_without_it():
    form = compiled(
        "integer|_1_age|几岁|Age",
        "begin_group|work|工作|Work|${ _1_age } >= 18",
        "text|_job|做什么|Job",
        "text|why|为什么做${_job}|Why ${_job}|/data/work/_job != ''",
        "end_group",
        "calculate|__version__||||'vAbc'",
        "calculate|q_job||||string-length(${_job})",
    )

    kept, flaws = answers(form.questionnaire, q_1_age="20", q_job_2="cook", why="x")

    assert kept == {
        "q_1_age": 20,
        "q_job_2": "cook",
        "why": "x",
        "q__version__": "vAbc",
        "q_job": 4,
    }
    assert flaws == []
    assert form.questionnaire.questions["why"].label.en.strip() == "Why ${q_job_2}"
    assert sum("the platform's own" in line.render() for line in form.warnings) == 3


def test_an_indicator_follows_the_question_that_has_another_name():
    content = workbook(
        ["type|name|label::zh|label::en", "select_one yn|_1|修好了吗|Fixed"],
        CHOICES,
        ["form_title|form_id|version", "t|f|1"],
        [
            "indicator|parent|label::zh|label::en|weight|question|kind|score",
            "repair||修好|Repair|100|_1|fact|yes=100 no=0",
        ],
    )

    form = compile_workbook(content, "real.xlsx").questionnaire

    assert [leaf.question for leaf in form.leaves()] == ["q_1"]


def test_a_column_of_a_list_keeps_its_name_where_a_question_had_it_too():
    line = "instance('colour')/root/item[name = ${_code}]/_code"
    rows = [HEAD, "text|_code|码|Code", f"calculate|c||||{line}"]

    book, _notices = expand(read(workbook(rows, CHOICES, None, None), "real.xlsx"))

    meant = "instance('colour')/root/item[name = ${q_code}]/_code"
    assert book.rows("survey")[1].get("calculation") == meant


def test_signs_that_no_xml_holds_are_left_out():
    assert text_of("W\x01hat\x0b?\uffff") == "What?"
    assert text_of("两行\n字") == "两行\n字"


@pytest.mark.parametrize(
    "heading",
    ["bind::a b", "bind", "bind::nodeset", "bind::x::y", "instance::1", "control", "media", "a<b"],
)
def test_a_column_of_the_survey_that_is_no_xml_stops_nothing(heading):
    form = compiled("text|x|x|x|||||||worth", head=f"{HEAD}|{heading}")

    assert list(form.questionnaire.questions) == ["x"]


@pytest.mark.parametrize(
    "heading", ["1st", "a&b", "xml:a", "bind::type", "media", "两 个", "-", "hint::zh"]
)
def test_a_column_of_the_choices_that_is_no_xml_stops_nothing(heading):
    choices = [f"{CHOICES[0]}|{heading}", "yn|yes|是|Yes|worth", "yn|no|否|No"]

    form = compiled("select_one yn|x|x|x", choices=choices)

    assert [choice.name for choice in form.questionnaire.questions["x"].choices] == ["yes", "no"]


def test_a_note_needs_no_name():
    form = compiled("note||第一|First", "text|x|x|x", "note||第二|Second").questionnaire

    assert [q.label.en for q in form.questions.values()] == ["First", "x", "Second"]


def test_a_question_of_a_loop_refers_to_the_one_of_its_own_round():
    form = compiled(
        "begin loop over yn|each|各|Each",
        "integer|total|几个|How many",
        "integer|good|好的|Good|||. <= ../total",
        "end loop",
    ).questionnaire

    given = {"each_yes_total": "5", "good": "6", "each_no_total": "9", "each_no_good": "8"}

    assert answers(form, **given)[1] == ["good"]


def test_a_question_may_have_the_name_of_the_xforms_root():
    form = compiled(
        "begin_group|data|数据|Data", "text|x|x|x|${data_x} = ''", "end_group", "text|data_x|y|y"
    )

    assert answers(form.questionnaire, x="a")[0] == {"x": "a"}


def test_the_only_sheet_is_the_survey_whatever_it_is_called():
    rows = [["type", "name", "label"], ["text", "q", "What?"]]

    assert list(compile_workbook(only_sheet(rows), "one.xlsx").questionnaire.questions) == ["q"]
    with pytest.raises(InvalidInput, match="no sheet named survey"):
        compile_workbook(only_sheet([["date", "price"], ["2026", "3"]]), "one.xlsx")


def only_sheet(rows):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def test_a_picture_that_did_not_come_is_missed_only_where_there_are_no_words():
    head = "list_name|name|label::zh|label::en|media::image"
    worded = [head, "yn|yes|是|Yes|yes.png", "yn|no|否|No"]
    bare = [head, "yn|yes|||yes.png", "yn|no|否|No"]

    form = compiled("select_one yn|a|a|a", choices=worded)

    assert any("only the words are shown" in line.render() for line in form.warnings)
    assert form.questionnaire.questions["a"].choices[0].image == ""
    assert ["add it" in line for line in refused("select_one yn|a|a|a", choices=bare)] == [True]


def test_a_list_that_no_question_shows_needs_neither_words_nor_pictures():
    choices = [f"{CHOICES[0]}|media::image", *CHOICES[1:], "face|happy|||happy.png", "face|sad"]

    assert compiled("select_one yn|a|a|a", choices=choices)
    assert len(refused("select_one face|a|a|a", choices=choices)) == 3


def test_a_line_of_choices_without_a_list_is_left_out():
    choices = [*CHOICES, "|||No"]

    assert any(
        "No has no list_name" in line for line in warned("select_one yn|a|a|a", choices=choices)
    )


def test_what_is_refused_is_refused_once():
    rows = (
        "geotrace|way|路|Way",
        "begin_group|a b|组|Group",
        "text|x|${way}|${way}|${way} != ''",
        "end_group",
    )

    found = refused(*rows)

    assert len(found) == 2
    assert "geotrace is not supported" in found[0]
    assert "“a b” is no name" in found[1]


def test_a_function_of_another_tool_is_named():
    found = refused("text|x|x|x", "calculate|c||||cht:extension-lib('a.js', ${x})")

    assert found == [
        "survey, row 3, column F (calculation): there is no function cht:extension-lib (character 1)"
    ]


def test_what_pyxform_did_not_foresee_is_said_and_is_no_crash(monkeypatch):
    def convert(**_given):
        raise TypeError("unhashable type: 'dict'")

    monkeypatch.setattr("surveys.questionnaires.conversion.convert", convert)

    assert refused("text|x|x|x") == ["real.xlsx: pyxform says: unhashable type: 'dict'"]


def test_a_default_that_is_worked_out_hangs_on_nobody_having_answered():
    form = compiled("date|day|哪天|Day||||today()", "hidden|wave|||||| concat('a', 'b')")

    assert form.questionnaire.questions["day"].initial == ("call", "today", ())
    assert answers(form.questionnaire)[0] == {"wave": "ab"}


def test_what_a_trigger_works_out_is_nothing_before_it():
    form = compiled(
        "text|name|名字|Name", "calculate|when||||now()|||${name}", head=HEAD
    ).questionnaire

    assert "when" not in answers(form)[0]
    assert answers(form, name="a")[0]["when"] == "2026-11-24T14:05:30"


def test_a_number_of_a_repeat_is_a_calculate_of_ones_own_too():
    form = compiled(
        "integer|n|n|n",
        "calculate|car_count||||${n} + 1",
        "begin_repeat|car|车|Car||||||${car_count}",
        "text|plate|牌|Plate",
        "end_repeat",
        "text|many|多|Many|${car_count} > 2",
    ).questionnaire

    kept, _flaws = answers(form, n="2", car=[{"plate": "a"}] * 5, many="x")

    assert (kept["car_count"], len(kept["car"]), kept["many"]) == (3, 3, "x")


def test_a_list_outside_the_survey_is_a_list(tmp_path):
    book = openpyxl.Workbook()
    survey = book.active
    survey.title = "survey"
    for row in (
        ("type", "name", "label", "choice_filter"),
        ("text", "state", "State", None),
        ("select_one_external town", "town", "Town", "state=${state}"),
    ):
        survey.append(row)
    outside = book.create_sheet("external_choices")
    for row in (
        ("list_name", "name", "label", "state"),
        ("town", "king", "King", "texas"),
        ("town", "king", "King", "washington"),
        ("town", "pierce", "Pierce", "washington"),
    ):
        outside.append(row)
    content = io.BytesIO()
    book.save(content)

    form = compile_workbook(content.getvalue(), "outside.xlsx").questionnaire

    assert answers(form, state="texas", town="king") == ({"state": "texas", "town": "king"}, [])
    assert answers(form, state="texas", town="pierce")[1] == ["town"]


def test_parameters_may_be_parted_by_semicolons():
    head = f"{HEAD}|parameters"
    form = compiled("range|s|s|s|||||||start=0;end=10;step=2", head=head)

    question = form.questionnaire.questions["s"]
    assert (question.range.start, question.range.end, question.range.step) == (0, 10, 2)


def test_a_third_language_stays_in_the_xform_and_stops_nothing():
    form = compiled(
        "select_one c|m|哪个|Which|قايسى",
        head="type|name|label::zh|label::en|label::Uyghur (ug)",
        choices=[
            "list_name|name|label::zh|label::en|label::Uyghur (ug)",
            "c|none|都不是|None of these",
            "c|a|甲|A|ئا",
        ],
    )

    assert "قايسى" in form.xform
    assert form.questionnaire.questions["m"].choices[0].label.zh == "都不是"


def test_a_language_that_is_neither_stands_for_both():
    form = compiled("text|q|Bonjour", head="type|name|label::fr").questionnaire

    assert form.questions["q"].label.zh == "Bonjour"


@pytest.mark.parametrize(
    ("row", "kind"),
    [
        ("audio|x|录音|Sound", "audio"),
        ("video|x|录像|Film", "video"),
        ("image|x|签名|Sign", "image"),
        ("barcode|x|条码|Barcode", "text"),
        ("rank yn|x|排序|Rank", "rank"),
    ],
)
def test_kinds_with_a_control_of_their_own(row, kind):
    assert compiled(row).questionnaire.questions["x"].kind == kind


def test_a_rank_is_whole_and_gives_each_one_place():
    form = compiled("rank yn|x|排序|Rank").questionnaire

    assert answers(form, x=["no", "yes"]) == ({"x": ["no", "yes"]}, [])
    assert answers(form, x=["no"])[1] == ["x"]
    assert answers(form, x=["no", "no"])[1] == ["x"]


def test_a_rank_may_have_another():
    form = compiled("rank yn or_other|order|排|Rank").questionnaire

    assert [choice.name for choice in form.questions["order"].choices][-1] == "other"
    assert "order_other" in form.questions


def test_a_list_of_another_kind_of_file_is_said_to_be_none():
    found = refused("select_one_from_file places.geojson|at|在哪|Where")

    assert found == [
        "survey, row 2, column A (type): a list is read from a CSV file; places.geojson is none"
    ]


def test_an_itext_is_looked_up():
    form = compiled("text|q|问|Ask", "calculate|t||||jr:itext('/data/q:label')").questionnaire

    assert answers(form)[0]["t"] == "问"


def test_a_loop_is_a_group_for_every_choice():
    form = compiled(
        "begin loop over yn|each|各|Each",
        "integer|count|%(label)s 几个|How many %(label)s",
        "end loop",
    ).questionnaire

    assert [q.label.en for q in form.questions.values() if q.kind == "integer"] == [
        "How many Yes",
        "How many No",
    ]


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("2026-11-03", "2026-11-03"),
        ("2026/11/03", "2026-11-03"),
        ("2026-11-03T10:00:00+08:00", "2026-11-03"),
        ("2026-11-03 xyz", None),
        ("2026-11-031", None),
    ],
)
def test_a_day_is_read_whole_or_not_at_all(written, kept):
    given, flaws = answers(compiled("date|day|哪天|Day").questionnaire, day=written)

    assert (given.get("day"), flaws) == (kept, [] if kept else ["day"])


def test_full_width_digits_are_digits():
    form = compiled("integer|n|n|n", "decimal|d|d|d").questionnaire

    assert answers(form, n="１２", d="－３．５")[0] == {"n": 12, "d": -3.5}
    assert answers(form, n="1_0")[1] == ["n"]


def test_a_hidden_question_is_never_wrong():
    form = compiled("text|q|q|q", "hidden|h|||||. = 'b'|a").questionnaire

    assert answers(form)[1] == []
