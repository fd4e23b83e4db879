"""What becomes of pyxform's example workbooks, and the table of it."""

from __future__ import annotations

import csv
import tarfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from config.language.problems import InvalidInput
from surveys.questionnaires.compiling import compile_workbook

HERE = Path(__file__).resolve().parent
ARCHIVE = HERE.parent.parent / "var" / "examples" / "pyxform-1.5.1.tar.gz"
TABLE = HERE / "pyxform_examples.csv"
BESIDE = (".csv", ".png", ".jpg")


def workbooks() -> Iterator[tuple[str, bytes, dict[str, bytes]]]:
    """Yield every example: its name, its bytes, and the lists and pictures that lie beside it."""
    with tarfile.open(ARCHIVE) as archive:
        members = {PurePosixPath(m.name): m for m in archive.getmembers() if m.isfile()}
        content = {
            at: archive.extractfile(member).read()
            for at, member in members.items()
            if "tests" in at.parts
        }
    for at in sorted(content):
        if at.suffix in (".xls", ".xlsx"):
            beside = {
                b.name: content[b] for b in content if at.parent in b.parents and b.suffix in BESIDE
            }
            yield f"{at.parent.name}/{at.name}", content[at], beside


def outcome(name: str, content: bytes, beside: dict[str, bytes]) -> tuple[str, str]:
    """Return compiles or refused, and the first reason with the number of others."""
    try:
        compile_workbook(content, PurePosixPath(name).name, beside)
    except InvalidInput as error:
        first, *others = [problem for problem in error.problems if not problem.warning]
        return "refused", first.render() + (f" (and {len(others)} more)" if others else "")
    return "compiles", ""


def main() -> None:
    with TABLE.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["workbook", "outcome", "reason"])
        writer.writerows(
            [name, *outcome(name, content, beside)] for name, content, beside in workbooks()
        )


if __name__ == "__main__":
    main()
