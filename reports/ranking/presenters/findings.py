"""What a reader takes away in a minute: three to five sentences and one picture."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.safestring import SafeString, mark_safe

from config.charts.scale import fit
from config.language.texts import Language
from reports.publishing import numbers
from reports.publishing.charts import intervals
from reports.publishing.charts.tokens import SYMBOL
from reports.publishing.subject import gettext as _
from reports.publishing.subject import ngettext
from reports.ranking import wording
from reports.ranking.presenters.rows import CLASSES, Pictures
from reports.ranking.result import Ranking

NAMED = 5  # companies that a sentence names; more are counted
WIDE, LEFT = 480.0, 168.0  # points: the picture, and where its axis begins


def headline(ranking: Ranking, language: Language) -> Iterator[str]:
    """Yield the result in sentences."""
    if len(ranking.ranked) < 2:
        yield _("Fewer than two companies passed the gates, so nothing is compared.")
        return
    above, average, below = (len(ranking.of_class(cls)) for cls in CLASSES)
    yield _(
        "Of %(all)s, %(above)s scored above the average of the others and %(below)s below; for"
        " %(average)s the sample"
        " cannot tell."
    ) % {
        "all": numbers.companies(len(ranking.ranked)),
        "above": above,
        "below": below,
        "average": average,
    }
    first = sum(c.rank_low == 1 for c in ranking.ranked)
    if first > 1:
        yield _("No company is certain to be first: %(count)s may be.") % {"count": first}
    elif first == 1:
        yield _("Only %(name)s may be first.") % {
            "name": ranking.called(ranking.ranked[0].name, language)
        }
    tau = ranking.plan.inference.tau
    if tau > 1 and len(ranking.ranked) > tau:
        yield ngettext(
            "%(count)s company may be among the first %(tau)s.",
            "%(count)s companies may be among the first %(tau)s.",
            len(ranking.top),
        ) % {"count": len(ranking.top), "tau": tau}


def findings(ranking: Ranking, picture: Pictures) -> Iterator[str]:
    """Yield three to five findings, one sentence or two each; fewer where nothing is compared."""
    language = picture.language
    lead, gap = list(headline(ranking, language)), "" if language == "zh-Hans" else " "
    yield lead[0]
    named = []
    for cls, text in (
        ("above", _("Above the average of the others: %(names)s.")),
        ("below", _("Below the average of the others: %(names)s.")),
    ):
        found = ranking.of_class(cls)  # type: ignore[arg-type]
        if found and len(found) <= NAMED:
            named.append(text % {"names": _(", ").join(picture.name(c.name) for c in found)})
    if named:
        yield gap.join(named)
    if len(lead) > 1:
        yield gap.join(lead[1:])
    yield from _items(ranking, picture)
    if left := list(_left_out(ranking)):
        yield gap.join(left)


def _items(ranking: Ranking, picture: Pictures) -> Iterator[str]:
    known = [
        (average, item.label.get(picture.language))
        for average, item in zip(ranking.item_averages, ranking.plan.items, strict=True)
        if average is not None
    ]
    if len(known) > 1 and len(ranking.ranked) > 1:
        (least, worst), (most, best) = min(known), max(known)
        yield _(
            "Of %(items)s, the ranked companies are best on average at %(best)s (%(most)s) and"
            " worst at %(worst)s (%(least)s)."
        ) % {
            "items": numbers.items(len(known)),
            "best": best,
            "most": picture.score(most),
            "worst": worst,
            "least": picture.score(least),
        }


def _left_out(ranking: Ranking) -> Iterator[str]:
    only = sum(c.status == "score_only" for c in ranking.companies)
    if only:
        yield _("With a score but without rank and class: %(companies)s.") % {
            "companies": numbers.companies(only)
        }
    if ranking.manifest.withheld:
        yield _("Without any figures, because too few answered: %(companies)s.") % {
            "companies": numbers.companies(ranking.manifest.withheld)
        }


def overview(ranking: Ranking) -> SafeString:
    """Return the picture of the findings, empty where nothing is compared."""
    bands = [
        (
            cls,
            f"{SYMBOL[cls]} {wording.SHORT[cls]}",
            [c.score for c in found if c.score is not None],
        )
        for cls in CLASSES
        if (found := ranking.of_class(cls))
    ]
    if not bands:
        return SafeString("")
    scores = [score for _cls, _words, found in bands for score in found]
    counts = _(", ").join(f"{words} {len(found)}" for _cls, words, found in bands)
    drawn = intervals.overview(
        fit(scores, left=LEFT, right=WIDE - 8.0),
        bands,
        average=ranking.average,
        width=WIDE,
        title=_("Scores of the ranked companies by class: %(counts)s") % {"counts": counts},
    )
    return mark_safe(drawn)
