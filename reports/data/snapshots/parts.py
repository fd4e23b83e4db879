"""A snapshot taken apart: row groups of its Parquet file, read one at a time."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

# rows of a group: some 5 MB with a dozen columns
GROUP = 1 << 16


@dataclass(frozen=True)
class Part:
    """One row group of a Parquet file, given by its path or its bytes."""

    file: Path | bytes
    group: int

    def read(self, columns: Sequence[str]) -> pa.Table:
        """Return the columns of these rows; texts come as codes with their dictionary."""
        with _open(self.file) as file:
            texts = [field.name for field in file.schema_arrow if pa.types.is_string(field.type)]
            texts += [
                field.name for field in file.schema_arrow if pa.types.is_large_string(field.type)
            ]
        with _open(self.file, read_dictionary=[text for text in texts if text in columns]) as file:
            return file.read_row_group(self.group, columns=list(columns), use_threads=False)

    def alone(self) -> Part:
        """Return the same rows as a file of their own, to be sent to another machine."""
        out = io.BytesIO()
        with _open(self.file) as file:
            pq.write_table(file.read_row_group(self.group), out)
        return Part(out.getvalue(), 0)


def parts(file: Path | bytes) -> list[Part]:
    """Return the row groups of a Parquet file."""
    with _open(file) as opened:
        return [Part(file, group) for group in range(opened.num_row_groups)]


def columns_of(file: Path | bytes) -> frozenset[str]:
    """Return the names of the columns."""
    with _open(file) as opened:
        return frozenset(opened.schema_arrow.names)


def _open(file: Path | bytes, **options: object) -> pq.ParquetFile:
    return pq.ParquetFile(pa.BufferReader(file) if isinstance(file, bytes) else file, **options)
