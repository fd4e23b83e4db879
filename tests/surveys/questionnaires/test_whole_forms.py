"""Whole forms with answers drawn at random, filled in three times: by the server, by the page's
script in a browser and by JavaRosa. Where JavaRosa differs it is by a name in DIFFERENCES.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import PurePosixPath

import pytest

from config.language.problems import InvalidInput
from surveys.questionnaires.compiling import compile_workbook
from surveys.workbooks import make
from tests.cases import pyxform_examples
from tests.sheets import RICH_FILES, rich, workbook
from tests.surveys.questionnaires import javarosa
from tests.surveys.questionnaires.generated import by_chance
from tests.surveys.questionnaires.test_twins import CASES, JOBS, NESTED

# where we differ from JavaRosa on purpose: what is worked out, the two results, and why
DIFFERENCES = {
    "drawn at random": (r"random\(|uuid\(", r".*", r".*"),
    # JavaRosa's max begins with the smallest number above 0
    "the largest of numbers below 0": (r"max\(", r"-.*", r"0"),
    # what is no number is nothing here, and in no file
    "divided by nothing": (r" div | mod |pow\(", r"", r"-?Infinity|-?214748364[78]"),
}
GENERATED = 60


def cases(beside) -> Iterator[javarosa.Form]:
    for case in CASES:
        content = beside(f"cases/forms/{case}.xlsx").read_bytes()
        yield _drawn(f"{case}.xlsx", content, sheets=12)


def own_forms(tmp_path) -> Iterator[javarosa.Form]:
    make.write_all(tmp_path)
    for form in make.FORMS:
        yield _drawn(form.file, (tmp_path / f"{form.file}.xlsx").read_bytes(), sheets=12)
    settings = ["form_title|form_id|version", "户|homes|1"]
    yield _drawn("homes.xlsx", workbook(NESTED, JOBS, settings, None), sheets=60)
    yield _drawn("rich.xlsx", rich(), RICH_FILES, sheets=12)
    for seed in range(GENERATED):
        yield _drawn(f"g{seed}.xlsx", by_chance(seed), sheets=6)


def examples() -> Iterator[javarosa.Form]:
    for name, content, files in pyxform_examples.workbooks():
        try:
            yield _drawn(PurePosixPath(name).name, content, files, sheets=12)
        except InvalidInput:
            continue  # why stands in tests/cases/pyxform_examples.csv


def _drawn(name, content, files=None, *, sheets):
    compiled = compile_workbook(content, name, files)
    return javarosa.drawn(name, compiled, files, sheets=sheets)


def compared(every, folder, program, capsys):
    """Return the differences without a name, and how often each name is met; print the counts."""
    told = javarosa.judged(every, folder, program("java"), program("javac"))
    unnamed, named = [], Counter()
    for form, theirs in zip(every, told, strict=True):
        for found in javarosa.differences(form, theirs):
            name = _name_of(form, *found[1:])
            named[name] += 1
            if name is None:
                unnamed.append(found)
    fields = sum(len(ours) for form in every for ours in form.ours)
    sheets = sum(len(form.sheets) for form in every)
    with capsys.disabled():
        print(f"\n{len(every)} forms, {sheets} sheets, {fields} fields: {dict(named)}")
    return unnamed, named


def _name_of(form, ours, theirs):
    name = ours[0].rpartition(":")[2]
    bind = form.binds[name].get("calculate") or ""
    for why, (worked_out, mine, other) in DIFFERENCES.items():
        if (
            ours[:2] == theirs[:2]
            and re.search(worked_out, bind)
            and re.fullmatch(mine, str(ours[2]))
            and re.fullmatch(other, str(theirs[2]))
        ):
            return why
    return None


def test_javarosa_makes_the_same_of_our_forms_and_of_chance_s(tmp_path, program, capsys):
    unnamed, named = compared(list(own_forms(tmp_path)), tmp_path, program, capsys)

    assert unnamed[:3] == []
    assert set(named) == set(DIFFERENCES)  # every name is still needed


def test_javarosa_makes_the_same_of_the_cases(beside, tmp_path, program, capsys):
    unnamed, named = compared(list(cases(beside)), tmp_path, program, capsys)

    assert unnamed[:3] == []
    assert not named


@pytest.mark.filterwarnings("ignore::UserWarning:openpyxl")
def test_javarosa_makes_the_same_of_published_examples(tmp_path, program, capsys):
    if not pyxform_examples.ARCHIVE.exists():
        pytest.skip(f"not run: {pyxform_examples.ARCHIVE.name} is not in var/examples")

    unnamed, _named = compared(list(examples()), tmp_path, program, capsys)

    assert unnamed[:3] == []
