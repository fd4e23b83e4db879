"""What is shown of a visit: finished rows, in the reader's language. Reads nothing."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import isnan
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from config.language.problems import say
from config.language.texts import Language
from inspections.agreement.items import ItemAgreement
from inspections.campaigns import geo
from inspections.review.claims import Claim
from inspections.visits.models import Evidence, Finding, Visit, VisitEvent
from inspections.visits.scoring import VisitScore
from inspections.visits.selectors import PICTURES
from surveys.questionnaires.questionnaire import SEVERAL, Question, Questionnaire
from surveys.responses.answer_text import lines

REFUSALS = {
    "none_found": say("no confirmed finding"),
    "few_sites": say("fewer than five sites of it were visited"),
    "low_bound": say("the lower bound of the share is not above the threshold"),
    "not_drawn": say("its sites were not drawn at random"),
    "unreliable": say("two visits do not agree well enough on this item (α below .667)"),
}
SCOPES = {
    "site": say("site"),
    "operator": say("operator"),
    "brand": say("brand"),
    "vendor": say("vendor"),
}


@dataclass(frozen=True)
class EventRow:
    """One line of a visit's history."""

    event: VisitEvent
    words: str
    details: tuple[str, ...] = ()


def history(
    events: Iterable[VisitEvent], questionnaire: Questionnaire, language: Language
) -> list[EventRow]:
    """Return the history of a visit, the latest first; changed answers with the words of their
    questions.
    """
    rows = []
    for event in events:
        words = str(VisitEvent.Kind(event.kind).label)
        rows.append(EventRow(event, words, tuple(_details(event.data, questionnaire, language))))
    return rows[::-1]


def _details(
    data: Mapping[str, Any], questionnaire: Questionnaire, language: Language
) -> Iterable[str]:
    for change in data.get("changes", ()):
        yield from _changed(change, questionnaire, language)
    for name in ("note", "reason", "number", "name", "text"):
        if data.get(name):
            yield str(data[name])
    if finding := data.get("finding"):
        yield indicator_label(finding, questionnaire, language)
    if digest := data.get("sha256"):
        yield f"SHA-256 {digest}"
    if files := data.get("files"):
        yield ngettext("%(n)s file", "%(n)s files", len(files)) % {"n": len(files)}


def _changed(
    change: Mapping[str, str], questionnaire: Questionnaire, language: Language
) -> Iterable[str]:
    """Yield what became of one answer, in the words of its question; of a repeat, of every part."""
    name = change["question"]
    question = questionnaire.find(name)
    before, after = (
        dict(lines(questionnaire, {name: _answer(question, change[when])}, language, {}))
        for when in ("before", "after")
    )
    for label in dict.fromkeys([*before, *after]):
        if before.get(label) != after.get(label):
            yield f"{label}: {before.get(label, '–')} → {after.get(label, '–')}"
    if before == after:  # another file, or what is no question by itself
        label = (question.label.get(language) if question else "") or name
        yield f"{label}: {change['before'] or '–'} → {change['after'] or '–'}"


def _answer(question: Question | None, text: str) -> Any:
    """Return an answer as it was before the chain wrote it as text (`visits.services.changes`)."""
    is_list = question and (question.kind in SEVERAL or question.kind == "repeat")
    return json.loads(text) if is_list and text else text


def indicator_label(name: str, questionnaire: Questionnaire, language: Language) -> str:
    """Return what an indicator is called, or its name where the checklist no longer has it."""
    labels = {leaf.name: leaf.label.get(language) for leaf in questionnaire.leaves()}
    return labels.get(name, name)


@dataclass(frozen=True)
class FindingRow:
    """A finding with its words and where it stands."""

    finding: Finding
    label: str
    legal_basis: str


def findings(
    found: Iterable[Finding], questionnaire: Questionnaire, language: Language
) -> list[FindingRow]:
    """Return the findings of a visit with the words of the checklist."""
    leaves = {leaf.name: leaf for leaf in questionnaire.leaves()}
    rows = []
    for finding in found:
        leaf = leaves.get(finding.indicator)
        label = leaf.label.get(language) if leaf else finding.indicator
        rows.append(FindingRow(finding, label, leaf.legal_basis if leaf else ""))
    return rows


@dataclass(frozen=True)
class EvidenceRow:
    """A piece of evidence with its place and time in words, and its blurred copies."""

    evidence: Evidence
    place: str
    belonging: tuple[Evidence, ...]

    @property
    def is_picture(self) -> bool:
        """Whether it can be looked at."""
        has_bytes = bool(self.evidence.received_at or self.evidence.shown)
        return has_bytes and self.evidence.kind in PICTURES

    @property
    def shown(self) -> Evidence:
        """What is shown outside of the office: the latest copy with parts made illegible, where
        there is one.
        """
        blurred = [own for own in self.belonging if own.shown]
        return blurred[-1] if blurred else self.evidence


def evidence(pieces: Iterable[Evidence]) -> list[EvidenceRow]:
    """Return the evidence of a visit; copies and certificates stand with what they belong to."""
    pieces = list(pieces)
    of: dict[int, list[Evidence]] = {}
    for piece in pieces:
        if piece.of_id:
            of.setdefault(piece.of_id, []).append(piece)
    own = [piece for piece in pieces if not piece.of_id]
    return [EvidenceRow(piece, place(piece), tuple(of.get(piece.pk, ()))) for piece in own]


def place(piece: Visit | Evidence) -> str:
    """Return where something was begun or captured, with its accuracy and datum."""
    if piece.latitude is None or piece.longitude is None:
        return ""
    text = f"{piece.latitude:.5f}, {piece.longitude:.5f} ({piece.datum})"
    return text if piece.accuracy is None else f"{text} ± {piece.accuracy:.0f} m"


def metres_away(visit: Visit) -> int | None:
    """Return how far from its site a visit was begun, in metres; None where either place is not
    known.
    """
    site = visit.site.position
    if site is None or visit.latitude is None or visit.longitude is None:
        return None
    return round(geo.distance(site, geo.Position(visit.latitude, visit.longitude, visit.datum)))


def score_rows(
    score: VisitScore, questionnaire: Questionnaire, language: Language
) -> list[tuple[str, float | None, int]]:
    """Return the sections of a score: label, points, coverage in per cent."""
    labels = {topic.name: topic.label.get(language) for topic in questionnaire.indicators}
    return [(labels[s.topic], s.points, round(100 * s.coverage)) for s in score.sections]


@dataclass(frozen=True)
class AgreementRow:
    """Agreement on one item, with its words; – stands for what is not defined."""

    label: str
    agreement: ItemAgreement

    @property
    def percent(self) -> str:
        """The share of the same answers, in per cent."""
        return "–" if isnan(self.agreement.percent) else f"{100 * self.agreement.percent:.0f} %"

    @property
    def kappa(self) -> str:
        """Cohen's kappa."""
        return _coefficient(self.agreement.kappa)

    @property
    def alpha(self) -> str:
        """Krippendorff's alpha."""
        return _coefficient(self.agreement.alpha)

    @property
    def ac1(self) -> str:
        """Gwet's AC1."""
        return _coefficient(self.agreement.ac1)

    @property
    def interval(self) -> str:
        """The interval of alpha."""
        ends = (self.agreement.low, self.agreement.high)
        return "–" if any(map(isnan, ends)) else " – ".join(map(_coefficient, ends))


@dataclass(frozen=True)
class ClaimRow:
    """A claim with its words, and why it is refused, if it is."""

    claim: Claim
    label: str

    @property
    def scope(self) -> str:
        """What the claim is about: a site, an operator, a brand or a vendor."""
        return _(SCOPES[self.claim.scope])

    @property
    def interval(self) -> str:
        """The interval of the share, in per cent; of one site there is none."""
        support = self.claim.support
        if self.claim.scope == "site":
            return "–"
        return f"{100 * support.low:.1f} – {100 * support.high:.1f} %"

    @property
    def refusals(self) -> list[str]:
        """Why the claim is refused."""
        return [_(REFUSALS[name]) for name in self.claim.support.refusals]


def _coefficient(value: float) -> str:
    return "–" if isnan(value) else f"{value:.2f}".replace("-", "−")
