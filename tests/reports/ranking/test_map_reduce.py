"""One, seven and twenty partitions, threads and Dask: the same bits of every estimate."""

from __future__ import annotations

import logging
import sys
from functools import partial

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from config.language.problems import InvalidInput
from reports.data.snapshots.parts import Part, columns_of, parts
from reports.data.snapshots.snapshot import Snapshot
from reports.ranking import estimation
from reports.ranking import map_reduce as summing
from reports.ranking.aggregation import accumulate, encoding_of, read_all, scored, sums_of
from reports.ranking.map_reduce import map_reduce
from reports.statistics.estimates.means import means
from tests import worlds

DESIGN = "strata: district\npsu: site"


@pytest.fixture
def frozen(tmp_path):
    """A snapshot of the small world, and its plan."""
    plan = worlds.plan(DESIGN)
    return plan, worlds.snapshot(tmp_path, of=plan)


def in_groups(snapshot: Snapshot, count: int, path) -> Snapshot:
    """Write the same rows in `count` row groups."""
    table = pq.read_table(pa.BufferReader(snapshot.content))
    with pq.ParquetWriter(path, table.schema) as file:
        for rows in np.array_split(np.arange(len(table)), count):
            file.write_table(table.take(rows))
    return Snapshot(snapshot.manifest, path.read_bytes())


def bits(plan, snapshot):
    found = estimation.estimate_companies(plan, snapshot)
    return (
        found.score.value.tobytes() + found.score.covariance.tobytes() + repr(found.items).encode()
    )


@pytest.mark.parametrize("count", [7, 20])
def test_partitions_give_the_same_bits(frozen, tmp_path, count):
    plan, whole = frozen
    cut = in_groups(whole, count, tmp_path / "cut.parquet")

    assert len(parts(cut.content)) == count
    assert bits(plan, cut) == bits(plan, whole)


@pytest.mark.parametrize("threads", [1, 3])
def test_threads_give_the_same_bits(frozen, tmp_path, settings, threads):
    plan, whole = frozen
    cut = in_groups(whole, 20, tmp_path / "cut.parquet")

    settings.THREADS = threads

    assert bits(plan, cut) == bits(plan, whole)


@pytest.mark.enable_socket
@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::DeprecationWarning")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_dask_gives_the_same_bits(frozen, tmp_path, settings):
    distributed = pytest.importorskip(
        "distributed", reason="not run: the package distributed is not installed"
    )
    plan, whole = frozen
    cut = in_groups(whole, 20, tmp_path / "cut.parquet")

    expected = bits(plan, whole)

    with distributed.LocalCluster(
        n_workers=2,
        threads_per_worker=1,
        host="127.0.0.1",
        dashboard_address=None,
        silence_logs=logging.ERROR,
    ) as cluster:
        settings.DASK_SCHEDULER = cluster.scheduler_address
        found = bits(plan, cut)

    assert found == expected


def test_a_scheduler_without_its_library_is_said(frozen, settings, monkeypatch):
    plan, whole = frozen
    settings.DASK_SCHEDULER = "tcp://127.0.0.1:8786"
    monkeypatch.setitem(sys.modules, "distributed", None)

    with pytest.raises(InvalidInput) as stopped:
        estimation.estimate_companies(plan, whole)

    assert "is not installed" in str(stopped.value)


@pytest.mark.enable_socket
@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_a_scheduler_that_does_not_answer_is_said(frozen, settings, monkeypatch):
    pytest.importorskip("distributed", reason="not run: the package distributed is not installed")
    plan, whole = frozen
    settings.DASK_SCHEDULER = "tcp://127.0.0.1:9"
    monkeypatch.setattr(summing, "PATIENCE", "1 s")

    with pytest.raises(InvalidInput) as stopped:
        estimation.estimate_companies(plan, whole)

    assert "does not answer" in str(stopped.value)


def test_a_part_alone_holds_its_rows_and_no_others(frozen, tmp_path):
    plan, whole = frozen
    cut = parts(in_groups(whole, 7, tmp_path / "cut.parquet").content)

    alone = cut[3].alone()

    assert alone.read(["company", "weight"]).equals(cut[3].read(["company", "weight"]))
    assert len(parts(alone.file)) == 1
    encoding = encoding_of(plan, cut)
    mine, same = (accumulate(plan, encoding, part).totals[0] for part in (cut[3], alone))
    assert np.array_equal(mine.sums, same.sums)


def test_a_file_is_read_where_it_lies(frozen, tmp_path):
    plan, whole = frozen
    in_groups(whole, 7, tmp_path / "cut.parquet")
    lying, held = parts(tmp_path / "cut.parquet"), parts(whole.content)

    encoding = encoding_of(plan, lying)

    assert "company" in columns_of(tmp_path / "cut.parquet")
    assert np.array_equal(
        sums_of(plan, encoding, lying).totals[0].sums,
        sums_of(plan, encoding_of(plan, held), held).totals[0].sums,
    )


def test_rows_in_memory_are_those_that_were_added_up(frozen):
    plan, whole = frozen
    pieces = parts(whole.content)
    encoding = encoding_of(plan, pieces)

    rows = scored(plan, read_all(plan, encoding, pieces))

    rated = (rows.company >= 0) & ~np.isnan(rows.score)
    totals = sums_of(plan, encoding, pieces).totals[0]
    assert totals.sums[0].sum() == rated.sum()
    found = means(totals).value
    for g in range(len(encoding.names)):
        mine = rated & (rows.company == g)
        assert found[g] == pytest.approx(
            np.average(rows.score[mine], weights=rows.weight[mine]), rel=1e-12
        )


def test_nothing_to_add_up_is_an_error():
    with pytest.raises(ValueError, match="nothing to add up"):
        map_reduce(partial(Part.read, columns=[]), [])
