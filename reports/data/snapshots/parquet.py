"""A table with a manifest as the bytes of one Parquet file, and the manifest read back."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from reports.data.snapshots.parts import GROUP


def as_parquet(table: pa.Table, key: bytes, manifest: Mapping[str, Any]) -> bytes:
    """Return the file; the same table and manifest give the same bytes."""
    words = json.dumps(manifest, ensure_ascii=False, sort_keys=True).encode()
    out = io.BytesIO()
    pq.write_table(
        table.replace_schema_metadata({key: words}), out, compression="zstd", row_group_size=GROUP
    )
    return out.getvalue()


def manifest_of(content: bytes, key: bytes) -> dict[str, Any]:
    """Return the manifest of a file. Raises KeyError where it has none, ArrowException where it is
    no Parquet file.
    """
    with pq.ParquetFile(pa.BufferReader(content)) as file:
        found: dict[str, Any] = json.loads((file.schema_arrow.metadata or {})[key])
    return found
