"""The layouts in which 问卷星 and KoboToolbox write the same two responses; every one is read
without help.
"""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command

from tests import field

pytestmark = pytest.mark.django_db

# what every layout says: problems late and price, then none; the second person skipped the second
# page
WANTED = [
    {
        "repaired": "yes",
        "problems": ["price", "late"],
        "company": "ash",
        "speed": "8",
        "fixed": "no",
    },
    {"repaired": "no", "problems": ["none"]},
]
LAYOUTS = {
    "option texts, several in one cell": (
        "序号,提交答卷时间,所用时间,来自IP,1、修过吗？,2、有什么“问题”？,3、哪家公司？,4、速度,5、修好了吗？\n"
        "1,2026/11/20 10:00:00,93秒,192.0.2.1(山西-太原),是,价格┋太晚,白蜡电器,8,否\n"
        "2,2026/11/20 11:00:00,41秒,192.0.2.2(山西-大同),否,没有,(跳过),(跳过),(跳过)\n"
    ),
    "option numbers, several in one cell": (
        "序号,提交答卷时间,1、修过吗？,2、有什么“问题”？,3、哪家公司？,4、速度,5、修好了吗？\n"
        "1,2026/11/20 10:00:00,1,1┋2,白蜡电器,8,2\n"
        "2,2026/11/20 11:00:00,2,3,(跳过),-3,-3\n"
    ),
    "option texts, several in columns": (
        "序号,提交答卷时间,1、修过吗？,2、有什么“问题”？:价格,2、有什么“问题”？:太晚,2、有什么“问题”？:没有,3、哪家公司？,4、速度,5、修好了吗？\n"
        "1,2026/11/20 10:00:00,是,价格,太晚,,白蜡电器,8,否\n"
        "2,2026/11/20 11:00:00,否,,,没有,(空),(空),(空)\n"
    ),
    "zeros and ones in columns": (
        "序号,提交答卷时间,1、修过吗？,2(价格),2(太晚),2(没有),3、哪家公司？,4、速度,5、修好了吗？\n"
        "1,2026/11/20 10:00:00,1,1,1,0,白蜡电器,8,2\n"
        "2,2026/11/20 11:00:00,2,0,0,1,-3,-3,-3\n"
    ),
    "KoboToolbox, groups and names": (
        "time,you/repaired,you/problems,you/problems/price,you/problems/late,you/problems/none,visit/company,visit/speed,"
        "visit/fixed\n"
        "2026-11-20 10:00:00,yes,price late,1,1,0,ash,8,no\n"
        "2026-11-20 11:00:00,no,none,0,0,1,,,\n"
    ),
}


def take_in(tmp_path, text, edit=lambda mapping: mapping):
    path = tmp_path / "answers.csv"
    path.write_text(text, encoding="utf-8-sig")
    call_command("responses", "mapping", str(path))
    mapping = path.with_name("answers.csv.mapping.yaml")
    mapping.write_text(edit(mapping.read_text(encoding="utf-8")), encoding="utf-8")
    call_command("responses", "import", "repairs", str(path), "--mapping", str(mapping))


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_layout_is_read_without_help(tmp_path, layout):
    survey = field.survey()

    take_in(tmp_path, LAYOUTS[layout])

    found = [{k: v for k, v in r.answers.items() if k != "late"} for r in survey.responses.all()]
    assert [r.status for r in survey.responses.all()] == ["accepted", "accepted"], [
        r.flaws for r in survey.responses.all()
    ]
    assert found == WANTED


def test_an_address_in_the_file_is_kept_nowhere(tmp_path):
    survey = field.survey()

    take_in(tmp_path, LAYOUTS["option texts, several in one cell"])

    assert "192.0.2" not in str(list(survey.responses.values()))


def test_names_of_columns_that_are_no_choice_are_refused(tmp_path, capsys):
    field.survey()

    with pytest.raises(CommandError, match="no choice"):
        take_in(
            tmp_path, LAYOUTS["zeros and ones in columns"], lambda m: m.replace("price:", "prize:")
        )


def test_a_question_with_column_and_columns_is_refused(tmp_path):
    field.survey()

    with pytest.raises(CommandError, match="either column or"):
        take_in(
            tmp_path,
            LAYOUTS["zeros and ones in columns"],
            lambda m: m.replace("{columns:", "{column: x, columns:"),
        )
