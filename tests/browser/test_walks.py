"""Whole questionnaires, walked through by chance: what the page shows is what the server would
show, nothing that is asked for is out of sight, and the end is reached.
"""

from __future__ import annotations

import random

import pytest

from surveys.questionnaires.compiling import compile_workbook
from surveys.workbooks import make
from tests.browser.walks import Walk
from tests.sheets import RICH_FILES, rich, workbook
from tests.surveys.questionnaires import twins
from tests.surveys.questionnaires.generated import by_chance
from tests.surveys.questionnaires.test_twins import CASES, JOBS, NESTED


@pytest.fixture
def walked(phone, capsys):
    """Return a function that walks through a questionnaire and says what was seen."""
    page = phone(timezone_id="Asia/Shanghai")
    page.clock.set_fixed_time(twins.NOW)
    at_hand: list[Walk] = []
    page.route("**/*", lambda route: at_hand[-1].serve(route))

    def walk(content, name, files=None, *, language="zh-Hans", times=1):
        questionnaire = compile_workbook(content, name, files).questionnaire
        walks, ends = [], []
        for number in range(times):
            draw = random.Random(f"{name} {language} {number}")
            walks.append(Walk(page, questionnaire, draw, language))
            at_hand.append(walks[-1])
            ends.append(walks[-1].go())
        steps, shown = sum(one.steps for one in walks), sum(one.shown for one in walks)
        with capsys.disabled():
            print(f"\n{name}: {times} walks, {steps} pages, {shown} questions looked at", end="")
        assert [found for one in walks for found in one.differences][:3] == []
        assert [name for one in walks for name in one.blocked] == []
        assert page.faults == []
        return ends

    return walk


@pytest.mark.parametrize("language", ["zh-Hans", "en"])
@pytest.mark.parametrize("form", make.FORMS, ids=lambda form: form.file)
def test_a_shipped_questionnaire_is_walked_to_its_end(walked, tmp_path, form, language):
    make.write_all(tmp_path)
    content = (tmp_path / f"{form.file}.xlsx").read_bytes()

    ends = walked(content, f"{form.file}.xlsx", language=language, times=3)

    assert all(end.is_finished for end in ends)


@pytest.mark.parametrize("case", CASES)
def test_a_case_shows_what_the_server_would_show(walked, beside, case):
    walked(beside(f"cases/forms/{case}.xlsx").read_bytes(), f"{case}.xlsx", times=2)


@pytest.mark.parametrize("seed", range(8))
def test_what_chance_wrote_shows_what_the_server_would_show(walked, seed):
    walked(by_chance(seed), f"g{seed}.xlsx", language=("zh-Hans", "en")[seed % 2])


def test_every_kind_of_question_shows_what_the_server_would_show(walked):
    walked(rich(), "rich.xlsx", RICH_FILES, times=3)


def test_repeats_in_repeats_show_what_the_server_would_show(walked):
    settings = ["form_title|form_id|version", "户|homes|1"]
    walked(workbook(NESTED, JOBS, settings, None), "homes.xlsx", times=3)
