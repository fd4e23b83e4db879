"""What is wrong with a plan, a workbook or a file of data: the place, and words that can be
translated.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field


def say(text: str) -> str:
    """Mark a problem's words for translation; they are translated where they are shown."""
    return text


class Place(str):
    """Where a problem is, in words that can be translated; as a text it is the English one."""

    text: str
    values: Mapping[str, object]

    def __new__(cls, text: str, values: Mapping[str, object]) -> Place:
        made = super().__new__(cls, text.format(**values))
        made.text, made.values = text, values
        return made

    def __getnewargs__(self) -> tuple[str, Mapping[str, object]]:  # type: ignore[override]
        """Return what a copy is made of."""
        return self.text, self.values

    def render(self, translate: Callable[[str], str] = str) -> str:
        """Return the words in the language of `translate`."""
        return translate(self.text).format(**self.values)


@dataclass(frozen=True)
class Problem:
    """One problem. `place` is file:line or file, row, column; `text` is a format string filled from
    `values`.

    A warning is shown and stops nothing.
    """

    place: str
    text: str
    values: Mapping[str, object] = field(default_factory=dict)
    warning: bool = False

    def render(self, translate: Callable[[str], str] = str) -> str:
        """Return the sentence with its place in front."""
        place = self.place.render(translate) if isinstance(self.place, Place) else self.place
        return f"{place}: {translate(self.text).format(**self.values)}"


class Problems:
    """Problems of several parts, gathered so that all are told at once."""

    def __init__(self) -> None:
        self.found: list[Problem] = []

    @contextmanager
    def gathered(self) -> Iterator[None]:
        """Keep the problems of one part and go on after it."""
        try:
            yield
        except InvalidInput as error:
            self.found += error.problems

    def stop(self) -> None:
        """Raise InvalidInput where there are any."""
        if self.found:
            raise InvalidInput(*self.found)


class InvalidInput(Exception):
    """A plan or its data cannot be used; carries every problem that was found, at least one."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__("\n".join(problem.render() for problem in problems))
        self.problems = problems
