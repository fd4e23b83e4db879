"""A survey's frames of answers as what SPSS reads, and their codebook."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

import pandas as pd

from config.tabular.sav import Variable
from surveys.responses.columns import NUMBERS, Column
from surveys.responses.frames import NUMBER

HEADS = ("column", "label_zh", "label_en", "kind", "value", "value_zh", "value_en", "n")


class Counts:
    """How many cells of each column are filled in the frames that went by, and how often each
    value that has a label stands in them.
    """

    def __init__(self, columns: list[Column]) -> None:
        self.filled: Counter[str] = Counter()
        self.of: Mapping[str, Counter[str]] = {
            column.name: Counter() for column in columns if column.values
        }
        self.names = [column.name for column in columns]

    def watch(self, frames: Iterable[pd.DataFrame]) -> Iterator[pd.DataFrame]:
        """Pass frames of codes on, and count what is in them."""
        for frame in frames:
            for name in self.names:
                cells = [str(cell) for cell in frame[name] if cell is not None]
                self.filled[name] += len(cells)
                if name in self.of:
                    self.of[name].update(cells)
            yield frame


def codebook(counts: Counts, columns: list[Column]) -> Iterator[tuple[str | int, ...]]:
    """Yield what every column means: words in both languages, its values with their labels and
    counts.
    """
    for column in columns:
        words = (column.name, column.label.zh, column.label.en, column.kind)
        yield *words, "", "", "", counts.filled[column.name]
        for code, label in column.values.items():
            n = counts.of[column.name][code]
            yield "", "", "", "", code, label.zh, label.en, n


def variables(frame: pd.DataFrame, columns: list[Column], language: str) -> Iterator[Variable]:
    """Yield the variables of SPSS: labels in one language, codes that are no numbers numbered in
    order.
    """
    yield Variable(NUMBER, "", [float(number) for number in frame[NUMBER]], measure="scale")
    for column in columns:
        label, cells = getattr(column.label, language), frame[column.name].tolist()
        if column.values:
            codes = _codes(column)
            yield Variable(
                column.name,
                label,
                [None if cell is None else codes.get(str(cell)) for cell in cells],
                values={
                    codes[code]: getattr(words, language) or code
                    for code, words in column.values.items()
                },
            )
        elif column.kind in (*NUMBERS, "calculate") or column.name == "_weight":
            numbers = pd.to_numeric(pd.Series(cells, dtype=object), errors="coerce").tolist()
            yield Variable(column.name, label, numbers, measure="scale")
        else:
            given = ["" if cell is None else str(cell) for cell in cells]
            yield Variable(column.name, label, texts=given)


def _codes(column: Column) -> dict[str, float]:
    """Return a number for every value: itself where all are whole numbers, na apart, else its
    place.
    """
    names = list(column.values)
    whole = [name for name in names if re.fullmatch(r"-?[0-9]+", name)]
    if len(whole) >= len(names) - 1 and whole:
        rest = max(map(float, whole))
        return {name: float(name) if name in whole else _above(rest) for name in names}
    return {name: float(place) for place, name in enumerate(names, start=1)}


def _above(largest: float) -> float:
    """Return a code for "does not apply" that no scale reaches: 99, 999 ..."""
    return float("9" * (len(str(int(abs(largest)))) + 1))
