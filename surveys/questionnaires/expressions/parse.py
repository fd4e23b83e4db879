"""From the text of an expression to its tree, with the column of everything that may be wrong.

A tree is made of tuples that JSON can hold: ("num", 3.0) · ("str", "yes") · ("ref", name) ·
("self",) · ("call", function, (argument, ...)) · ("op", operator, left, right) · ("neg", tree) ·
("position",) and ("position", the repeat, from 0 outside) · ("column", name), a column of the
list's line at hand · ("lookup", list, column, condition), the lines of a list that fit. Precedence
climbing after Pratt (1973); the operators and their order are those of XPath 1.0, section 3.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from config.language.problems import say

Tree = tuple[Any, ...]

LEVELS = (("or",), ("and",), ("=", "!="), ("<", "<=", ">", ">="), ("+", "-"), ("*", "div", "mod"))
POWER = {operator: level for level, operators in enumerate(LEVELS) for operator in operators}
UNARY = len(LEVELS)
DEEPEST = 60  # nesting that no author needs and Python's stack still holds

# typed with a Chinese keyboard; what each of them was meant to be
FULL_WIDTH = dict(
    zip("＞＜＝（），＋－＊！。＄｛｝／：", "><=(),+-*!.${}/:", strict=True)
) | dict.fromkeys("“”", '"')
FULL_WIDTH |= dict.fromkeys("‘’", "'") | {"≥": ">=", "≤": "<=", "≠": "!=", "×": "*", "÷": "div"}

NAME = r"[^\W\d][\w.\-]*"
TOKEN = re.compile(
    rf"""\s*(?:
      (?P<num>\d+(?:\.\d*)?|\.\d+)
    | (?P<str>"[^"]*"|'[^']*')
    | \$\{{\s*(?P<ref>{NAME})\s*\}}
    | (?P<path>(?:/{NAME}|/\.\.)+|/\.|(?:\.\.?/)+{NAME}(?:/{NAME})*)
    | (?P<name>(?:[^\W\d][\w\-]*:)?{NAME})
    | (?P<op><=|>=|!=|\.\.|[-+*=<>(),.\[\]])
    )""",
    re.VERBOSE,
)


class BadExpression(Exception):
    """An expression that cannot be read: words for its author, values for them, and the column,
    from 1.
    """

    def __init__(self, text: str, column: int, **values: object) -> None:
        super().__init__(text.format(column=column, **values))
        self.text, self.column, self.values = text, column, values


@dataclass(frozen=True)
class Mention:
    """A question or a function that an expression names; `arguments` is -1 for a question."""

    name: str
    column: int
    arguments: int = -1


@dataclass(frozen=True)
class Expression:
    """A parsed expression: its tree, and what it mentions in the order of the text."""

    tree: Tree
    questions: tuple[Mention, ...]
    functions: tuple[Mention, ...]


@dataclass(frozen=True)
class _Token:
    kind: str
    text: str
    column: int


def parse(text: str, *, columns: bool = False) -> Expression:
    """Parse an expression, as authors write it (${name}) or as pyxform rewrites it
    (/data/group/name, ../name).

    columns: whether a bare name is a column of a list, as in a choice filter. Raises BadExpression
    at the first thing that cannot be read.
    """
    parser = _Parser(list(_tokens(text)), len(text) + 1, columns)
    tree = parser.expression(0)
    parser.end()
    return Expression(tree, tuple(parser.questions), tuple(parser.functions))


def _tokens(text: str) -> Iterator[_Token]:
    at = 0
    while at < len(text.rstrip()):
        found = TOKEN.match(text, at)
        if found is None or found.lastgroup is None:
            at += len(text[at:]) - len(text[at:].lstrip())
            raise _unreadable(text, at)
        kind = found.lastgroup
        yield _Token(kind, found[kind], found.start(kind) + 1)
        at = found.end()


def _unreadable(text: str, at: int) -> BadExpression:
    character = text[at]
    if character in FULL_WIDTH:
        message = say("“{found}” at character {column} is a full-width sign; type {meant} instead")
        return BadExpression(message, at + 1, found=character, meant=FULL_WIDTH[character])
    if character in "\"'":
        return BadExpression(
            say("the text that begins at character {column} has no closing quotation mark"), at + 1
        )
    if text[at : at + 2] == "${":
        return BadExpression(
            say("${{ at character {column} is no reference such as ${{name}}"), at + 1
        )
    return BadExpression(
        say("“{found}” at character {column} cannot be read"), at + 1, found=character
    )


class _Parser:
    def __init__(self, tokens: list[_Token], end: int, columns: bool = False) -> None:
        self.columns = columns
        self.tokens, self.at = tokens, 0
        self.last = _Token("end", "", end)
        self.depth = 0
        self.questions: list[Mention] = []
        self.functions: list[Mention] = []

    @property
    def token(self) -> _Token:
        return self.tokens[self.at] if self.at < len(self.tokens) else self.last

    def take(self) -> _Token:
        token = self.token
        self.at += 1
        return token

    def expect(self, text: str, opened: _Token) -> None:
        if self.token.kind != "op" or self.token.text != text:
            if self.token.kind == "end":
                message = say("the parenthesis that opens at character {column} is never closed")
                raise BadExpression(message, opened.column)
            raise self.unexpected()
        self.take()

    def end(self) -> None:
        if self.token.text == ")":
            raise BadExpression(
                say("the parenthesis that closes at character {column} was never opened"),
                self.token.column,
            )
        if self.token.kind != "end":
            raise self.unexpected()

    def unexpected(self) -> BadExpression:
        if self.token.kind == "end":
            return BadExpression(say("ends where a value is expected"), self.token.column)
        message = say("“{found}” at character {column} is not expected there")
        return BadExpression(message, self.token.column, found=self.token.text)

    def expression(self, level: int) -> Tree:
        self.depth += 1
        if self.depth > DEEPEST:
            raise BadExpression(
                say("is nested too deeply at character {column}"), self.token.column
            )
        left = self.value()
        while self.token.kind in ("op", "name") and POWER.get(self.token.text, -1) >= level:
            operator = self.take().text
            left = ("op", operator, left, self.expression(POWER[operator] + 1))
        self.depth -= 1
        return left

    def value(self) -> Tree:
        token = self.take()
        match token.kind, token.text:
            case "num", text:
                return ("num", float(text))
            case "str", text:
                return ("str", text[1:-1])
            case "ref", name:
                return self.question(name, token)
            case "path", path:
                return self.question(path.rpartition("/")[2], token)
            case "op", ".":
                return ("self",)
            case "op", "-":
                return ("neg", self.expression(UNARY))
            case "op", "(":
                inside = self.expression(0)
                self.expect(")", token)
                return inside
            case "name", "position" if self.token.text == "(":
                return self.position(token)
            case "name", "instance" if self.token.text == "(":
                return self.lookup(token)
            case "name", "current" if self.token.text == "(":
                return self.current(token)
            case "name", name if self.token.text == "(":
                return self.call(name, token)
            case "name", name if self.columns:
                return ("column", name)
        self.at -= 1
        raise self.unexpected()

    def question(self, name: str, token: _Token) -> Tree:
        self.questions.append(Mention(name, token.column))
        return ("ref", name)

    def position(self, token: _Token) -> Tree:
        """position(..), the number of the instance within its repeat; position(../..), from a group
        in it. A tree of the second has the steps up, below 0.
        """
        opened = self.take()
        if self.take().text != "..":
            raise BadExpression(
                say("position at character {column} is written position(..)"), token.column
            )
        up = self.take().text if re.fullmatch(r"(/\.\.)+", self.token.text) else ""
        self.expect(")", opened)
        return ("position", -1 - up.count("..")) if up else ("position",)

    def current(self, token: _Token) -> Tree:
        """current()/../name and current()/. as choice filters have them."""
        self.expect(")", self.take())
        path = self.take()
        if path.kind != "path":
            raise BadExpression(
                say("current() at character {column} leads to no question"), token.column
            )
        return ("self",) if path.text == "/." else self.question(path.text.rpartition("/")[2], path)

    def lookup(self, token: _Token) -> Tree:
        """instance('list')/root/item[condition]/column, the condition and the column each as far
        as they are there.
        """
        opened = self.take()
        name = self.take()
        self.expect(")", opened)
        path = self.take()
        if name.kind != "str" or path.kind != "path" or not path.text.startswith("/root/item"):
            message = say(
                "instance at character {column} is written"
                " instance('list')/root/item[condition]/column"
            )
            raise BadExpression(message, token.column)
        column = path.text.removeprefix("/root/item").removeprefix("/")
        condition: Tree = ("call", "true", ())
        if self.token.text == "[":
            opened, outside = self.take(), self.columns
            self.columns = True
            condition = self.expression(0)
            self.columns = outside
            self.expect("]", opened)
            if self.token.kind == "path":
                column = self.take().text.removeprefix("/")
        return ("lookup", name.text[1:-1], column, condition)

    def call(self, name: str, token: _Token) -> Tree:
        opened = self.take()
        place = len(self.functions)
        arguments: list[Tree] = []
        while not (self.token.kind == "op" and self.token.text == ")"):
            arguments.append(self.expression(0))
            if self.token.text != ",":
                break
            self.take()
        self.expect(")", opened)
        self.functions.insert(place, Mention(name, token.column, len(arguments)))
        return ("call", name, tuple(arguments))


def frozen(tree: Any) -> Tree:
    """Return a tree read from JSON, lists turned into tuples again."""
    return tuple(frozen(part) if isinstance(part, list) else part for part in tree)


def parts_of(tree: Tree) -> Iterator[Tree]:
    """Yield the trees that a tree is made of, those of one level."""
    for part in tree[1:]:
        if isinstance(part, tuple) and part and isinstance(part[0], str):
            yield part
        elif isinstance(part, tuple):
            yield from part
