"""The corpus: every function and operator with every kind of argument, and what JavaRosa makes of
it.

`python -m tests.surveys.questionnaires.expressions.corpus` asks JavaRosa anew and writes corpus.csv
(needs Java).
"""

from __future__ import annotations

import csv
import shutil
import tempfile
from collections.abc import Iterator
from datetime import date, datetime
from itertools import product
from pathlib import Path

from surveys.questionnaires.expressions.evaluate import Context
from tests.surveys.questionnaires.expressions.judge import judged

TABLE = Path(__file__).with_name("corpus.csv")
TODAY = date(2026, 11, 24)

# what the expressions look at: the same answers as values and as XML
ANSWERS = {
    "empty": "",
    "five": 5.0,
    "minus": -2.5,
    "yes": "yes",
    "many": "a b c",
    "zh": "满意度调查",
    "day": date(2026, 11, 20),
    "moment": datetime(2026, 11, 20, 14, 5, 30),  # noqa: DTZ001
    "cost": (10.0, 20.5, ""),
    "word": ("a", "b", ""),
    "rep": ("", "", ""),
}
TOWNS = [
    {"name": "ty", "label": "太原", "pop": "530"},
    {"name": "dt", "label": "大同", "pop": "310"},
]
FORM = """<?xml version="1.0"?>
<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml"
 xmlns:jr="http://openrosa.org/javarosa"><h:head><h:title>corpus</h:title><model>
<instance><data id="corpus" version="1"><empty/><five>5</five><minus>-2.5</minus><yes>yes</yes><many>a b c</many>
<zh>满意度调查</zh><day>2026-11-20</day><moment>2026-11-20T14:05:30.000+08:00</moment>
<rep jr:template=""><cost/><word/></rep><rep><cost>10</cost><word>a</word></rep>
<rep><cost>20.5</cost><word>b</word></rep><rep><cost/><word/></rep></data></instance>
<instance id="towns"><root><item><name>ty</name><label>太原</label><pop>530</pop></item>
<item><name>dt</name><label>大同</label><pop>310</pop></item></root></instance>
<bind nodeset="/data/five" type="int"/><bind nodeset="/data/minus" type="decimal"/>
<bind nodeset="/data/day" type="date"/><bind nodeset="/data/moment" type="dateTime"/>
<bind nodeset="/data/rep/cost" type="decimal"/></model></h:head>
<h:body><select ref="/data/many"><label>m</label><item><label>A</label><value>a</value></item>
<item><label>B</label><value>b</value></item><item><label>C</label><value>c</value></item></select>
<select1 ref="/data/yes"><label>y</label><itemset nodeset="instance('towns')/root/item">
<value ref="name"/><label ref="label"/></itemset></select1>
<group><label>r</label><repeat nodeset="/data/rep"><input ref="/data/rep/cost"><label>c</label></input></repeat></group>
</h:body></h:html>"""

ATOMS = (
    "/data/empty",
    "'a'",
    "'满意'",
    "'12'",
    "5",
    "0",
    "/data/minus",
    "1.005",
    "true()",
    "/data/day",
    "/data/moment",
)
ATOMS += ("/data/many", "1 div 0", "0 div 0")
NODES = ("/data/rep", "/data/rep/cost", "/data/rep/word")
ONE = (
    "int",
    "number",
    "round",
    "abs",
    "string",
    "string-length",
    "count-selected",
    "normalize-space",
    "not",
    "boolean",
)
ONE += (
    "boolean-from-string",
    "date",
    "date-time",
    "decimal-date-time",
    "decimal-time",
    "count",
    "count-non-empty",
    "min",
)
ONE += ("max", "sum", "concat")
ONE += ("sqrt", "exp", "exp10", "log", "log10", "sin", "cos", "tan", "asin", "acos", "atan")
TWO = (
    "selected",
    "selected-at",
    "regex",
    "coalesce",
    "round",
    "pow",
    "contains",
    "starts-with",
    "ends-with",
    "substr",
)
TWO += (
    "substring-before",
    "substring-after",
    "min",
    "max",
    "concat",
    "join",
    "format-date",
    "format-date-time",
)
OPERATORS = ("or", "and", "=", "!=", "<", "<=", ">", ">=", "+", "-", "*", "div", "mod")
PATTERNS = ("%Y-%m-%d", "%y %n %e %b %a", "%H:%M:%S.%3", "%h", "%%", "年%Y")
BY_HAND = """
sum(/data/rep/cost) div count(/data/rep)
if(/data/five > 3, 'more', 'less')
if(/data/empty, 1, 2)
substr('abcdef', 2, 4)
substr('abcdef', -3)
substr('abc', -5, 2)
substr('abc', 0, -1)
substr('abc', 1.9)
substr('abc', 'x')
string-length('😀')
translate('abcabc', 'abc', 'AB')
translate('满意', '满', '不')
normalize-space('  a   b ')
join(', ', /data/rep/word)
join('-', 'a', 'b', 3)
join('/', 'a')
indexed-repeat(/data/rep/cost, /data/rep, 2)
indexed-repeat(/data/rep/cost, /data/rep, 0)
indexed-repeat(/data/rep/cost, /data/rep, 7)
instance('towns')/root/item[name='ty']/label
instance('towns')/root/item[name='xx']/label
count(instance('towns')/root/item[pop > 400])
sum(instance('towns')/root/item/pop)
jr:choice-name('b', '/data/many')
checklist(1, 2, true(), true(), false())
checklist(-1, 2, true(), true(), true())
checklist(0, -1, 'a', '')
weighted-checklist(3, -1, true(), 2, false(), 5, 1, 1)
weighted-checklist(2, 5, true(), 1, true(), 1)
regex('12a', '[0-9]+')
regex('13800138000', '1[3-9]\\d{9}')
regex('１２', '\\d+')
regex('满', '\\w')
regex('a b', 'a\\sb')
regex('', '')
pi()
sin(pi() div 6)
cos(0.5)
asin(0.5)
acos(2)
atan2(1, 2)
atan2(-1, -2)
atan2(0, 0)
log(10)
log10(1000)
exp(1)
exp10(-2)
sqrt(2)
sqrt(-1)
string(0.1 + 0.2)
string(3000000000)
string(100000000000000000000)
string(123456789.5)
string(1234567.125)
string(0.00012345)
string(1.0000000000001)
string(2.9999999999999996)
string(1 div 3)
string(-0.0)
round(2.345, 2)
round(-2.345, 2)
round(1234.5, -2)
round(-1.5)
round(-0.4)
int(12345678901.9)
number('1e3')
number(' 5 ')
number('0x10')
number('Infinity')
date('2026-1-5')
date('2026-11-20T23:30:00Z')
date(20000.7)
date(-1)
format-date('2026-03-05', '%y %n %e %b %a %d')
format-date-time('2026-11-20T10:11:12.345+08:00', '%H:%M:%S.%3')
/data/day - date('2026-11-10')
date(/data/day + 1)
/data/day > '2026-11-01'
/data/day = '2026-11-20'
-5 mod 3
2 mod -3
5.5 mod 2
1 - -1
--5
1 div 3 * 3 = 1
1 = 1 = 1
3 > 2 > 1
not(/data/empty) and /data/five > 3 or /data/minus > 0
-/data/five + 1
"""
# where JavaRosa stops with an error, a page cannot: both twins give a value, and the same one
STOPS = "error"


def expressions() -> Iterator[str]:
    """Yield every expression of the corpus once."""
    made = [f"{name}({atom})" for name in ONE for atom in (*ATOMS, *NODES)]
    made += [
        f"{name}({a}, {b})"
        for name in TWO
        for a, b in product(ATOMS, ATOMS)
        if not name.startswith("format")
    ]
    made += [
        f"{name}({a}, '{p}')"
        for name in TWO
        if name.startswith("format")
        for a in ATOMS
        for p in PATTERNS
    ]
    made += [f"{a} {operator} {b}" for operator in OPERATORS for a, b in product(ATOMS, ATOMS)]
    yield from dict.fromkeys([*made, *(line for line in BY_HAND.splitlines() if line)])


def context() -> Context:
    """Return what the corpus is evaluated in."""
    return Context(
        answer=lambda name: ANSWERS.get(name, ""),
        today=TODAY,
        choice_label=lambda question, name: (
            {"a": "A", "b": "B", "c": "C"}.get(name, "") if question == "many" else ""
        ),
        list_rows=lambda name: TOWNS if name == "towns" else (),
        answer_at=lambda name, numbers: dict(enumerate(ANSWERS[name], start=1)).get(
            numbers["rep"], ""
        ),
    )


def read() -> list[tuple[str, str, str]]:
    """Return the corpus as it was written: expression, type, text."""
    lines = TABLE.read_text(encoding="utf-8").splitlines()
    return [(row["expression"], row["type"], row["text"]) for row in csv.DictReader(lines)]


def main() -> None:
    every = list(expressions())
    with tempfile.TemporaryDirectory() as folder:
        worth = judged(FORM, every, Path(folder), shutil.which("java"), shutil.which("javac"))
    with TABLE.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["expression", "type", "text"])
        for expression, (kind, text) in zip(every, worth, strict=True):
            writer.writerow([expression, kind, "" if kind == STOPS else text])


if __name__ == "__main__":
    main()
