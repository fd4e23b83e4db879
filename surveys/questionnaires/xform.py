"""From the XForm to the compiled questionnaire.

Compiled is the XForm's XML, a stable specification (getodk.github.io/xforms-spec), never pyxform's
own structures.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from xml.etree.ElementTree import Element

from defusedxml.ElementTree import ParseError, fromstring

from config.language.problems import InvalidInput, Problem, say
from config.language.texts import NO_WORDS, Text
from surveys.questionnaires.expressions.parse import Tree, parse
from surveys.questionnaires.questionnaire import (
    Choice,
    Kind,
    Question,
    Questionnaire,
    Range,
    Section,
)
from surveys.questionnaires.shorthand import referred
from surveys.questionnaires.workbook import Row, Workbook

XF, H, JR = (
    "{http://www.w3.org/2002/xforms}",
    "{http://www.w3.org/1999/xhtml}",
    "{http://openrosa.org/javarosa}",
)
KINDS: dict[str, Kind] = {
    "int": "integer",
    "decimal": "decimal",
    "date": "date",
    "time": "time",
    "dateTime": "datetime",
    "geopoint": "geopoint",
    "string": "text",
}
MEDIA: dict[str, Kind] = {"image": "image", "audio": "audio", "video": "video"}
PRELOADS: dict[str, Tree] = {  # what pyxform makes of start, end and today
    "start": ("call", "started", ()),
    "end": ("call", "now", ()),
    "today": ("call", "today", ()),
}
# the one answer to what is to be acknowledged, as XForms has it
ACKNOWLEDGED = Choice("OK", Text("知道了", "OK"))
ASKED = ("input", "select1", "select", "range", "upload", "trigger", "rank")
NOTHING: Tree = ("str", "")
COMPANY = "company"  # the appearance that makes a text question a company picker
# pyxform's own questions for the head of a table
TABLE_HEADS = ("generated_table_list_label_", "reserved_name_for_field_list_labels_")
# a choice of this name in a select_multiple stands alone, as one with exclusive = yes does
EXCLUSIVE = "none"
LIST = re.compile(r"instance\('([^']+)'\)/root/item(?:\[(.*)\])?\)?$", re.DOTALL)


def compile_xform(xform: str, book: Workbook) -> Questionnaire:
    """Compile the XML of an XForm that passed the checks. Raises InvalidInput where it is none."""
    try:
        root = fromstring(xform.encode())
    except ParseError as error:
        message = say("pyxform made an XForm of it that cannot be read: {message}")
        raise InvalidInput(Problem(book.file, message, {"message": error})) from None
    named = {row.get("name") for row in book.rows("survey")} | referred(book)
    reader = _Reader(root, book.files, frozenset(named))
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
    files: Mapping[str, bytes] = field(default_factory=dict)
    named: frozenset[str] = frozenset()  # what the author has a name for
    texts: dict[str, dict[str, str]] = field(default_factory=dict)
    images: dict[str, str] = field(default_factory=dict)
    lists: dict[str, tuple[Choice, ...]] = field(default_factory=dict)
    binds: dict[str, Element] = field(default_factory=dict)
    defaults: dict[str, str] = field(default_factory=dict)
    repeats: set[str] = field(default_factory=set)
    initials: dict[str, Tree] = field(default_factory=dict)
    renewals: dict[str, tuple[str, Tree]] = field(default_factory=dict)  # trigger and value

    def __post_init__(self) -> None:
        self.model = _only(self.root, f"{H}head/{XF}model")
        for translation in self.model.iter(f"{XF}translation"):
            for text in translation.iter(f"{XF}text"):
                self._read_text(text, translation.get("lang", ""))
        instances = self.model.findall(f"{XF}instance")
        self.data = instances[0][0]
        self._read_defaults(self.data, "")
        for instance in instances[1:]:
            self.lists[instance.get("id", "")] = tuple(self._choices(instance))
        self.binds = {bind.get("nodeset", ""): bind for bind in self.model.iter(f"{XF}bind")}
        self.repeats = {repeat.get("nodeset", "") for repeat in self.root.iter(f"{XF}repeat")}
        for parent in self.root.iter():
            for action in parent.findall(f"{XF}setvalue"):
                self._read_action(action, parent.get("ref", ""))

    def _read_text(self, text: Element, language: str) -> None:
        key = text.get("id", "")
        for value in text.iter(f"{XF}value"):
            form = value.get("form")
            if form == "image":
                name = (value.text or "").rpartition("/")[2]
                if name in self.files:
                    self.images[key] = name
            else:
                name = f"{key}:{form}" if form else key
                self.texts.setdefault(name, {})[language] = _said(value)

    def _read_defaults(self, element: Element, path: str) -> None:
        here = f"{path}/{element.tag.rpartition('}')[2]}"
        if not len(element) and element.text:
            self.defaults[here] = element.text
        for child in element:
            self._read_defaults(child, here)

    def _read_action(self, action: Element, trigger: str) -> None:
        """Read a default that is worked out, or a value that is worked out when another changes."""
        path, worth = action.get("ref", "").strip(), action.get("value", "")
        tree = self._resolved(parse(worth).tree, path) if worth else ("str", action.text or "")
        if "xforms-value-changed" in action.get("event", ""):
            self.renewals[path] = (_last(trigger), tree)
        else:
            self.initials[path] = tree

    @property
    def form_id(self) -> str:
        return self.data.get("id", "data")

    @property
    def version(self) -> str:
        return self.data.get("version", "")

    def _choices(self, instance: Element) -> Iterator[Choice]:
        source = instance.get("src", "")
        if source:
            yield from _listed(self.files.get(source.rpartition("/")[2], b""))
        for item in instance.iter(f"{XF}item"):
            cells = {child.tag.removeprefix(XF): child.text or "" for child in item}
            key = cells.get("itextId", "")
            label = self.text(key) if key else Text(cells.get("label", ""), cells.get("label", ""))
            yield _choice(cells, label, self.images.get(key, ""))

    def text(self, key: str) -> Text:
        """Return an itext in both languages, each in the place of the other where that is
        missing.
        """
        # "-" is what pyxform writes for none
        known = {
            lang: words for lang, words in self.texts.get(key, {}).items() if words not in ("", "-")
        }
        other = next(iter(known.values()), "")
        return Text(known.get("zh", other), known.get("en", other))

    def sections(self) -> Iterator[Section]:
        """Go through what stands at the top; a hidden question stands with its group, or at the top
        with the first.

        A group or a repeat is a section; questions that stand in none are a section without a
        heading.
        """
        body = _only(self.root, f"{H}body")
        shown = _shown(body)
        hidden = [(path, q) for path, q in self._hidden(shown) if not self._repeat_of(path)]
        tops = [elements[0].get("ref", "") for elements in _at_the_top(body)]
        for i, elements in enumerate(_at_the_top(body)):
            path = elements[0].get("ref", "")
            is_group = elements[0].tag == f"{XF}group" and path not in self.repeats
            own = [
                q
                for at, q in hidden
                if at.startswith(f"{path}/")
                or (i == 0 and not any(at.startswith(f"{top}/") for top in tops))
            ]
            if is_group:
                inside = self._inside(elements[0], self._relevant(path))
                yield Section(path.rpartition("/")[2], self._label(elements[0]), (*inside, *own))
            else:
                holder = Element("group")
                holder.extend(elements)
                name = (
                    f"{path.rpartition('/')[2]}."
                    if elements[0].tag != f"{XF}group"
                    else path.rpartition("/")[2]
                )
                yield Section(name, NO_WORDS, (*self._inside(holder, ()), *own))

    def _repeats_of(self, path: str) -> list[str]:
        """Return the repeats that a path lies in, outermost first."""
        return sorted((r for r in self.repeats if path.startswith(f"{r}/")), key=len)

    def _repeat_of(self, path: str) -> str:
        return (self._repeats_of(path) or [""])[-1]

    def _hidden(self, shown: set[str]) -> Iterator[tuple[str, Question]]:
        for path, bind in self.binds.items():
            if path in shown or "/meta/" in path or _last(path).startswith(TABLE_HEADS):
                continue
            name = _last(path)
            if self._is_pyxforms_count(path):
                continue
            calculation = PRELOADS.get(bind.get(f"{JR}preloadParams", "")) or self._tree(
                bind, "calculate"
            )
            if path in self.renewals:
                calculation = self._renewed(path)
            relevant = (*self._group_relevant(path.rpartition("/")[0]), *self._relevant(path))
            question = Question(name, "hidden", NO_WORDS, relevant=relevant)
            if calculation:
                yield path, replace(question, kind="calculate", calculation=calculation)
            else:
                default, initial = self.defaults.get(path, ""), self.initials.get(path)
                yield path, replace(question, default=default, initial=initial)

    def _is_pyxforms_count(self, path: str) -> bool:
        """Whether pyxform has made a question of a repeat's number, and nobody else knows it."""
        repeat = path.removesuffix("_count")
        return path != repeat and repeat in self.repeats and _last(path) not in self.named

    def _renewed(self, path: str) -> Tree:
        """Return what a value is that is worked out when another one changes: nothing before it is
        there.
        """
        trigger, tree = self.renewals[path]
        return ("call", "if", (("op", "!=", ("ref", trigger), NOTHING), tree, NOTHING))

    def _group_relevant(self, path: str) -> tuple[Tree, ...]:
        parts = path.split("/")
        paths = ("/".join(parts[:i]) for i in range(3, len(parts) + 1))
        # what stands in a repeat asks its own conditions; the repeat asks those above
        repeat = self._repeat_of(f"{path}/")
        return tuple(
            tree
            for at in paths
            if not (repeat == at or repeat.startswith(f"{at}/"))
            for tree in self._relevant(at)
        )

    def _inside(
        self, group: Element, relevant: tuple[Tree, ...], table: str = ""
    ) -> Iterator[Question]:
        for element in group:
            path = element.get("ref", "")
            tag = element.tag.rpartition("}")[2]
            name = _last(path)
            if tag == "group" and path in self.repeats:
                yield self._repeat(element, path, relevant)
            elif tag == "group":
                inner = (*relevant, *self._relevant(path))
                head = _table_head(element)
                label = self._label(head if head is not None else element)
                if label.zh:  # a group inside a page is a heading on it
                    yield Question(name, "note", label, relevant=inner, appearance="heading")
                yield from self._inside(element, inner, name if head is not None else "")
            elif tag in ASKED and not name.startswith(TABLE_HEADS):
                yield replace(self._question(element, tag, path, relevant), table=table)

    def _repeat(self, element: Element, path: str, relevant: tuple[Tree, ...]) -> Question:
        repeat = _only(element, f"{XF}repeat")
        shown = _shown(repeat)
        hidden = tuple(q for at, q in self._hidden(shown) if self._repeat_of(at) == path)
        count = repeat.get(f"{JR}count", "").strip()
        return Question(
            name=path.rpartition("/")[2],
            kind="repeat",
            label=self._label(element),
            relevant=(*relevant, *self._relevant(path)),
            parts=(*self._inside(repeat, ()), *hidden),
            count=self._count(count, path) if count else None,
        )

    def _count(self, count: str, path: str) -> Tree | None:
        beside = f"{path}_count"  # inside another repeat its path is a relative one
        if _last(count) == _last(beside) and self._is_pyxforms_count(beside):
            return self._tree(self.binds[beside], "calculate")
        return self._resolved(parse(count).tree, path)

    def _question(
        self, element: Element, tag: str, path: str, relevant: tuple[Tree, ...]
    ) -> Question:
        bind = self.binds[path]
        appearance = element.get("appearance", "")
        kind = self._kind(element, tag, bind, appearance)
        choices, choice_filter, shuffled = (
            self._itemset(element, kind)
            if tag in ("select1", "select", "rank")
            else (((ACKNOWLEDGED,) if tag == "trigger" else ()), None, False)
        )
        renewed = self.renewals.get(path)
        default, initial = self.defaults.get(path, ""), self.initials.get(path)
        calculation = self._tree(bind, "calculate")
        if kind != "note" and calculation is None and bind.get("readonly") == "true()":
            calculation = initial or ("str", default)  # nobody can change it
        if bind.get("type") == "barcode":
            appearance = f"{appearance} barcode".strip()
        return Question(
            name=path.rpartition("/")[2],
            kind=kind,
            label=self._label(element),
            hint=self._words(element.find(f"{XF}hint")),
            guidance=self._guidance(element.find(f"{XF}hint")),
            required=self._tree(bind, "required"),
            required_message=self._message(bind, "requiredMsg"),
            relevant=(*relevant, *self._relevant(path)),
            constraint=self._tree(bind, "constraint"),
            constraint_message=self._message(bind, "constraintMsg"),
            calculation=calculation,
            choices=choices,
            choice_filter=choice_filter,
            shuffled=shuffled,
            range=_range(element) if tag == "range" else None,
            default=default,
            appearance=appearance,
            initial=self._renewed(path) if renewed else initial,
            renewed_by=(renewed[0],) if renewed else (),
        )

    def _kind(self, element: Element, tag: str, bind: Element, appearance: str) -> Kind:
        if tag in ("select1", "select"):
            return "select_one" if tag == "select1" else "select_multiple"
        if tag == "trigger":
            return "select_one"
        if tag == "rank":
            return "rank"
        if tag == "range":
            return "range"
        if tag == "upload":
            return MEDIA.get(element.get("mediatype", "").partition("/")[0], "file")
        if self._is_note(element, bind):
            return "note"
        if COMPANY in appearance.split():
            return "company"
        return KINDS.get(bind.get("type", "string"), "text")

    def _is_note(self, element: Element, bind: Element) -> bool:
        """Whether what nobody may change has no value either."""
        path = element.get("ref", "")
        valued = bind.get("calculate") or path in self.defaults or path in self.initials
        return bind.get("readonly") == "true()" and not valued and path not in self.renewals

    def _itemset(
        self, element: Element, kind: Kind
    ) -> tuple[tuple[Choice, ...], Tree | None, bool]:
        """Return the choices of a question, its filter, and whether they come in an order of
        each one's own.
        """
        itemset = element.find(f"{XF}itemset")
        if itemset is None:
            items = element.findall(f"{XF}item")
            return (
                tuple(Choice(_only(i, f"{XF}value").text or "", self._label(i)) for i in items),
                None,
                False,
            )
        nodeset = itemset.get("nodeset", "").strip()
        found = LIST.search(
            re.sub(r",[^\])]*\)$", ")", nodeset) if nodeset.startswith("randomize(") else nodeset
        )
        if found is None:
            return (), None, False
        choices = self.lists[found[1]]
        if kind == "select_one":
            choices = tuple(replace(choice, exclusive=False) for choice in choices)
        path = element.get("ref", "")
        tree = parse(found[2], columns=True).tree if found[2] else None
        choice_filter = self._resolved(tree, path) if tree else None
        return choices, choice_filter, nodeset.startswith("randomize(")

    def _relevant(self, path: str) -> tuple[Tree, ...]:
        bind = self.binds.get(path)
        tree = self._tree(bind, "relevant") if bind is not None else None
        return (tree,) if tree else ()

    def _tree(self, bind: Element, key: str) -> Tree | None:
        text = bind.get(key)
        if not text or (key == "required" and text == "false()"):
            return None
        return self._resolved(parse(text).tree, bind.get("nodeset", ""))

    def _resolved(self, tree: Tree, path: str) -> Tree:
        """Return a tree with what hangs on the XForm looked up: texts in both languages, and which
        repeat a position is that of.
        """
        match tree:
            case ("call", "jr:itext", (("str", key),)):
                words = self.text(key)
                return ("call", "jr:itext", (("str", words.zh), ("str", words.en)))
            case ("position", *steps):
                up = -steps[0] if steps else 1
                above = "/".join(path.split("/")[: len(path.split("/")) - up])
                around = self._repeats_of(path)
                # the position of a group among those of its name is 1
                return ("position", around.index(above)) if above in around else ("num", 1.0)
        return tuple(
            self._resolved(part, path)
            if isinstance(part, tuple) and part and isinstance(part[0], str)
            else tuple(self._resolved(inner, path) for inner in part)
            if isinstance(part, tuple)
            else part
            for part in tree
        )

    def _label(self, element: Element) -> Text:
        return self._words(element.find(f"{XF}label"))

    def _words(self, element: Element | None) -> Text:
        if element is None:
            return NO_WORDS
        words = _said(element).strip()
        return self._referred(element.get("ref")) or Text(words, words)

    def _guidance(self, hint: Element | None) -> Text:
        found = re.search(
            r"jr:itext\('([^']+)'\)", (hint.get("ref", "") if hint is not None else "") or ""
        )
        return self.text(f"{found[1]}:guidance") if found else NO_WORDS

    def _message(self, bind: Element, key: str) -> Text:
        text = bind.get(f"{JR}{key}", "")
        return self._referred(text) or Text(text, text)

    def _referred(self, text: str | None) -> Text | None:
        found = re.search(r"jr:itext\('([^']+)'\)", text or "")
        return self.text(found[1]) if found else None


def _shown(body: Element) -> set[str]:
    """Return the paths of what stands on a page; a setvalue stands there for another."""
    return {e.get("ref", "") for e in body.iter() if e.tag != f"{XF}setvalue"}


def _last(path: str) -> str:
    return path.strip().rpartition("/")[2]


def _at_the_top(body: Element) -> Iterator[list[Element]]:
    """Yield every top-level group by itself, and the questions between groups together."""
    loose: list[Element] = []
    for element in body:
        if element.tag == f"{XF}group":
            if loose:
                yield loose
            loose = []
            yield [element]
        else:
            loose.append(element)
    if loose:
        yield loose


def _table_head(group: Element) -> Element | None:
    """Return what pyxform makes of a table-list group to carry its words, if the group is one."""
    return next(
        (e for e in group if e.get("ref", "").rpartition("/")[2].startswith(TABLE_HEADS[0])), None
    )


def _choice(cells: Mapping[str, str], label: Text, image: str = "") -> Choice:
    exclusive = (
        cells.get("exclusive", "").lower() in ("yes", "true", "1") or cells["name"] == EXCLUSIVE
    )
    columns = {
        key: text
        for key, text in cells.items()
        if key not in ("itextId", "name", "label", "exclusive")
    }
    return Choice(cells["name"], label, image, exclusive, columns)


def _listed(content: bytes) -> Iterator[Choice]:
    """Read a list that is a CSV file: name, label, and label::en where it has one."""
    for cells in csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")):
        plain = {key: (text or "").strip() for key, text in cells.items() if key}
        label = plain.get("label", "")
        yield _choice(plain, Text(plain.get("label::zh") or label, plain.get("label::en") or label))


def _said(element: Element) -> str:
    """Return words with the answers that are shown in them as ${name}."""
    parts = [element.text or ""]
    for child in element:
        parts += [f"${{{child.get('value', '').strip().rpartition('/')[2]}}}", child.tail or ""]
    return "".join(parts)


def _only(element: Element, path: str) -> Element:
    found = element.find(path)
    if found is None:
        raise ValueError(f"an XForm without {path}")
    return found


def _range(element: Element) -> Range:
    return Range(
        *(
            float(element.get(key, default))
            for key, default in (("start", "1"), ("end", "10"), ("step", "1"))
        )
    )
