"""YAML with its places: every value knows its line and its key, and scalars are read as the plan
needs them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import yaml

from config.language.problems import InvalidInput, Problem, say
from config.language.texts import Text
from config.tabular.yaml_slips import slips


@dataclass
class Value:
    """A YAML node under its dotted key. Reading it wrongly notes a problem and yields None, so
    that all are found.
    """

    node: yaml.Node
    key: str
    file: str
    problems: list[Problem]

    @property
    def place(self) -> str:
        """File, line and key."""
        return f"{self.file}:{self.node.start_mark.line + 1}: {self.key}" if self.key else self.file

    def problem(self, text: str, **values: object) -> None:
        """Note a problem at this place."""
        self.problems.append(Problem(self.place, text, values))

    def find(self, name: str) -> Iterator[Value]:
        """Go through every value under a key `name`, at any depth."""
        if isinstance(self.node, yaml.SequenceNode):
            for value in self.items():
                yield from value.find(name)
        elif isinstance(self.node, yaml.MappingNode):
            for key, node in self.node.value:
                value = Value(node, f"{self.key}.{key.value}", self.file, self.problems)
                yield from [value] if key.value == name else value.find(name)

    def scalars(self) -> Iterator[Value]:
        """Go through every scalar, at any depth."""
        if isinstance(self.node, yaml.ScalarNode):
            yield self
        elif isinstance(self.node, yaml.SequenceNode):
            for i, node in enumerate(self.node.value):
                yield from Value(node, f"{self.key}[{i}]", self.file, self.problems).scalars()
        else:
            for key, node in self.node.value:
                name = f"{self.key}.{key.value}" if self.key else str(key.value)
                yield from Value(node, name, self.file, self.problems).scalars()

    @property
    def raw(self) -> str | None:
        """The scalar as it is written, or None for a list, a mapping or an empty value."""
        if not isinstance(self.node, yaml.ScalarNode) or self.node.tag.endswith(":null"):
            return None
        return str(self.node.value)

    def text(self) -> str | None:
        """Read words; numbers and yes/no stay as they are written (a company may be called 360
        or No).
        """
        if self.raw is None or not self.raw.strip():
            self.problem(say("must be a text"))
            return None
        return self.raw.strip()

    def cell(self) -> str:
        """Read the text of a cell as it is written; "" is an empty cell, and has to be written
        so.
        """
        if self.raw is None:
            self.problem(
                say("must be the text of a cell; an empty cell is written as two quotation marks")
            )
        return (self.raw or "").strip()

    def number(self, *, low: float = float("-inf"), high: float = float("inf")) -> float | None:
        """Read a number between low and high, ends included."""
        if isinstance(self.node, yaml.ScalarNode) and self.node.tag.endswith((":int", ":float")):
            try:
                number = float(self.node.value.replace("_", ""))
            except ValueError:
                number = float("nan")
            if low <= number <= high:
                return number
        if low == float("-inf"):
            self.problem(say("must be a number"))
        else:
            self.problem(say("must be a number from {low:g} to {high:g}"), low=low, high=high)
        return None

    def integer(self, *, low: int, high: int) -> int | None:
        """Read a whole number between low and high, ends included."""
        number = self.number(low=low, high=high)
        if number is not None and number != int(number):
            self.problem(say("must be a whole number"))
            return None
        return None if number is None else int(number)

    def boolean(self) -> bool | None:
        """Read true or false."""
        if isinstance(self.node, yaml.ScalarNode) and self.node.tag.endswith(":bool"):
            return self.node.value.lower() in ("true", "yes", "on")
        self.problem(say("must be true or false"))
        return None

    def day(self) -> date | None:
        """Read a date, YYYY-MM-DD."""
        try:
            return date.fromisoformat(self.raw or "")
        except ValueError:
            self.problem(say("must be a date such as 2026-11-23"))
            return None

    def choice(self, *allowed: str) -> str | None:
        """Read one of the allowed words."""
        if self.raw in allowed:
            return self.raw
        self.problem(say("must be one of: {allowed}"), allowed=", ".join(allowed))
        return None

    def bilingual(self) -> Text:
        """Read words in both languages, `{zh-Hans, en}`; both are required."""
        part = self.mapping(allowed=("zh-Hans", "en"), required=("zh-Hans", "en"))
        zh, en = (part[k].text() if k in part else None for k in ("zh-Hans", "en"))
        return Text(zh or "", en or "")

    def items(self) -> Iterator[Value]:
        """Go through a list."""
        if not isinstance(self.node, yaml.SequenceNode):
            self.problem(say("must be a list"))
            return
        for i, node in enumerate(self.node.value):
            yield Value(node, f"{self.key}[{i}]", self.file, self.problems)

    def mapping(
        self, *, allowed: tuple[str, ...] | None = None, required: tuple[str, ...] = ()
    ) -> dict[str, Value]:
        """Read a mapping; unknown, doubled and missing keys are problems. Empty values count as
        missing.
        """
        if not isinstance(self.node, yaml.MappingNode):
            self.problem(say("must be a mapping of keys to values"))
            return {}
        found: dict[str, Value] = {}
        for key_node, node in self.node.value:
            name = str(key_node.value) if isinstance(key_node, yaml.ScalarNode) else "?"
            value = Value(
                node, f"{self.key}.{name}" if self.key else name, self.file, self.problems
            )
            at_key = Value(key_node, value.key, self.file, self.problems)
            if allowed is not None and name not in allowed:
                at_key.problem(
                    say("is not a key that is known here; known are: {allowed}"),
                    allowed=", ".join(allowed),
                )
            elif name in found:
                at_key.problem(say("is given twice"))
            else:
                found[name] = value
        for name in required:
            if name not in found:
                place = f"{self.key}.{name}" if self.key else name
                Value(self.node, place, self.file, self.problems).problem(say("is missing"))
        return found

    @property
    def is_mapping(self) -> bool:
        """Whether the value has keys of its own."""
        return isinstance(self.node, yaml.MappingNode)

    @property
    def is_list(self) -> bool:
        """Whether the value is a list."""
        return isinstance(self.node, yaml.SequenceNode)

    @property
    def is_null(self) -> bool:
        """Whether the value is left empty or says null."""
        return isinstance(self.node, yaml.ScalarNode) and self.node.tag.endswith(":null")


# what PyYAML says, by how it begins, in plain words
UNREADABLE = {
    "mapping values are not allowed": say(
        "is not readable YAML: a colon stands where none may be; put the text in quotation marks,"
        " or begin the line as far in as those beside it"
    ),
    "could not find expected ':'": say(
        "is not readable YAML: a key without a colon and a blank after it"
    ),
    "found unexpected end of stream": say("is not readable YAML: a quotation mark is not closed"),
    "expected ',' or": say(
        "is not readable YAML: a bracket is not closed, or a comma is missing before this place"
    ),
    "expected the node content": say(
        "is not readable YAML: a bracket is not closed, or nothing stands where something must"
    ),
    "expected <block end>": say(
        "is not readable YAML: the line does not begin as far in as those it belongs to"
    ),
    "found character": say(
        "is not readable YAML: a tab or another sign that may not begin anything; use blanks"
    ),
}


def compose(content: bytes, file: str) -> Value:
    """Parse YAML into nodes. Raises InvalidInput for what is not UTF-8, not YAML, empty, or has
    anchors.
    """
    text = _text(content, file)
    try:
        for event in yaml.parse(text, Loader=yaml.SafeLoader):
            if getattr(event, "anchor", None):
                raise InvalidInput(Problem(file, say("anchors and aliases are not used in a plan")))
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        raise InvalidInput(*_unreadable(error, text, file)) from None
    if node is None:
        raise InvalidInput(Problem(file, say("is empty")))
    root = Value(node, "", file, [])
    if not root.is_mapping and (found := [s.problem for s in slips(text, file) if s.is_sure]):
        raise InvalidInput(*found)
    return root


def refusal(content: bytes, file: str, problems: Sequence[Problem]) -> InvalidInput:
    """Return the error for a file with problems: in front of them the slips of the pen that may
    have caused them.
    """
    lines = {int(found[1]) for p in problems if (found := re.search(r":(\d+)", p.place))}
    likely = (s for s in slips(_text(content, file), file) if s.is_sure or s.line in lines)
    return InvalidInput(*(slip.problem for slip in likely), *problems)


def _text(content: bytes, file: str) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InvalidInput(
            Problem(file, say("is not UTF-8 text (byte {place})"), {"place": error.start})
        ) from None


def _unreadable(error: yaml.YAMLError, text: str, file: str) -> list[Problem]:
    """Return what is wrong with a text that is no YAML: its slips, else what the parser says."""
    mark = getattr(error, "problem_mark", None)
    line = mark.line + 1 if mark else 0
    # the parser often stops on the line after the one that is wrong
    found = [s.problem for s in slips(text, file) if s.is_sure or s.line in (line - 1, line)]
    if found:
        return found
    words = getattr(error, "problem", None) or str(error)
    message = next(
        (plain for begin, plain in UNREADABLE.items() if words.startswith(begin)),
        say("is not readable YAML: {words}"),
    )
    return [Problem(f"{file}:{line}" if mark else file, message, {"words": words})]
