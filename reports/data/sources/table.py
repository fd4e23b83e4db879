"""The one table that every source becomes: sampled rows with company, item scores and design, or
ready estimates.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pandas as pd

# reasons for which a row is in the design but in no company's score
DROPPED = "dropped"  # followed by :<number of the rule in the plan>
NO_COMPANY = "no_company"
NEVER_ASKED = "never_asked"  # which company: an earlier answer led past the question
OTHER_KIND = "other_kind"  # of company than the plan ranks
NO_ANSWER = "no_answer"
COVERAGE = "coverage"
NO_WEIGHT = "no_weight"
NO_RESPONSE = "no_response"  # of somebody who was asked
WITHHELD = "withheld"


@dataclass(frozen=True)
class Table:
    """Rows of one source, in the order of the file.

    frame columns, ratings: row, out, company, stratum, psu, population, weight, margin_0 .. (codes
    of the categories of the plan's margins, -1 for a row that does not stand for the population),
    adjust_0 .. (codes of what scores are adjusted for, -1 where it is unknown), item_0 .. (answers
    on their own scale); estimates: row, out, company, value, se, n. `out` is the reason a row is
    left out, or null; `file`, `sha256`: what was read; `index`: the questionnaire's, as JSON, for a
    survey or campaign; `joined`: other spellings that were counted for a company, by its name;
    `english`: names in English, where there are any, by the company's name; `questionnaire`: of a
    survey or campaign, as JSON;
    `categories`: the labels of the codes of adjust_0 ..
    """

    frame: pd.DataFrame
    file: str
    sha256: str
    index: list[dict[str, Any]] | None = None
    joined: dict[str, list[str]] = field(default_factory=dict)
    english: dict[str, str] = field(default_factory=dict)
    questionnaire: dict[str, Any] | None = None
    categories: dict[str, list[str]] = field(default_factory=dict)

    def rows_of_companies(self) -> dict[str, int]:
        """Return every company that counts, with its number of rows."""
        counts = self.frame.loc[self.frame["out"].isna(), "company"].value_counts()
        return {str(name): int(counts[name]) for name in sorted(counts.index)}


def margin_column(index: int) -> str:
    """Return the name under which the category of the plan's margin number `index` stands."""
    return f"margin_{index}"


def adjuster_column(index: int) -> str:
    """Return the name under which the plan's adjuster number `index` stands."""
    return f"adjust_{index}"


def item_column(index: int) -> str:
    """Return the name under which the plan's item number `index` stands in the table."""
    return f"item_{index}"
