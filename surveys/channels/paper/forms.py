"""Forms of paper: how many copies are printed, the head of a sheet that is keyed, and what the
paper says where two readings differ.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from config.language.languages import spoken
from surveys.channels.paper.keyed import Cell, plain
from surveys.channels.paper.services import MOST, is_serial
from surveys.channels.paper.skips import is_missed, left_out
from surveys.questionnaires.questionnaire import OTHER, Question, Questionnaire

LONGEST = 5_000  # characters of a written answer
BLANK, THIRD = "0", "3"
COPIES = _("Between 1 and 2000 copies can be printed at a time.")


class PrintForm(forms.Form):
    """How many copies, and the part of the sample that comes by them."""

    count = forms.IntegerField(
        label=_("Copies"),
        min_value=1,
        max_value=MOST,
        initial=50,
        error_messages={"min_value": COPIES, "max_value": COPIES},
    )
    language = forms.ChoiceField(
        label=_("Language"), choices=[("zh-Hans", "中文"), ("en", "English")], required=False
    )
    stratum = forms.CharField(label=_("Stratum"), max_length=60, required=False)
    psu = forms.CharField(label=_("Site (PSU)"), max_length=60, required=False)

    def __init__(self, data: Any = None, *, questionnaire: Questionnaire) -> None:
        super().__init__(data, auto_id="paper-%s")
        self.left_out = left_out(questionnaire)

    def clean(self) -> None:
        """Refuse a questionnaire of which no form would count."""
        if missed := [question for question in self.left_out if is_missed(question)]:
            text = _("No form counts without these questions, which cannot be keyed: %(names)s")
            raise forms.ValidationError(text % {"names": _names(missed)})

    @property
    def hint(self) -> str:
        """What is not on the paper."""
        if not self.left_out:
            return ""
        text = gettext("Not on the paper, because it cannot be keyed: %(names)s")
        return text % {"names": _names(self.left_out)}


class KeyingForm(forms.Form):
    """Which sheet is keyed, how long it took, and a field for every cell; `answers` are what was
    read, `rows` the cells with their fields. mending: whether it was keyed before by the same
    person.
    """

    seconds = forms.FloatField(widget=forms.HiddenInput, required=False)
    # who keys begins with it, without the mouse; a form that comes back begins at what is wrong
    serial = forms.CharField(
        label=_("Serial number"),
        max_length=20,
        widget=forms.TextInput(attrs={"autofocus": True}),
    )

    def __init__(self, data: Any = None, *, cells: Sequence[Cell], **more: Any) -> None:
        super().__init__(data, auto_id="k-%s", **more)
        self.cells = {_field(cell): cell for cell in cells}
        self.answers: dict[str, Any] = {}
        for name, cell in self.cells.items():
            self.fields[name] = forms.CharField(
                label=f"{cell.number} {cell.label}",
                required=False,
                max_length=LONGEST,
                widget=forms.TextInput(attrs=_attributes(cell)),
            )
        if self.is_bound:
            del self.fields["serial"].widget.attrs["autofocus"]

    def rows(self) -> list[tuple[Cell, forms.BoundField, list[tuple[str, str, str]]]]:
        """Return every cell with its field and the codes that are shown beside it: where what was
        typed is none of them, those that it may mean.
        """
        return [
            (cell, field, cell.found(str(field.value() or "") if field.errors else ""))
            for name, cell in self.cells.items()
            for field in (self[name],)
        ]

    def clean_serial(self) -> str:
        """Refuse a number whose check digit says that it has a slip."""
        number = plain(self.cleaned_data["serial"])
        if not is_serial(number):
            raise forms.ValidationError(
                _("This serial number has a slip in it; compare it with the form.")
            )
        return number

    def clean(self) -> None:
        """Read every cell."""
        for name, cell in self.cells.items():
            answer = cell.read(self.cleaned_data.get(name) or "")
            if answer is None:
                self.add_error(name, _("These codes are none of the question's: look again."))
            elif answer and cell.follows and self.answers.get(cell.follows) != OTHER:
                self.add_error(name, _("A name is written here only with the code 00 above."))
            elif answer:
                self.answers[cell.name] = answer


def _names(questions: Sequence[Question]) -> str:
    said = [question.label.get(spoken()) or question.name for question in questions]
    return gettext(", ").join(said)


def _field(cell: Cell) -> str:
    """Return the name of a cell's field: its own, but where the form has one of that name."""
    return f"q:{cell.name}" if cell.name in KeyingForm.base_fields else cell.name


def typed(cells: Sequence[Cell], answers: Mapping[str, Any]) -> dict[str, str]:
    """Return the fields of answers as they were keyed."""
    return {_field(cell): cell.typed(answers.get(cell.name)) for cell in cells}


def _attributes(cell: Cell) -> dict[str, Any]:
    """Return what the page's script knows of a cell."""
    if cell.follows:
        return {"autocomplete": "off", "data-follows": cell.follows}
    if not cell.answers:
        return {"autocomplete": "off"}
    # a company may be looked for by its name
    digits = {} if cell.kind == "company" else {"inputmode": "numeric"}
    return {
        "autocomplete": "off",
        "data-codes": " ".join(code for code, *_rest in cell.answers),
        "data-jumps": cell.jumps,
        "data-several": cell.several,
        **digits,
    }


@dataclass(frozen=True)
class Difference:
    """One question that two clerks read differently, and both readings."""

    cell: Cell
    readings: tuple[Any, Any]


class SettleForm(forms.Form):
    """For every difference the reading that the paper bears out: one of the two, a blank, or a
    third one. `answers` are what was chosen.
    """

    def __init__(self, data: Any = None, *, differences: Sequence[Difference]) -> None:
        super().__init__(data)
        self.differences = differences
        self.answers: dict[str, Any] = {}
        for difference in differences:
            name, cell = difference.cell.name, difference.cell
            both = [_said(cell, reading) for reading in difference.readings]
            choices = [*zip(("1", "2"), both, strict=True)]
            if all(difference.readings):
                choices.append((BLANK, str(_("left blank"))))
            self.fields[name] = forms.ChoiceField(
                label=f"{cell.number} {cell.label}".strip(),
                choices=[*choices, (THIRD, _("neither: as written below"))],
                widget=forms.RadioSelect,
            )
            self.fields[f"{name}:third"] = forms.CharField(
                label=_("What the paper says, as it is keyed"),
                required=False,
                max_length=LONGEST,
                help_text=" · ".join(_coded(code, words) for code, words, _s in cell.found("")),
                widget=forms.TextInput(attrs={"autocomplete": "off"}),
            )

    def clean(self) -> None:
        """Read what was chosen; a third answer must be one of the question's."""
        for difference in self.differences:
            cell, name = difference.cell, difference.cell.name
            chosen, third = self.cleaned_data.get(name), f"{name}:third"
            written = cell.read(self.cleaned_data.get(third) or "")
            if chosen in ("1", "2"):
                self.answers[name] = difference.readings[int(chosen) - 1] or ""
                if written != "":
                    self.add_error(third, _("Choose “neither” above, or take this back."))
            elif chosen == BLANK:
                self.answers[name] = ""
            elif written is None:
                self.add_error(third, _("These codes are none of the question's: look again."))
            elif chosen == THIRD and not written:
                self.add_error(third, _("Write what the paper says."))
            elif chosen == THIRD:
                self.answers[name] = written


def _said(cell: Cell, reading: Any) -> str:
    """Return a reading as the paper has it, code before label."""
    parts = [_coded(code, label) for code, label in cell.shown(reading)]
    return " · ".join(parts) or str(_("left blank"))


def _coded(code: str, label: str) -> str:
    """Return a code before its label; a number that stands for itself once."""
    return label if code in ("", label) else f"{code} {label}"
