"""Answers of a survey or findings of a campaign, frozen as one Parquet file that carries all that
its report needs: the questionnaire, the words, what was left out.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from config import __version__
from config.language.problems import InvalidInput, Problem, say
from config.language.texts import Text
from reports.data.snapshots.parquet import as_parquet, manifest_of
from reports.statistics.exact import Floats, Ints
from surveys.collection.models.survey import Survey
from surveys.collection.selectors import questionnaire_of
from surveys.questionnaires.questionnaire import Questionnaire, from_json, to_json

Kind = Literal["topline", "inspection"]
KEY = b"mingcha.answers"
FORMAT = 1
SUFFIX = ".parquet"


@dataclass(frozen=True)
class About:
    """The survey that was frozen, in words: what a cover says."""

    slug: str
    title: Text
    organiser: Text
    sample: str
    demonstration: bool
    version: str  # of the questionnaire, as in name@2
    questionnaire: Mapping[str, Any]  # as JSON

    @classmethod
    def of(cls, survey: Survey) -> About:
        """Return what is said of a survey."""
        return cls(
            slug=survey.slug,
            title=survey.title,
            organiser=survey.organiser,
            sample=survey.sample,
            demonstration=survey.demonstration,
            version=str(survey.version),
            questionnaire=to_json(questionnaire_of(survey)),
        )


@dataclass(frozen=True)
class Manifest:
    """What is known of a snapshot besides its rows; stored inside the Parquet file.

    source_sha256: of the whole table as CSV; rows_out: by reason; more: what only one kind of
    report needs.
    """

    kind: Kind
    about: About
    source_sha256: str
    rows_read: int
    rows_in: int
    rows_out: dict[str, int]
    first_day: str
    last_day: str
    more: dict[str, Any]
    source: Literal["survey", "campaign"] = "survey"
    made_with: str = f"mingcha {__version__}, pyarrow {pa.__version__}"
    format: int = field(default=FORMAT)


@dataclass(frozen=True)
class AnswersSnapshot:
    """The bytes of a Parquet file, with their manifest. Columns are read one at a time."""

    manifest: Manifest
    content: bytes

    @property
    def hash(self) -> str:
        """SHA-256 of the Parquet file."""
        return hashlib.sha256(self.content).hexdigest()

    @cached_property
    def questionnaire(self) -> Questionnaire:
        """The questionnaire that was answered."""
        return from_json(dict(self.manifest.about.questionnaire))

    def described(self) -> dict[str, object]:
        """Return what the manifest beside the files says of the data."""
        manifest = self.manifest
        return {
            "snapshot": {"sha256": self.hash},
            "source": {manifest.source: manifest.about.slug, "sha256": manifest.source_sha256},
            "questionnaire": manifest.about.version,
            "rows": {
                "read": manifest.rows_read,
                "in": manifest.rows_in,
                "out": manifest.rows_out,
            },
        }

    def table(self) -> pa.Table:
        """Return the whole table."""
        return pq.read_table(io.BytesIO(self.content))

    def texts(self, column: str) -> pd.Series[str]:
        """Return a column of texts, "" where there is no answer."""
        read = pq.read_table(io.BytesIO(self.content), columns=[column])
        return pd.Series(read.column(0).cast(pa.string()).to_pylist(), dtype="str")

    def numbers(self, column: str) -> Ints:
        """Return a column of whole numbers."""
        read = pq.read_table(io.BytesIO(self.content), columns=[column])
        return np.asarray(read.column(0).to_numpy(), np.int64)

    def weights(self) -> Floats | None:
        """Return the weights of the rows; None where all are alike, or the file is older than
        they are.
        """
        if "_weight" not in pq.read_schema(io.BytesIO(self.content)).names:
            return None
        read = pq.read_table(io.BytesIO(self.content), columns=["_weight"])
        weight = np.asarray(read.column(0).to_numpy(), np.float64)
        return None if (weight == weight[0]).all() else weight


def gathered(frames: Iterable[pd.DataFrame]) -> pa.Table:
    """Return frames of texts as one table, every text kept once: rows take four bytes a column."""
    parts = []
    for frame in frames:
        part = pa.Table.from_pandas(frame.astype("object"), preserve_index=False)
        coded = [column.cast(pa.string()).dictionary_encode() for column in part.columns]
        parts.append(pa.table(coded, names=part.column_names))
    if not parts:
        return pa.table({})
    return pa.concat_tables(parts).unify_dictionaries().combine_chunks()


def codes(column: pa.ChunkedArray) -> Ints:
    """Return a column of `gathered` as codes in the order of first appearance."""
    found, _names = pd.factorize(column.combine_chunks().indices.to_numpy())
    return np.asarray(found, np.int64)


def with_column(table: pa.Table, name: str, values: Ints | Floats | pd.Series[str]) -> pa.Table:
    """Return a table of `gathered` with other values in one column."""
    made = pa.array(values)
    if isinstance(values, pd.Series):
        made = pa.array(values.to_list(), pa.string()).dictionary_encode()
    return table.set_column(table.column_names.index(name), name, made)


def freeze(table: pa.Table, manifest: Manifest) -> AnswersSnapshot:
    """Freeze a table, and read it back: a result is always computed from what was written."""
    return load(as_parquet(table, KEY, asdict(manifest)))


def load(content: bytes) -> AnswersSnapshot:
    """Read a snapshot back from its bytes. Raises KeyError, TypeError or ValueError for others."""
    fields = manifest_of(content, KEY)
    if fields["format"] != FORMAT:
        raise ValueError(f"a snapshot of format {fields['format']}, not {FORMAT}")
    about = fields["about"]
    about |= {name: Text(**about[name]) for name in ("title", "organiser")}
    return AnswersSnapshot(Manifest(**{**fields, "about": About(**about)}), content)


def reopen(path: Path, kind: Kind) -> AnswersSnapshot:
    """Open a published snapshot to compute its report again. Raises InvalidInput where it is
    none.
    """
    if not path.is_file():
        raise InvalidInput(Problem(str(path), say("there is no such file")))
    try:
        snapshot = load(path.read_bytes())
    except (KeyError, TypeError, ValueError, pa.ArrowException):
        snapshot = None
    if snapshot is None or snapshot.manifest.kind != kind:
        raise InvalidInput(Problem(path.name, say("is not a snapshot of this program")))
    return snapshot
