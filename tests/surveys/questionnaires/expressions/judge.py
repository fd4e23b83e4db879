"""JavaRosa as a judge: evaluates expressions in a form's instance with the jar that pyxform's
wheel brings.
"""

from __future__ import annotations

import subprocess
from importlib.resources import files
from pathlib import Path

JAR = files("pyxform") / "validators" / "odk_validate" / "bin" / "ODK_Validate.jar"
SOURCE = Path(__file__).with_name("Judge.java")


def judged(
    xform: str, expressions: list[str], folder: Path, java: str, javac: str
) -> list[tuple[str, str]]:
    """Return what each expression is worth in JavaRosa: its type (text, number, truth, date,
    error) and its text.
    """
    subprocess.run(
        [javac, "-encoding", "UTF-8", "-cp", str(JAR), "-d", str(folder), str(SOURCE)], check=True
    )
    form = folder / "form.xml"
    form.write_text(xform, encoding="utf-8")
    lines = "\n".join(expression.encode().hex() for expression in expressions) + "\n"
    command = [java, "-Duser.timezone=Asia/Shanghai", "-cp", f"{folder}:{JAR}", "Judge", str(form)]
    run = subprocess.run(command, input=lines, capture_output=True, text=True, check=True)
    said = [
        bytes.fromhex(line[2:]).decode()
        for line in run.stdout.splitlines()
        if line.startswith("= ")
    ]
    assert len(said) == len(expressions), run.stderr
    return [(kind, rest) for kind, _space, rest in (line.partition(" ") for line in said)]
