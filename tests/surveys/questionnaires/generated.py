"""Questionnaires that chance writes: groups, repeats in repeats, conditions, filters, defaults and
what is worked out, asked or not.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field

from tests.sheets import workbook

HEADINGS = (
    "type",
    "name",
    "label::zh",
    "label::en",
    "required",
    "relevant",
    "constraint",
    "calculation",
    "repeat_count",
    "choice_filter",
    "default",
    "parameters",
    "appearance",
)
CHOICES = [
    "list_name|name|label::zh|label::en|level",
    *(
        f"abc|{name}|{zh}|{en}|{i}"
        for i, (name, zh, en) in enumerate([("a", "甲", "A"), ("b", "乙", "B"), ("c", "丙", "C")])
    ),
    *(f"five|{i}|{i} 分|{i} points|{i}" for i in range(1, 6)),
    *(f"yn|{name}|{zh}|{en}|1" for name, zh, en in [("yes", "是", "Yes"), ("no", "否", "No")]),
]
LISTS = {"abc": ("a", "b", "c"), "five": ("1", "2", "3", "4", "5"), "yn": ("yes", "no")}
NUMBERS, SELECTS = ("integer", "decimal", "range"), ("select_one", "select_multiple")
KINDS = (
    *("integer", "integer", "decimal", "range", "select_one", "select_one", "select_multiple"),
    *("text", "text", "date", "datetime", "time", "calculate", "calculate", "calculate"),
    *("integer=", "text=", "decimal=", "date=", "select_one="),
)


@dataclass(frozen=True)
class Known:
    """A question that later ones may refer to, and the repeats it stands in."""

    name: str
    kind: str
    repeats: tuple[str, ...]
    of: str = ""  # its list


@dataclass
class Writer:
    """Writes one questionnaire row by row."""

    draw: random.Random
    rows: list[dict[str, str]] = field(default_factory=list)
    known: list[Known] = field(default_factory=list)

    def write(self) -> bytes:
        for _part in range(self.draw.randint(3, 6)):
            self.part((), depth=0)
        lines = ["|".join(HEADINGS)]
        lines += ["|".join(row.get(heading, "") for heading in HEADINGS) for row in self.rows]
        settings = ["form_title|form_id|version", "随机 / By chance|chance|1"]
        return workbook(lines, CHOICES, settings, None)

    def part(self, repeats: tuple[str, ...], depth: int) -> None:
        kind = self.draw.choice(("questions", "group", "repeat", "counted", "own count"))
        if depth > 1 or (len(repeats) > 1 and kind != "group"):
            kind = "questions"
        number = len(self.rows)
        if kind == "questions":
            self.questions(repeats)
            return
        if kind == "group":
            self.row("begin_group", f"g{number}", relevant=self.maybe(repeats, 0.6))
            self.questions(repeats)
            self.part(repeats, depth + 1)
            self.rows.append({"type": "end_group"})
            return
        name, count = f"r{number}", ""
        if kind == "counted":
            asked = f"q{number}"
            self.row("integer", asked)
            self.known.append(Known(asked, "integer", repeats))
            count = f"${{{asked}}} mod 4"
        if kind == "own count":
            counted = f"{name}_count"
            self.row("calculate", counted, calculation=f"({self.number(repeats)}) mod 4")
            self.known.append(Known(counted, "number", repeats))
            count = f"${{{counted}}}"
        self.row("begin_repeat", name, relevant=self.maybe(repeats, 0.3), repeat_count=count)
        self.questions((*repeats, name))
        self.part((*repeats, name), depth + 1)
        self.rows.append({"type": "end_repeat"})
        self.known.append(Known(name, "repeat", repeats))

    def questions(self, repeats: tuple[str, ...]) -> None:
        for _question in range(self.draw.randint(1, 4)):
            self.question(repeats)

    def question(self, repeats: tuple[str, ...]) -> None:
        name, kind = f"q{len(self.rows)}", self.draw.choice(KINDS)
        cells = {"relevant": self.maybe(repeats, 0.45)}
        if kind == "calculate":
            kind = self.calculated(name, repeats, cells)
            self.known.append(Known(name, kind, repeats))
            return
        of = self.draw.choice(tuple(LISTS)) if kind.startswith("select") else ""
        plain = kind.rstrip("=")
        if kind.endswith("="):  # shown, not asked
            cells["calculation"] = self.fitting(plain, of, repeats)
        else:
            cells["required"] = self.draw.choice(("", "", "yes", self.condition(repeats)))
            cells["constraint"] = self.constraint(plain, of, repeats)
            cells["default"] = self.default(plain, of)
            if of and self.draw.random() < 0.4:
                level = self.number(repeats).replace("position(..)", "2")  # there, of an item
                cells["choice_filter"] = f"level <= {level}"
        if plain == "range":
            cells["parameters"] = "start=0 end=10 step=1"
        self.row(f"{plain} {of}".strip(), name, **cells)
        self.known.append(Known(name, plain, repeats, of))

    def calculated(self, name: str, repeats: tuple[str, ...], cells: dict[str, str]) -> str:
        kind = self.draw.choice(("number", "truth", "words", "moment"))
        make = {
            "number": self.number,
            "truth": self.condition,
            "words": self.words,
            "moment": self.moment,
        }
        self.row("calculate", name, **{**cells, "calculation": make[kind](repeats)})
        return kind

    def row(self, kind: str, name: str, **cells: str) -> None:
        self.rows.append(
            {
                "type": kind,
                "name": name,
                "label::zh": f"问 {name}",
                "label::en": f"Ask {name}",
                **cells,
            }
        )

    def maybe(self, repeats: tuple[str, ...], share: float) -> str:
        return self.condition(repeats) if self.draw.random() < share else ""

    def one(self, repeats: tuple[str, ...], *kinds: str) -> Known | None:
        """Return a question of one of these kinds that has one value here."""
        fitting = [
            k for k in self.known if k.kind in kinds and k.repeats == repeats[: len(k.repeats)]
        ]
        return self.draw.choice(fitting) if fitting else None

    def nodes(self, repeats: tuple[str, ...], *kinds: str) -> Known | None:
        """Return a question that from here has as many values as its repeat has instances."""
        fitting = [
            k
            for k in self.known
            if k.kind in kinds and k.repeats and k.repeats != repeats[: len(k.repeats)]
        ]
        return self.draw.choice(fitting) if fitting else None

    def number(self, repeats: tuple[str, ...], depth: int = 0) -> str:
        draw = self.draw
        if depth < 2 and draw.random() < 0.5:
            a, b = self.number(repeats, depth + 1), self.number(repeats, depth + 1)
            form = draw.choice(
                ("{a} + {b}", "{a} - {b}", "({a}) * ({b})", "({a}) div ({b})", "({a}) mod ({b})")
                + ("if({c}, {a}, {b})", "coalesce({a}, {b})", "max({a}, {b}, 1)", "round({a}, 1)")
                + ("int({a})", "abs({a})", "({a} + {b})", "number({a})", "pow({a}, 2)")
            )
            return form.format(a=a, b=b, c=self.condition(repeats, 2))
        if (several := self.nodes(repeats, *NUMBERS, "number", "text")) and draw.random() < 0.5:
            return draw.choice(("sum", "count", "min", "count-non-empty")) + (
                f"(${{{several.name}}})"
            )
        if (repeat := self.one(repeats, "repeat")) and draw.random() < 0.3:
            return f"count(${{{repeat.name}}})"
        if repeats and draw.random() < 0.15:
            return draw.choice(("position(..)", "position(..) - 1"))
        if (many := self.one(repeats, "select_multiple")) and draw.random() < 0.2:
            return f"count-selected(${{{many.name}}})"
        if (found := self.one(repeats, *NUMBERS, "number", "truth")) and draw.random() < 0.8:
            return f"${{{found.name}}}"
        return draw.choice(("0", "1", "2", "3", "0.5", "-1"))

    def condition(self, repeats: tuple[str, ...], depth: int = 0) -> str:
        draw = self.draw
        if depth < 2 and draw.random() < 0.35:
            a, b = self.condition(repeats, depth + 1), self.condition(repeats, depth + 1)
            return draw.choice((f"({a}) and ({b})", f"({a}) or ({b})", f"not({a})"))
        found = self.one(repeats, *SELECTS, "text", "words", "date", "datetime", "truth", "moment")
        if found is None or draw.random() < 0.35:
            sign = draw.choice(("<", "<=", ">", ">=", "=", "!="))
            return f"{self.number(repeats, 1)} {sign} {self.number(repeats, 2)}"
        it = f"${{{found.name}}}"
        choice = draw.choice(LISTS[found.of]) if found.of else ""
        match found.kind:
            case "select_one":
                return draw.choice((f"{it} = '{choice}'", f"{it} != '{choice}'", f"{it} != ''"))
            case "select_multiple":
                return draw.choice((f"selected({it}, '{choice}')", f"count-selected({it}) > 1"))
            case "truth":
                return draw.choice((it, f"{it} = true()", f"not({it})", f"{it} = 'true'"))
            case "date" | "datetime" | "moment":
                return draw.choice(
                    (f"{it} < today()", f"{it} >= now()", f"format-date({it}, '%Y') = '2026'")
                    + (f"format-date-time({it}, '%H:%M') > '08:00'", f"{it} != ''")
                    + (f"int(decimal-date-time({it})) mod 2 = 0",)
                )
        return draw.choice(
            (f"{it} != ''", f"string-length({it}) > 1", f"regex({it}, '[0-9]+')", f"{it} = 'yes'")
            + (f"contains({it}, '意')", f"starts-with({it}, '1')", it)
        )

    def words(self, repeats: tuple[str, ...]) -> str:
        draw = self.draw
        found = self.one(repeats, "text", "words", "select_one", *NUMBERS)
        it = f"${{{found.name}}}" if found else "'满意'"
        if (
            several := self.nodes(repeats, "text", "integer", "select_one")
        ) and draw.random() < 0.4:
            return draw.choice(("join(', ', ${%s})", "concat(${%s})")) % several.name
        return draw.choice(
            (
                f"concat({it}, '-', {self.number(repeats, 1)})",
                f"substr({it}, 0, 2)",
                f"string({it})",
            )
            + (f"if({self.condition(repeats, 1)}, {it}, '')", f"normalize-space({it})", it)
            + (f"translate({it}, 'abc', 'ABC')", f"string({self.condition(repeats, 1)})")
        )

    def moment(self, repeats: tuple[str, ...]) -> str:
        draw = self.draw
        found = self.one(repeats, "date", "datetime", "moment")
        it = f"${{{found.name}}}" if found else "now()"
        return draw.choice(
            ("now()", "today()", it, f"format-date-time({it}, '%Y-%m-%dT%H:%M')")
            + (f"date({it})", f"if({self.condition(repeats, 1)}, {it}, today())", "today() + 1")
        )

    def fitting(self, kind: str, of: str, repeats: tuple[str, ...]) -> str:
        if of:
            return f"if({self.condition(repeats, 1)}, '{LISTS[of][0]}', '{LISTS[of][1]}')"
        if kind == "text":
            return self.draw.choice((self.words(repeats), self.condition(repeats)))
        return f"date({self.moment(repeats)})" if kind == "date" else self.number(repeats)

    def constraint(self, kind: str, of: str, repeats: tuple[str, ...]) -> str:
        if self.draw.random() < 0.6 or kind == "range":
            return ""
        if kind in NUMBERS:
            return f". >= {self.number(repeats, 1)}"
        if kind == "select_multiple":
            return self.draw.choice(
                ("count-selected(.) < 3", f"not(selected(., '{LISTS[of][0]}'))")
            )
        if kind == "date":
            return ". <= today()"
        other = self.one(repeats, "text", "words")
        return f". != ${{{other.name}}}" if other and kind == "text" else ""

    def default(self, kind: str, of: str) -> str:
        if self.draw.random() < 0.75:
            return ""
        if of:
            return self.draw.choice(LISTS[of])
        return {"integer": "2", "decimal": "0.5", "text": "yes", "date": "2026-11-01"}.get(kind, "")


def by_chance(seed: int) -> bytes:
    """Return the workbook that a seed writes."""
    return Writer(random.Random(f"whole form {seed}")).write()
