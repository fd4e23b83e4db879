"""The example workbooks that pyxform published: each compiles or is refused by name; the table
beside this says which.

They lie in the source archive of pyxform 1.5.1 (BSD-2), which `.ci/run` puts into var/examples;
they are not kept here. `python -m tests.cases.pyxform_examples` writes the table anew.
"""

from __future__ import annotations

import csv

import pytest

from tests.cases.pyxform_examples import ARCHIVE, TABLE, outcome, workbooks

WRITTEN = list(csv.DictReader(TABLE.read_text(encoding="utf-8").splitlines()))


@pytest.mark.filterwarnings("ignore::UserWarning:openpyxl")
def test_every_example_does_what_the_table_says():
    if not ARCHIVE.exists():
        pytest.skip(f"not run: {ARCHIVE.name} is not in var/examples")

    found = {name: outcome(name, content, beside) for name, content, beside in workbooks()}

    assert found == {row["workbook"]: (row["outcome"], row["reason"]) for row in WRITTEN}


def test_the_table_names_a_reason_for_every_refusal():
    assert len(WRITTEN) == 57
    assert all(bool(row["reason"]) == (row["outcome"] == "refused") for row in WRITTEN)
