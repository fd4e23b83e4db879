"""Makes a survey of twenty questions on one page, and tokens to answer it with: python -m ...
COUNT FILE.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import django


def main(count: int, file: Path) -> None:
    """Write the addresses of so many sheets, and the answers of one, as JSON."""
    from django.core.management import call_command

    from config.language.texts import Text
    from surveys.collection import fieldwork, fill_token
    from surveys.companies import services as companies
    from surveys.designing import services as questionnaires
    from tests.sheets import workbook

    call_command("migrate", verbosity=0)
    survey = [
        "type|name|label::zh|label::en|required|appearance",
        "begin_group|all|全部|Everything",
    ]
    survey += ["text|company|哪家公司？|Which company?|yes|company"]
    survey += [f"select_one ten|q{i}|问题 {i}|Question {i}|yes" for i in range(18)] + [
        "text|note|备注|Note",
        "end_group",
    ]
    choices = ["list_name|name|label::zh|label::en", *(f"ten|{i}|{i}|{i}" for i in range(1, 11))]
    version = questionnaires.freeze(
        workbook=workbook(survey, choices, indicators=None), file="load.xlsx"
    )
    offered = [companies.register(key=f"c{i}", name=f"公司{i}") for i in range(30)]
    words = Text("压力测试", "Load")
    made = fieldwork.set_up(
        slug="load", title=words, organiser=words, version=version, companies=offered
    )
    fieldwork.open_now(survey=made)
    tokens = (
        fill_token.begin(collector=None, invitation=None, language="en") for _i in range(count)
    )
    addresses = [f"/s/load/{token.signed(made)}/" for token in tokens]
    answers = {"section": "all", "go": "next", "company": "c3", "note": "没有"} | {
        f"q{i}": str(i % 10 + 1) for i in range(18)
    }
    file.write_text(json.dumps({"addresses": addresses, "answers": answers}))


if __name__ == "__main__":
    django.setup()
    main(int(sys.argv[1]), Path(sys.argv[2]))
