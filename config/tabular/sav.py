"""The one writer of SPSS files: variables with labels, under names that SPSS takes."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import pandas as pd
import pyreadstat

SAV = "application/x-spss-sav"

# SPSS's limits, in bytes of UTF-8 (IBM SPSS Statistics, Command Syntax Reference: variable names)
NAME, LABEL, VALUE_LABEL, TEXT = 64, 255, 120, 32_767
RESERVED = frozenset(
    ["all", "and", "by", "eq", "ge", "gt", "le", "lt", "ne", "not", "or", "to", "with"]
)


@dataclass(frozen=True)
class Variable:
    """A column of numbers, None where one is missing, with labels of its values; or of texts."""

    name: str
    label: str
    numbers: Sequence[float | None] = ()
    texts: Sequence[str] | None = None
    measure: Literal["nominal", "scale"] = "nominal"
    values: Mapping[float, str] = field(default_factory=dict)


def as_sav(variables: Sequence[Variable]) -> bytes:
    """Return an SPSS file. A text longer than SPSS takes is cut."""
    names = variable_names(variable.name for variable in variables)
    data: dict[str, pd.Series[Any]] = {}
    labels: dict[str, str | None] = {}
    measures: dict[str, str] = {}
    values: dict[str, dict[float, str]] = {}
    for name, variable in zip(names, variables, strict=True):
        if variable.texts is None:
            data[name] = pd.Series(variable.numbers, dtype="float64")
        else:
            data[name] = pd.Series([cut(text, TEXT) for text in variable.texts], dtype="object")
        labels[name] = cut(variable.label, LABEL)
        measures[name] = variable.measure
        if variable.values:
            values[name] = {
                code: cut(words, VALUE_LABEL) for code, words in variable.values.items()
            }
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "table.sav"
        pyreadstat.write_sav(
            pd.DataFrame(data),
            str(path),
            column_labels=labels,
            variable_value_labels=values,
            variable_measure=measures,
        )
        return path.read_bytes()


def variable_names(names: Iterable[str]) -> list[str]:
    """Return names that SPSS takes: letters, digits and _, a letter first, at most 64 bytes, no
    word of its language, each once whatever its case.
    """
    made: list[str] = []
    taken = set(RESERVED)
    for name in names:
        legal = re.sub(r"\W", "_", name)
        # _company is v_company, 1st is v_1st
        if not legal[:1].isalpha():
            legal = f"v{legal}" if legal[:1] == "_" else f"v_{legal}"
        chosen, number = cut(legal, NAME), 1
        while chosen.casefold() in taken:
            number += 1
            end = f"_{number}"
            chosen = cut(legal, NAME - len(end)) + end
        taken.add(chosen.casefold())
        made.append(chosen)
    return made


def cut(text: str, most: int) -> str:
    """Return the beginning of a text that is at most so many bytes long."""
    return text.encode()[:most].decode(errors="ignore")
