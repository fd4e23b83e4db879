"""The words for codes: classes, reasons, notes, rows left out. One place, both languages."""

from __future__ import annotations

from config.language.texts import Language
from reports.data.sources.table import (
    COVERAGE,
    DROPPED,
    NEVER_ASKED,
    NO_ANSWER,
    NO_COMPANY,
    NO_RESPONSE,
    NO_WEIGHT,
    OTHER_KIND,
    WITHHELD,
)
from reports.plans.plan import Plan
from reports.publishing.subject import gettext as _
from reports.publishing.subject import gettext_lazy, ngettext
from reports.publishing.wording import DEMONSTRATION, NONPROBABILITY, of_sample
from reports.ranking.result import CompanyResult, Note
from reports.statistics.disclosure.gates import Reason

CLASS = {
    "above": gettext_lazy("Above the average of the others"),
    "average": gettext_lazy("Not distinguishable from the average"),
    "below": gettext_lazy("Below the average of the others"),
}
SHORT = {
    "above": gettext_lazy("above the average"),
    "average": gettext_lazy("not distinguishable"),
    "below": gettext_lazy("below the average"),
}
STATUS = {
    "ranked": gettext_lazy("ranked"),
    "score_only": gettext_lazy("score only"),
    "withheld": gettext_lazy("withheld"),
}
REASON: dict[Reason, object] = {
    "n": gettext_lazy("too few answers"),
    "n_eff": gettext_lazy("effective sample too small"),
    "half_width": gettext_lazy("interval too wide"),
    "one_unit": gettext_lazy("met at one sampling place only"),
}
GATE = {
    "n": gettext_lazy("number of answers"),
    "n_eff": gettext_lazy("effective sample size"),
    "half_width": gettext_lazy("width of the interval"),
}
OUT = {
    NO_COMPANY: gettext_lazy("no company named"),
    NEVER_ASKED: gettext_lazy("not asked which company: an earlier answer led past the question"),
    OTHER_KIND: gettext_lazy("of kinds of company that are not ranked"),
    NO_ANSWER: gettext_lazy("no item answered"),
    COVERAGE: gettext_lazy("too few items answered"),
    NO_WEIGHT: gettext_lazy("weight 0"),
    NO_RESPONSE: gettext_lazy("did not answer; others of their class stand for them"),
    WITHHELD: gettext_lazy("of companies with too few answers"),
}
DISCLOSURE = {
    "strategy": gettext_lazy("How the data were collected"),
    "sponsor": gettext_lazy("Who commissioned, paid for and carried out the work"),
    "instrument": gettext_lazy("Questions and scales as they were put"),
    "population": gettext_lazy("Whom the results are about"),
    "recruitment": gettext_lazy("How participants were found"),
    "modes": gettext_lazy("Modes and languages"),
    "dates": gettext_lazy("Dates of data collection"),
    "precision": gettext_lazy("Sample sizes and precision"),
    "weighting": gettext_lazy("Weighting"),
    "processing": gettext_lazy("Data quality and processing"),
    "limitations": gettext_lazy("Limitations"),
}


def reasons(codes: tuple[Reason, ...]) -> str:
    """Return why a company has no rank or no figures."""
    return _("; ").join(str(REASON[code]) for code in codes)


def of_class(company: CompanyResult) -> str:
    """Return the class of a company in words, or why it has none."""
    return str(CLASS[company.cls] if company.cls else STATUS[company.status])


def out(code: str, plan: Plan, language: Language) -> str:
    """Return why rows were left out. A rule of the plan shows its reason or its column, never
    its values.
    """
    rule, _colon, number = code.partition(":")
    if rule != DROPPED:
        return str(OUT[code])
    drop = plan.drop[int(number)]
    if drop.reason:
        return drop.reason.get(language)
    return _("left out by the plan (column %(column)s)") % {"column": drop.column}


def sample_sentence(plan: Plan) -> str:
    """Return the fixed sentence that goes with every interval of a plan."""
    return of_sample(plan.sample)


def note(item: Note) -> str:
    """Return the words of a note of the ranking."""
    names = _(", ").join(item.values)
    match item.code:
        case "nonprobability":
            return _(NONPROBABILITY)
        case "lower_is_better":
            return _("Lower is better: the first place is that of the lowest value.")
        case "demonstration":
            return _(DEMONSTRATION)
        case "floored":
            return ngettext(
                "All answers on this company were alike or came from one place, so its uncertainty"
                " cannot be"
                " seen in them; the spread among the other companies stands in for it: %(names)s.",
                "All answers on these companies were alike or came from one place, so their"
                " uncertainty cannot be"
                " seen in them; the spread among the other companies stands in for it: %(names)s.",
                len(item.values),
            ) % {"names": names}
        case "few_degrees":
            return _(
                "Only %(df)s degrees of freedom: few sampling places, so every interval here is"
                " itself uncertain."
            ) % {"df": item.values[0]}
        case "lonely_adjust":
            return _("Strata with a single sampled unit are centred at the overall mean.")
        case "lonely_average":
            return _(
                "Strata with a single sampled unit are given the average variance of the other"
                " strata."
            )
        case "lonely_certainty":
            return _(
                "Strata with a single sampled unit are taken as certain and add nothing to the"
                " uncertainty."
            )
        case "lonely_collapse":
            return _("Strata were merged before anything was computed: %(names)s.") % {
                "names": names
            }
        case "edge":
            return ngettext(
                "The rank ranges are simulated; %(count)s of them lies so close to the edge that"
                " another seed of the plan would move it.",
                "The rank ranges are simulated; %(count)s of them lie so close to the edge that"
                " another seed of the plan would move them.",
                int(item.values[0]),
            ) % {"count": item.values[0]}
        case "joined":
            return _(
                "Spellings that differ only in width, case, blanks round brackets or invisible"
                " signs were counted as one company: %(names)s."
            ) % {"names": names}
        case "not_tried":
            return _(
                "How many answers a class hangs on was not tried: there are too many answers and"
                " companies."
            )
        case "not_tried_raked":
            return _(
                "How many answers a class hangs on was not tried: weights are raked, so that every"
                " answer struck out would change those of all others."
            )
        case "no_comparison":
            return _("Fewer than two companies passed the gates, so nothing is compared.")
    raise ValueError(f"a note without words: {item.code}")
