"""The compiled questionnaire: frozen records, and the JSON they are kept as. What a version is,
and nothing else.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from functools import cached_property
from typing import Any, Literal, cast

from config.language.texts import NO_WORDS, Text
from surveys.questionnaires.expressions.parse import Tree, frozen

Kind = Literal[
    "select_one",
    "select_multiple",
    "integer",
    "decimal",
    "text",
    "date",
    "time",
    "datetime",
    "range",
    "note",
    "calculate",
    "hidden",
    "company",
    "geopoint",
    "image",
    "file",
    "audio",
    "video",
    "rank",
    "repeat",
]
NATURE = Literal["satisfaction", "fact"]
FORMAT = 3
READABLE = (1, 2, FORMAT)  # what earlier versions lack has its default
UPLOADS = ("image", "file", "audio", "video")
SEVERAL = ("select_multiple", "rank")  # their answers are lists of choices

# a choice of this name means "does not apply, can't say": an answer, but none that is scored
NOT_APPLICABLE = "na"
# answers of the company picker beside the companies of the survey
NOT_SURE, OTHER = "not_sure", "other"


@dataclass(frozen=True)
class Choice:
    """One answer to choose. `image` is the name of a picture; `columns` are what choice filters
    look at.
    """

    name: str
    label: Text
    image: str = ""
    exclusive: bool = False  # chosen, it stands alone
    columns: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Range:
    """The ends and the step of a range."""

    start: float
    end: float
    step: float


@dataclass(frozen=True)
class Question:
    """A question. `relevant` holds every condition it stands under, its groups' included: all must
    be true.

    A repeat is a question whose answer is a list of instances of its `parts`; `count` fixes how
    many. `table` is the group whose questions stand in one table. With a `calculation` it is worked
    out and shown, not asked. `initial` is a default that is worked out when the question is first
    shown, and anew whenever one of `renewed_by` changes.
    """

    name: str
    kind: Kind
    label: Text
    hint: Text = NO_WORDS
    guidance: Text = NO_WORDS
    required: Tree | None = None
    required_message: Text = NO_WORDS
    relevant: tuple[Tree, ...] = ()
    constraint: Tree | None = None
    constraint_message: Text = NO_WORDS
    calculation: Tree | None = None
    choices: tuple[Choice, ...] = ()
    choice_filter: Tree | None = None
    shuffled: bool = False
    range: Range | None = None
    default: str = ""
    appearance: str = ""
    table: str = ""
    parts: tuple[Question, ...] = ()
    count: Tree | None = None
    initial: Tree | None = None
    renewed_by: tuple[str, ...] = ()

    @property
    def is_asked(self) -> bool:
        """Whether a person answers it."""
        return self.kind not in ("note", "calculate", "hidden") and self.calculation is None

    @property
    def is_shown(self) -> bool:
        """Whether a person sees it."""
        return self.kind not in ("calculate", "hidden")

    def choice(self, name: str) -> Choice | None:
        """Return a choice by name."""
        return self._choices.get(name)

    @cached_property
    def _choices(self) -> dict[str, Choice]:
        return {choice.name: choice for choice in self.choices}


def with_parts(question: Question) -> Iterator[Question]:
    """Yield a question and, of a repeat, everything inside it."""
    yield question
    for part in question.parts:
        yield from with_parts(part)


@dataclass(frozen=True)
class Section:
    """A top-level group: one page on a phone."""

    name: str
    label: Text
    questions: tuple[Question, ...]


@dataclass(frozen=True)
class ScoreRule:
    """How an answer becomes 0-100: between the ends of `scale` (worst, best), or by choice; None
    does not apply.
    """

    scale: tuple[float, float] | None = None
    by_choice: tuple[tuple[str, float | None], ...] = ()


@dataclass(frozen=True)
class Indicator:
    """A node of the index: an inner one has parts, a leaf has a question with its rule. fault: what
    is said where it was not met, "" where nobody wrote it.
    """

    name: str
    label: Text
    weight: float
    parts: tuple[Indicator, ...] = ()
    question: str | None = None
    kind: NATURE | None = None
    rule: ScoreRule | None = None
    critical: bool = False
    legal_basis: str = ""
    fault: Text = Text("", "")

    def leaves(self) -> Iterator[Indicator]:
        """Go through the leaves below, in order, or give itself."""
        if not self.parts:
            yield self
        for part in self.parts:
            yield from part.leaves()


@dataclass(frozen=True)
class Questionnaire:
    """A questionnaire as it is put to people; `indicators` are the branches of its index, empty
    where it has none.
    """

    name: str
    version: str
    title: Text
    sections: tuple[Section, ...]
    indicators: tuple[Indicator, ...] = ()
    lists: Mapping[str, tuple[Mapping[str, str], ...]] = field(
        default_factory=dict
    )  # that expressions look things up in

    @cached_property
    def questions(self) -> dict[str, Question]:
        """Every question by name, in order."""
        return {
            question.name: question for section in self.sections for question in section.questions
        }

    @cached_property
    def parts(self) -> dict[str, tuple[Question, Question]]:
        """The questions inside repeats by name, each with the innermost repeat it stands in."""
        found: dict[str, tuple[Question, Question]] = {}
        repeats = list(self.questions.values())
        while repeats:
            repeat = repeats.pop(0)
            found |= {part.name: (repeat, part) for part in repeat.parts}
            repeats += repeat.parts
        return found

    @cached_property
    def repeats(self) -> dict[str, tuple[str, ...]]:
        """The repeats that each question inside one stands in, outermost first."""
        found: dict[str, tuple[str, ...]] = {}
        for name, (repeat, _part) in self.parts.items():
            found[name] = (*found.get(repeat.name, ()), repeat.name)
        return found

    def find(self, name: str) -> Question | None:
        """Return a question by name, inside a repeat or not."""
        return self.questions.get(name) or (self.parts[name][1] if name in self.parts else None)

    @cached_property
    def uploads(self) -> frozenset[str]:
        """The questions that are answered by a picture or file, inside a repeat or not."""
        every = [*self.questions.values(), *(part for _repeat, part in self.parts.values())]
        return frozenset(question.name for question in every if question.kind in UPLOADS)

    @cached_property
    def company_question(self) -> Question | None:
        """The question by which a respondent names the company, if there is one."""
        return next(
            (question for question in self.questions.values() if question.kind == "company"), None
        )

    @cached_property
    def area_question(self) -> Question | None:
        """The question whose choices are area codes (GB/T 2260), if there is one."""
        return next(
            (q for q in self.questions.values() if any(_is_area(choice) for choice in q.choices)),
            None,
        )

    def leaves(self) -> Iterator[Indicator]:
        """Go through the leaves of the index, in order."""
        for indicator in self.indicators:
            yield from indicator.leaves()


def _is_area(choice: Choice) -> bool:
    return len(choice.name) == 6 and choice.name.isdecimal()


def to_json(questionnaire: Questionnaire) -> dict[str, Any]:
    """Return the questionnaire as plain JSON values."""
    return {"format": FORMAT, **asdict(questionnaire)}


def from_json(content: dict[str, Any]) -> Questionnaire:
    """Read a questionnaire back. Raises ValueError for a format that this version does not know."""
    if content.get("format") not in READABLE:
        raise ValueError(f"a questionnaire of format {content.get('format')}, not {READABLE}")
    return Questionnaire(
        name=content["name"],
        version=content["version"],
        title=Text(**content["title"]),
        sections=tuple(
            Section(s["name"], Text(**s["label"]), tuple(_question(q) for q in s["questions"]))
            for s in content["sections"]
        ),
        indicators=indicators_from_json(content["indicators"]),
        lists={name: tuple(rows) for name, rows in content.get("lists", {}).items()},
    )


def indicators_to_json(indicators: tuple[Indicator, ...]) -> list[dict[str, Any]]:
    """Return an index as plain JSON values, lists in place of tuples."""
    return cast(
        "list[dict[str, Any]]",
        json.loads(json.dumps([asdict(indicator) for indicator in indicators])),
    )


def indicators_from_json(content: list[dict[str, Any]]) -> tuple[Indicator, ...]:
    """Read an index back."""
    return tuple(_indicator(indicator) for indicator in content)


def _question(content: dict[str, Any]) -> Question:
    words = ("label", "hint", "guidance", "required_message", "constraint_message")
    trees = ("required", "constraint", "calculation", "choice_filter", "count", "initial")
    return Question(
        **{
            **content,
            **{key: Text(**content[key]) for key in words if key in content},
            **{key: frozen(content[key]) if content.get(key) else None for key in trees},
            "relevant": frozen(content["relevant"]),
            "choices": tuple(
                Choice(**{**c, "label": Text(**c["label"])}) for c in content["choices"]
            ),
            "range": Range(**content["range"]) if content["range"] else None,
            "parts": tuple(_question(part) for part in content.get("parts", ())),
            "renewed_by": tuple(content.get("renewed_by", ())),
        }
    )


def _indicator(content: dict[str, Any]) -> Indicator:
    rule = content["rule"]
    return Indicator(
        **{
            **content,
            "label": Text(**content["label"]),
            "fault": Text(**content.get("fault", {"zh": "", "en": ""})),
            "parts": indicators_from_json(content["parts"]),
            "rule": ScoreRule(rule["scale"] and tuple(rule["scale"]), frozen(rule["by_choice"]))
            if rule
            else None,
        }
    )
