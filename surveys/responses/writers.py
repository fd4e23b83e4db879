"""A survey's frames of answers as what SPSS reads, and their codebook."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, time
from typing import Any

import pandas as pd
from django.utils import timezone

from config.language.texts import Text
from config.tabular.sav import Moment, Variable, as_written, seconds_of
from config.tabular.writers import NUMBER
from surveys.responses.columns import NUMBERS, Column

MOMENTS: Mapping[str, Moment] = {
    "date": "date",
    "datetime": "datetime",
    "moment": "datetime",
    "time": "time",
}
WHOLE = re.compile(r"0|-?[1-9][0-9]*")
HEADS = ("column", "label_zh", "label_en", "kind", "value", "value_zh", "value_en", "n")


class Counts:
    """How many cells of each column are filled in the frames that went by, and how often each
    value that has a label stands in them.
    """

    def __init__(self, columns: list[Column]) -> None:
        self.rows = 0
        self.filled: Counter[str] = Counter()
        self.of: Mapping[str, Counter[str]] = {
            column.name: Counter() for column in columns if column.values
        }
        self.names = [column.name for column in columns]

    def watch(self, frames: Iterable[pd.DataFrame]) -> Iterator[pd.DataFrame]:
        """Pass frames of codes on, and count what is in them."""
        for frame in frames:
            self.rows += len(frame)
            for name in self.names:
                cells = [str(cell) for cell in frame[name] if cell is not None]
                self.filled[name] += len(cells)
                if name in self.of:
                    self.of[name].update(cells)
            yield frame


def codebook(
    counts: Counts, columns: list[Column], *, within: str = ""
) -> Iterator[tuple[str | int, ...]]:
    """Yield what every column means: words in both languages, its values with their labels and
    counts; a code that no label is known for too. within: the repeat that they are columns of.
    """
    for column in columns:
        name = f"{within}: {column.name}" if within else column.name
        words = (name, column.label.zh, column.label.en, column.kind)
        yield *words, "", "", "", counts.filled[column.name]
        found: Mapping[str, int] = counts.of.get(column.name, {})
        for code, label in _values(column, found).items():
            yield "", "", "", "", code, label.zh, label.en, found.get(code, 0)


def _values(column: Column, found: Iterable[str]) -> dict[str, Text]:
    """Return the label of every code of a column, and of those that stand in it and have none."""
    if not column.values:
        return {}
    return {
        **column.values,
        **{code: Text(code, code) for code in found if code not in column.values},
    }


def variables(
    frame: pd.DataFrame, heads: Iterable[str], columns: list[Column], language: str
) -> Iterator[Variable]:
    """Yield the variables of SPSS: labels in one language, codes that are no numbers numbered in
    order, days and moments as such. heads: the columns of numbers before the answers.
    """
    for head in heads:
        yield Variable(head, "", [float(number) for number in frame[head]], measure="scale")
    for column in columns:
        yield _variable(column, frame[column.name].tolist(), language)


def _variable(column: Column, cells: list[Any], language: str) -> Variable:
    name, label = column.name, getattr(column.label, language)
    texts = ["" if cell is None else str(cell) for cell in cells]
    if column.values:
        values = _values(column, dict.fromkeys(filter(None, texts)))
        codes = _codes(list(values))
        shown = {codes[code]: getattr(text, language) or code for code, text in values.items()}
        return Variable(
            name,
            label,
            [codes[text] if text else None for text in texts],
            values=shown,
            codes={number: code for code, number in codes.items() if code != f"{number:.15g}"},
        )
    if kind := MOMENTS.get(column.kind):
        seconds = [_seconds(text, kind) for text in texts]
        if all(found is not None or not text for found, text in zip(seconds, texts, strict=True)):
            zone = f" ({timezone.get_default_timezone_name()})" if column.kind == "moment" else ""
            return Variable(
                name,
                label + zone,
                seconds,
                measure="scale",
                moment=kind,
            )
    filled = [cell for cell in cells if cell is not None]
    if column.kind in (*NUMBERS, "calculate") and all(map(_is_number, filled)):
        numbers = [None if cell is None else float(cell) for cell in cells]
        return Variable(name, label, numbers, measure="scale")
    return Variable(name, label, texts=texts)


def _seconds(text: str, kind: Moment) -> float | None:
    """Return a day, moment or time as SPSS has it, a moment in the time of the place."""
    try:
        if kind == "date":
            return seconds_of(date.fromisoformat(text))
        if kind == "time":
            return seconds_of(time.fromisoformat(text))
        when = datetime.fromisoformat(text)
    except ValueError:
        return None
    return seconds_of(timezone.localtime(when) if when.tzinfo else when)


def _is_number(cell: Any) -> bool:
    """Say whether a cell is a number, or a text that is written as its number would be: 01 is a
    text, and so is what has more digits than a double.
    """
    text = str(cell)
    return bool(NUMBER.fullmatch(text)) and as_written(float(text)) == text


def _codes(names: list[str]) -> dict[str, float]:
    """Return a number for every code: a whole number itself, the others above them all; where none
    is one, its place.
    """
    whole = [name for name in names if WHOLE.fullmatch(name) and len(name) <= 15]
    rest = [name for name in names if name not in whole]
    first = _above(max(map(float, whole))) if whole else 1.0
    return {name: float(name) for name in whole} | {
        name: first + place for place, name in enumerate(rest)
    }


def _above(largest: float) -> float:
    """Return a code for "does not apply" that no scale reaches: 99, 999 ..."""
    return float("9" * (len(str(int(abs(largest)))) + 1))
