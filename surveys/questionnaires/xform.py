"""From a checked workbook to the XForm, by pyxform, and from the XForm to the compiled questionnaire.

Compiled is the XForm's XML, a stable specification (getodk.github.io/xforms-spec), never pyxform's own structures.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from defusedxml.ElementTree import fromstring
from pyxform.errors import PyXFormError
from pyxform.xls2xform import convert

from config.problems import Problem, Unusable, say
from config.texts import NO_WORDS, Text
from surveys.questionnaires.expressions.parse import Tree, parse
from surveys.questionnaires.questionnaire import Choice, Kind, Question, Questionnaire, Range, Section
from surveys.questionnaires.workbook import Row, Workbook

# pyxform turns “ ” ‘ ’ into ASCII; in Chinese they are what they are, so they travel as private characters
CURLY = "“”‘’"
GUARD = {ord(c): chr(0xE000 + i) for i, c in enumerate(CURLY)}
UNGUARD = {0xE000 + i: c for i, c in enumerate(CURLY)}
WORDS = ("label", "hint", "required_message", "constraint_message")

XF, H, JR = "{http://www.w3.org/2002/xforms}", "{http://www.w3.org/1999/xhtml}", "{http://openrosa.org/javarosa}"
KINDS: dict[str, Kind] = {"int": "integer", "decimal": "decimal", "date": "date", "string": "text"}
COMPANY = "company"  # the appearance that makes a text question a company picker


def convert_to_xform(book: Workbook) -> str:
    """Return the XForm of a workbook. Raises Unusable with pyxform's own words for what our checks did not find."""
    try:
        made = convert(xlsform=_guarded(book), validate=False, form_name="data", default_language="zh")
    except PyXFormError as error:
        raise Unusable(*_problems(book, str(error))) from None
    return str(made.xform).translate(UNGUARD)


def _guarded(book: Workbook) -> dict[str, list[dict[str, str]]]:
    """Return what pyxform reads: rows by sheet, empty ones kept so that it counts rows as Excel does."""
    sheets: dict[str, list[dict[str, str]]] = {}
    for sheet in ("survey", "choices", "settings"):
        lines: list[dict[str, str]] = []
        for row in book.rows(sheet):
            lines += [{} for _gap in range(row.number - 2 - len(lines))]
            lines.append({heading: _cell(heading, text) for heading, text in row.cells.items()})
        sheets[sheet] = lines
    settings = sheets["settings"][0] if sheets["settings"] else {}
    known: dict[str, str] = {k: v for k, v in settings.items() if k in ("form_title", "form_id", "version")}
    return {**sheets, "settings": [{**known, "default_language": "zh"}]}


def _cell(heading: str, text: str) -> str:
    return text.translate(GUARD) if heading.partition("::")[0] in WORDS else text


def _problems(book: Workbook, message: str) -> Iterator[Problem]:
    row = re.search(r"\[row : (\d+)\]", message)
    place = f"survey, row {row[1]}" if row else book.file
    yield Problem(place, say("pyxform says: {message}"), {"message": " ".join(message.split())[:500]})


def compile_xform(xform: str, book: Workbook) -> Questionnaire:
    """Compile the XML of an XForm that passed the checks."""
    reader = _Reader(fromstring(xform.encode()))
    settings: Row | None = next(iter(book.rows("settings")), None)
    title = (settings.get("form_title") if settings else "") or book.file.rpartition(".")[0]
    zh, _slash, en = title.partition(" / ")  # XLSForm has one title for all languages
    return Questionnaire(
        name=reader.form_id,
        version=reader.version,
        title=Text(zh.strip(), en.strip() or zh.strip()),
        sections=tuple(reader.sections()),
    )


@dataclass
class _Reader:
    """The parts of an XForm, each looked up by the path of the question."""

    root: Element
    texts: dict[str, dict[str, str]] = field(default_factory=dict)
    lists: dict[str, tuple[Choice, ...]] = field(default_factory=dict)
    binds: dict[str, Element] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.model = _only(self.root, f"{H}head/{XF}model")
        for translation in self.model.iter(f"{XF}translation"):
            for text in translation.iter(f"{XF}text"):
                value = next((v for v in text.iter(f"{XF}value") if not v.get("form")), None)
                words = "".join(value.itertext()) if value is not None else ""
                self.texts.setdefault(text.get("id", ""), {})[translation.get("lang", "")] = words
        instances = self.model.findall(f"{XF}instance")
        self.data = instances[0][0]
        for instance in instances[1:]:
            self.lists[instance.get("id", "")] = tuple(self._choices(instance))
        self.binds = {bind.get("nodeset", ""): bind for bind in self.model.iter(f"{XF}bind")}

    @property
    def form_id(self) -> str:
        return self.data.get("id", "data")

    @property
    def version(self) -> str:
        return self.data.get("version", "")

    def _choices(self, instance: Element) -> Iterator[Choice]:
        for item in instance.iter(f"{XF}item"):
            cells = {child.tag.removeprefix(XF): child.text or "" for child in item}
            label = self.text(cells["itextId"]) if "itextId" in cells else Text(cells["label"], cells["label"])
            yield Choice(cells["name"], label)

    def text(self, key: str) -> Text:
        """Return an itext in both languages; "-" is what pyxform writes for none."""
        known = self.texts.get(key, {})
        return Text(*("" if known.get(language, "-") == "-" else known[language] for language in ("zh", "en")))

    def sections(self) -> Iterator[Section]:
        """Go through the top-level groups; a calculation stands with its group, or at the top with the first."""
        body = _only(self.root, f"{H}body")
        shown = {element.get("ref", "") for element in body.iter()}
        hidden = list(self._hidden(shown))
        for i, group in enumerate(body.findall(f"{XF}group")):
            path = group.get("ref", "")
            own = [q for at, q in hidden if at.startswith(f"{path}/") or (i == 0 and at.count("/") == 2)]
            questions = self._inside(group, self._relevant(path))
            yield Section(path.rpartition("/")[2], self._label(group), (*questions, *own))

    def _hidden(self, shown: set[str]) -> Iterator[tuple[str, Question]]:
        for path, bind in self.binds.items():
            calculation = self._tree(bind, "calculate")
            if calculation and path not in shown and "/meta/" not in path:
                group, _slash, name = path.rpartition("/")
                relevant = (*self._group_relevant(group), *self._relevant(path))
                yield path, Question(name, "calculate", NO_WORDS, relevant=relevant, calculation=calculation)

    def _group_relevant(self, path: str) -> tuple[Tree, ...]:
        parts = path.split("/")
        return tuple(tree for i in range(3, len(parts) + 1) for tree in self._relevant("/".join(parts[:i])))

    def _inside(self, group: Element, relevant: tuple[Tree, ...]) -> Iterator[Question]:
        for element in group:
            path = element.get("ref", "")
            tag = element.tag.removeprefix(XF)
            if tag == "group":
                inner = (*relevant, *self._relevant(path))
                label = self._label(element)
                if label.zh:  # a group inside a page is a heading on it
                    yield Question(path.rpartition("/")[2], "note", label, relevant=inner, appearance="heading")
                yield from self._inside(element, inner)
            elif tag in ("input", "select1", "select", "range"):
                yield self._question(element, tag, path, relevant)

    def _question(self, element: Element, tag: str, path: str, relevant: tuple[Tree, ...]) -> Question:
        bind = self.binds[path]
        appearance = element.get("appearance", "")
        return Question(
            name=path.rpartition("/")[2],
            kind=self._kind(element, tag, bind, appearance),
            label=self._label(element),
            hint=self._words(element.find(f"{XF}hint")),
            required=self._tree(bind, "required"),
            required_message=self._message(bind, "requiredMsg"),
            relevant=(*relevant, *self._relevant(path)),
            constraint=self._tree(bind, "constraint"),
            constraint_message=self._message(bind, "constraintMsg"),
            calculation=self._tree(bind, "calculate"),
            choices=self._itemset(element) if tag in ("select1", "select") else (),
            range=_range(element) if tag == "range" else None,
            appearance=appearance,
        )

    def _kind(self, element: Element, tag: str, bind: Element, appearance: str) -> Kind:
        if tag in ("select1", "select"):
            return "select_one" if tag == "select1" else "select_multiple"
        if tag == "range":
            return "range"
        if bind.get("readonly") == "true()":
            return "note"
        if COMPANY in appearance.split():
            return "company"
        return KINDS[bind.get("type", "string")]

    def _itemset(self, element: Element) -> tuple[Choice, ...]:
        itemset = element.find(f"{XF}itemset")
        if itemset is None:
            return tuple(
                Choice(_only(item, f"{XF}value").text or "", self._label(item)) for item in element.findall(f"{XF}item")
            )
        name = re.search(r"instance\('([^']+)'\)", itemset.get("nodeset", ""))
        return self.lists[name[1]] if name else ()

    def _relevant(self, path: str) -> tuple[Tree, ...]:
        bind = self.binds.get(path)
        tree = self._tree(bind, "relevant") if bind is not None else None
        return (tree,) if tree else ()

    def _tree(self, bind: Element, key: str) -> Tree | None:
        text = bind.get(key)
        if not text or text == "false()":
            return None
        return parse(text).tree

    def _label(self, element: Element) -> Text:
        return self._words(element.find(f"{XF}label"))

    def _words(self, element: Element | None) -> Text:
        if element is None:
            return NO_WORDS
        return self._referred(element.get("ref")) or Text(element.text or "", element.text or "")

    def _message(self, bind: Element, key: str) -> Text:
        text = bind.get(f"{JR}{key}", "")
        return self._referred(text) or Text(text, text)

    def _referred(self, text: str | None) -> Text | None:
        found = re.search(r"jr:itext\('([^']+)'\)", text or "")
        return self.text(found[1]) if found else None


def _only(element: Element, path: str) -> Element:
    found = element.find(path)
    if found is None:
        raise ValueError(f"an XForm without {path}")
    return found


def _range(element: Element) -> Range:
    return Range(*(float(element.get(key, default)) for key, default in (("start", "1"), ("end", "10"), ("step", "1"))))
