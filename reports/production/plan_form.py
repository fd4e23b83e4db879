"""A plan as a form: filled from a plan's text and written back as one. The validator of plans is
the only one there is; what it finds stands at the field that it is about.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from textwrap import dedent
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from config.accounts.editing import EditForm
from config.accounts.models import AuditEvent
from config.language.problems import InvalidInput
from reports.plans.writing import Written, as_written, rewritten, write
from reports.production.models import PLAN, Report
from reports.production.plan_parts import GROUPS, MORE_DROPS, Group, Label, Part
from reports.production.refused import Refused, told
from surveys.collection.models.survey import Survey

LONGEST = 100_000  # characters of a plan
LANGUAGES = (("zh-Hans", _("Chinese")), ("en", _("English")))
GATES = {"n": "30", "n_eff": "100", "half_width": "5"}  # of a plan that names none
# what the page says itself: which survey or campaign it is of
FIXED = ("source",)
DROPS = "drop"
EMPTY = '""'  # how an empty cell is written
PARTS = tuple(part for group in GROUPS for part in group.parts)
# keys that have fields; every other one stands under `rest` as YAML
KNOWN = {part.key.split(".")[0] for part in PARTS} | {DROPS, *FIXED}


class OfPlan(EditForm):
    """A form by which a ranking is started. What it shows is the last ranking of its survey: two
    who work on a plan at once are told of each other.
    """

    parts = {"plan": _("The plan")}

    def __init__(self, data: Any = None, files: Any = None, *, survey: Survey, **options: Any):
        self.survey = survey
        super().__init__(data, files, record=survey, **options)

    def shown(self) -> Mapping[str, object]:
        """Return the last ranking that somebody started."""
        return {"plan": self._rankings().first()}

    def events(self) -> Any:
        """Return the lines of the audit trail about the survey's rankings, the latest first."""
        keys = [str(pk) for pk in self._rankings()]
        found = AuditEvent.objects.filter(target=Report._meta.label_lower, target_id__in=keys)
        return found.order_by("-number")

    def _rankings(self) -> Any:
        rankings = Report.objects.filter(survey=self.survey, kind=Report.Kind.RANKING)
        return rankings.order_by("-pk").values_list("pk", flat=True)


class PlanTextForm(OfPlan):
    """A plan as text, typed or as a file: used and hashed as it stands."""

    face = forms.CharField(widget=forms.HiddenInput, initial="text", required=False)
    plan = forms.CharField(
        label=_("The plan as YAML"),
        help_text=_("It is printed and hashed as it stands here; docs/plan.md explains every key."),
        max_length=LONGEST,
        strip=False,
        required=False,
        widget=forms.Textarea(attrs={"rows": 18, "spellcheck": "false"}),
    )
    file = forms.FileField(
        label=_("Or a file plan.yaml"),
        help_text=_("Used in place of the text, byte for byte."),
        required=False,
        widget=forms.FileInput(attrs={"accept": ".yaml, .yml"}),
    )

    def __init__(self, data: Any = None, files: Any = None, *, survey: Survey, plan: str = ""):
        super().__init__(data, files, survey=survey, initial={"plan": plan}, auto_id="text-%s")

    def clean_plan(self) -> str:
        """Return the text as it was written."""
        return _unix(str(self.cleaned_data["plan"]))

    def clean(self) -> dict[str, Any]:
        """Let a file take the place of the text, and ask for one of them."""
        cleaned = super().clean() or {}
        if file := cleaned.get("file"):
            try:
                cleaned["plan"] = file.read(LONGEST * 4 + 1).decode()
            except UnicodeDecodeError:
                self.add_error("file", _("This file is no UTF-8 text."))
            if len(cleaned.get("plan", "")) > LONGEST:
                self.add_error("file", _("This file is longer than a plan can be."))
        elif "plan" in cleaned and not cleaned["plan"].strip():
            self.add_error("plan", _("Write the plan, or choose a file."))
        return cleaned

    def as_text(self) -> str:
        """Return the plan."""
        return str(self.cleaned_data["plan"])

    def blame(self, error: InvalidInput) -> None:
        """Put what the validator found at the text, or at the file, with its lines."""
        at = "file" if self.cleaned_data.get("file") else "plan"
        self.add_error(at, [problem.render(gettext) for problem in error.problems])


@dataclass(frozen=True)
class Shown:
    """A group of fields as the page shows it."""

    heading: Label
    fields: Sequence[BoundField]
    is_open: bool


class PlanForm(OfPlan):
    """A plan asked key by key; every field is a text, because the validator reads texts."""

    face = forms.CharField(widget=forms.HiddenInput, initial="form", required=False)
    # the text that the form was filled from: what is not changed stays as it stands there
    base = forms.CharField(
        widget=forms.HiddenInput, required=False, strip=False, max_length=LONGEST
    )

    def __init__(
        self,
        data: Any = None,
        *,
        survey: Survey,
        is_campaign: bool,
        columns: Sequence[tuple[str, str]],
        plan: str | None = None,
    ):
        kind = "campaign" if is_campaign else "survey"
        self.source = {"kind": kind, kind: survey.slug}
        self.groups = [
            Group(g.name, g.heading, tuple(p for p in g.parts if p.only in ("", kind)), g.is_open)
            for g in GROUPS
        ]
        initial: dict[str, Any] = {}
        if plan is not None:
            shown = dict(_initial(self._asked(), as_written(plan, PLAN)))
            initial = {"base": plan, **shown}
        super().__init__(data, survey=survey, initial=initial, auto_id="plan-%s")
        given = data if data is not None else initial
        for part in self._asked():
            for name, field in _fields(part, columns, given):
                self.fields[name] = field
        self.drops = _count(given) + MORE_DROPS
        for row in range(self.drops):
            for name, field in _drop_fields(row, columns, given):
                self.fields[name] = field
        self.fields["rest"] = forms.CharField(
            label=_("Further keys, as YAML"),
            help_text=_("Keys of docs/plan.md that have no field here."),
            required=False,
            strip=False,
            max_length=LONGEST,
            widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false"}),
        )

    def shown_groups(self) -> Iterator[Shown]:
        """Yield the groups as they are shown; one with something wrong in it is open."""
        for group in self.groups:
            names = [name for part in group.parts for name in _names(part)]
            yield self._group(group.heading, names, is_open=group.is_open)
        drops = [name for row in range(self.drops) for name in _drop_names(row)]
        yield self._group(_("Rows that are left out"), drops)
        yield self._group(_("Further keys"), ["rest"])

    def clean(self) -> dict[str, Any]:
        """Take the line ends of browsers out of every text."""
        cleaned = super().clean() or {}
        return {k: _unix(v) if isinstance(v, str) else v for k, v in cleaned.items()}

    def as_text(self) -> str:
        """Return the plan as YAML, from what was filled in; what was not changed, with its
        comments, as it stood in the text that the form was filled from.
        """
        plan = self._plan(self.cleaned_data)
        base = self.cleaned_data.get("base", "")
        try:
            was = as_written(base, PLAN)
        except InvalidInput:
            was = {}
        before = {**self._plan(dict(_initial(self._asked(), was))), "source": was.get("source")}
        changed = {key: value for key, value in plan.items() if value != before.get(key)}
        rest = str(self.cleaned_data.get("rest") or "").strip()
        unread = "".join(_unread(part, self.cleaned_data) for part in self._asked())
        return rewritten(base, plan, changed) + unread + (f"{rest}\n" if rest else "")

    def blame(self, error: InvalidInput) -> None:
        """Put every problem that the validator found at its field."""
        self.show(told(error.problems))

    def show(self, refused: Iterable[Refused]) -> None:
        """Put what is wrong at its field; what is about a key without one is said with it."""
        if not self.is_bound:
            # a form nobody sent has no room for errors before it is asked for them
            assert not self.errors
            self.cleaned_data = dict(self.initial)
        for one in refused:
            name = self._field_of(one.key)
            is_its_own = name is not None and _first(name) == _first(one.key)
            said = one.text if is_its_own or not one.key else f"{one.key}: {one.text}"
            self.add_error(name, said)

    def _plan(self, given: Mapping[str, Any]) -> dict[str, Written]:
        """Return the plan that fields say, without its further keys."""
        plan: dict[str, Written] = {}
        for part in self._asked():
            if (value := _value(part, given)) is not None:
                _put(plan, part.key, value)
        plan["source"] = {**self.source, **_mapping(plan.get("source"))}
        plan["gates"] = {name: given.get(f"gates.{name}", "") or None for name in GATES}
        if rows := [_drop(given, row) for row in _rows(given)]:
            plan[DROPS] = rows
        return plan

    def _field_of(self, key: str) -> str | None:
        """Return the field of a key; of a key with parts the first of them."""
        if found := re.fullmatch(r"drop\[(\d+)\](.*)", key):
            rows = list(_rows(self.cleaned_data))
            key = f"drop[{rows[int(found[1])]}]{found[2]}" if int(found[1]) < len(rows) else DROPS
        while key:
            for name in (key, *(n for n in self.fields if n.startswith((f"{key}.", f"{key}[")))):
                if name in self.fields:
                    return name
            shorter = re.sub(r"(\.[^.\[]*|\[\d+\])$", "", key)
            key = "" if shorter == key else shorter
        return "rest" if "rest" in self.fields and self.cleaned_data.get("rest") else None

    def _asked(self) -> list[Part]:
        return [part for group in self.groups for part in group.parts]

    def _group(self, heading: Label, names: Sequence[str], *, is_open: bool = False) -> Shown:
        fields = [self[name] for name in names]
        return Shown(heading, fields, is_open or any(field.errors for field in fields))


def filled(text: str, **options: Any) -> PlanForm:
    """Return the form of a plan that is there. Raises InvalidInput for a text that is no plan."""
    return PlanForm(plan=text, **options)


def _names(part: Part) -> list[str]:
    return (
        [f"{part.key}.{language}" for language, _label in LANGUAGES]
        if part.kind == "words"
        else [part.key]
    )


def _fields(
    part: Part, columns: Sequence[tuple[str, str]], given: Mapping[str, Any]
) -> Iterator[tuple[str, forms.Field]]:
    common: dict[str, Any] = {"label": part.label, "help_text": part.help, "required": False}
    if part.kind == "words":
        for language, label in LANGUAGES:
            words = gettext("%(label)s, %(language)s") % {"label": part.label, "language": label}
            area = forms.Textarea(attrs={"rows": 2}) if part.is_long else forms.TextInput()
            yield f"{part.key}.{language}", _text(widget=area, label=words, required=False)
    elif part.kind == "flag":
        yield part.key, forms.BooleanField(**common)
    elif part.kind == "ticks":
        widget = forms.CheckboxSelectMultiple
        yield part.key, forms.MultipleChoiceField(choices=part.choices, widget=widget, **common)
    elif part.kind in ("choice", "column"):
        listed = part.choices if part.kind == "choice" else columns
        yield part.key, _text(widget=_select(listed, given.get(part.key)), **common)
    elif part.kind in ("lines", "yaml"):
        yield part.key, _text(widget=forms.Textarea(attrs={"rows": 2}), **common)
    else:
        kind = {"type": "date"} if part.kind == "day" else {}
        yield part.key, _text(widget=forms.TextInput(attrs=kind), **common)


def _text(**options: Any) -> forms.CharField:
    return forms.CharField(max_length=LONGEST, **options)


def _select(choices: Iterable[tuple[str, Label]], chosen: Any) -> forms.Select:
    """Return a list to choose from; what a plan says beside the list is in it, so that nothing is
    lost.
    """
    listed = list(choices)
    if chosen and str(chosen) not in [key for key, _label in listed]:
        listed.append((str(chosen), str(chosen)))
    return forms.Select(choices=listed)


def _initial(parts: Iterable[Part], plan: Mapping[str, Written]) -> Iterator[tuple[str, Any]]:
    """Yield what every field shows of a plan."""
    gates = _mapping(plan.get("gates")) if "gates" in plan else GATES
    plan = {**plan, "gates": gates}
    for part in parts:
        value = _at(plan, part.key)
        if part.kind == "words":
            for language, _label in LANGUAGES:
                yield f"{part.key}.{language}", _plain(_mapping(value).get(language))
        elif part.kind == "flag":
            yield part.key, str(value).lower() in ("true", "yes", "on")
        elif part.kind == "ticks":
            yield part.key, _listed(value)
        elif part.kind == "columns":
            yield part.key, ", ".join(_listed(value) or [_plain(value)])
        elif part.kind == "yaml":
            block = write({part.key: value}).partition(":")[2].lstrip("\n") if value else ""
            yield part.key, dedent(block).strip()
        elif part.kind == "lines":
            yield part.key, "\n".join(f"{a} = {_plain(b)}" for a, b in _mapping(value).items())
        elif isinstance(value, Mapping):
            # weight: {none: …} and lonely_psu: {collapse: …} are chosen by the word
            yield part.key, next(iter(value), "")
        else:
            yield part.key, _plain(value)
    drops = plan.get(DROPS)
    for row, drop in enumerate(drops if isinstance(drops, list) else []):
        reason = _mapping(_mapping(drop).get("reason"))
        yield f"drop[{row}].column", _plain(_mapping(drop).get("column"))
        cells = _listed(_mapping(drop).get("in"))
        yield f"drop[{row}].in", "\n".join(cell or EMPTY for cell in cells)
        for language, _label in LANGUAGES:
            yield f"drop[{row}].reason.{language}", _plain(reason.get(language))
    rest = {key: value for key, value in plan.items() if key not in KNOWN}
    yield "rest", write(rest) if rest else ""


def _value(part: Part, given: Mapping[str, Any]) -> Written:
    """Return what a part adds to the plan, None where it says nothing."""
    if part.kind == "words":
        words = {language: given.get(f"{part.key}.{language}", "") for language, _l in LANGUAGES}
        return words if any(words.values()) else None
    value = given.get(part.key)
    if part.kind == "yaml":
        return _read(part, value)
    if part.kind == "flag":
        return "true" if value else None
    if part.kind == "ticks":
        return list(value or ()) or None
    if part.kind == "columns":
        several = [one.strip() for one in str(value or "").split(",") if one.strip()]
        return (several if len(several) > 1 else several[0]) if several else None
    if part.kind == "lines":
        pairs = [line.partition("=") for line in str(value or "").splitlines() if line.strip()]
        return {left.strip(): right.strip() for left, _sign, right in pairs} or None
    return str(value) if value else None


def _read(part: Part, value: Any) -> Written:
    """Return what was written as YAML, None for nothing and for what is none."""
    try:
        return as_written(_block(part, value), PLAN).get(part.key)
    except InvalidInput:
        return None


def _unread(part: Part, given: Mapping[str, Any]) -> str:
    """Return a key as it was written where that is no YAML: the validator says what is wrong."""
    value = given.get(part.key)
    if part.kind != "yaml" or _read(part, value) is not None:
        return ""
    return _block(part, value)


def _block(part: Part, value: Any) -> str:
    lines = str(value or "").strip().splitlines()
    return f"{part.key}:\n" + "".join(f"  {line}\n" for line in lines) if lines else ""


def _drop_names(row: int) -> list[str]:
    reasons = (f"drop[{row}].reason.{language}" for language, _label in LANGUAGES)
    return [f"drop[{row}].column", f"drop[{row}].in", *reasons]


def _drop_fields(
    row: int, columns: Sequence[tuple[str, str]], given: Mapping[str, Any]
) -> Iterator[tuple[str, forms.Field]]:
    labels: tuple[Label, ...] = (
        _("Rows in which this column"),
        _("has one of these cells, a line each"),
        _("Reason, Chinese"),
        _("Reason, English"),
    )
    help_text = _('An empty cell is written as "".')
    for at, (name, label) in enumerate(zip(_drop_names(row), labels, strict=True)):
        area = forms.Textarea(attrs={"rows": 2}) if at == 1 else forms.TextInput()
        widget = _select(columns, given.get(name)) if at == 0 else area
        yield (
            name,
            _text(
                label=label, help_text=help_text if at == 1 else "", required=False, widget=widget
            ),
        )


def _count(given: Mapping[str, Any]) -> int:
    """Return how many rows that are left out a plan or a form has; a form has few."""
    rows = [int(found[1]) for name in given if (found := re.match(r"drop\[(\d{1,2})\]", name))]
    return max(rows, default=-1) + 1


def _rows(given: Mapping[str, Any]) -> Iterator[int]:
    """Yield the rows that are left out which somebody filled in."""
    for row in range(_count(given)):
        if any(given.get(name) for name in _drop_names(row)):
            yield row


def _drop(given: Mapping[str, Any], row: int) -> Written:
    column, cells, *reasons = (str(given.get(name) or "") for name in _drop_names(row))
    drop: dict[str, Written] = {}
    if column:
        drop["column"] = column
    if cells:
        lines = [line.strip() for line in cells.splitlines() if line.strip()]
        drop["in"] = ["" if line == EMPTY else line for line in lines]
    if any(reasons):
        drop["reason"] = dict(zip((key for key, _label in LANGUAGES), reasons, strict=True))
    return drop


def _put(plan: dict[str, Written], key: str, value: Written) -> None:
    """Put a value under a dotted key. A reason stands in the place of the word it is a reason for:
    `weight: none` with words becomes `weight: {none: words}`.
    """
    first, _dot, inner = key.partition(".")
    if not inner:
        plan[first] = value
        return
    there = plan.get(first)
    if isinstance(there, str) and there != inner:
        return  # words for a choice that was not taken
    plan[first] = {**_mapping(there), inner: value}


def _at(plan: Mapping[str, Written], key: str) -> Written:
    value: Written = plan
    for name in key.split("."):
        value = _mapping(value).get(name)
    return value


def _mapping(value: Written) -> Mapping[str, Written]:
    return value if isinstance(value, Mapping) else {}


def _listed(value: Written) -> list[str]:
    return [_plain(one) for one in value] if isinstance(value, list) else []


def _plain(value: Written) -> str:
    return value if isinstance(value, str) else ""


def _first(key: str) -> str:
    return re.split(r"[.\[]", key)[0]


def _unix(text: str) -> str:
    """Return a text with plain line ends: browsers end every line they send by CR LF."""
    return text.replace("\r\n", "\n").replace("\r", "\n")
