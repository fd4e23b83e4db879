"""Puts the shipped core survey in the field."""

from __future__ import annotations

import tempfile
from pathlib import Path

import django


def main() -> None:
    """Make the survey `core` with twelve invented companies."""
    from django.core.management import call_command

    from config.language.texts import Text
    from surveys.collection import fieldwork
    from surveys.companies import services as companies
    from surveys.designing import services as questionnaires
    from surveys.workbooks import make

    call_command("migrate", verbosity=0)
    with tempfile.TemporaryDirectory() as folder:
        make.write_all(Path(folder))
        book = (Path(folder) / "appliance-core.xlsx").read_bytes()
    version = questionnaires.freeze(workbook=book, file="appliance-core.xlsx")
    offered = [
        companies.register(key=f"c{i}", name=f"示例公司{i}", name_en=f"Example {i}")
        for i in range(12)
    ]
    words = Text("家电维修", "Repairs")
    made = fieldwork.set_up(
        slug="core", title=words, organiser=words, version=version, companies=offered
    )
    fieldwork.open_now(survey=made)


if __name__ == "__main__":
    django.setup()
    main()
