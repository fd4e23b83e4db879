"""Files reach the disk all together or not at all, and never in place of somebody's own."""

from __future__ import annotations

import hashlib
import json
import os

import pytest

from config.language.problems import InvalidInput
from reports.publishing import bundle
from reports.ranking import files as documents
from tests import worlds


def ranking_files(**changed: bytes) -> dict[str, bytes]:
    """Return files with a manifest that fits them."""
    files = {name: name.encode() for name in documents.NAMES} | changed
    digests = {n: hashlib.sha256(c).hexdigest() for n, c in files.items() if n != bundle.MANIFEST}
    return files | {bundle.MANIFEST: json.dumps({"files": digests}).encode()}


FILES = ranking_files()


def test_files_are_written_and_replaced(tmp_path):
    out = tmp_path / "a" / "out"
    bundle.write(FILES, out)
    bundle.write(ranking_files(**{"ranking.csv": b"new"}), out)

    assert sorted(os.listdir(out)) == sorted(documents.NAMES)
    assert (out / "ranking.csv").read_bytes() == b"new"
    assert os.listdir(out.parent) == ["out"]


def test_a_failure_leaves_what_was_there(tmp_path):
    out = tmp_path / "out"
    bundle.write(FILES, out)

    with pytest.raises(TypeError):
        bundle.write({**FILES, "ranking.csv": None}, out)  # type: ignore[dict-item]

    assert (out / "ranking.csv").read_bytes() == b"ranking.csv"
    assert os.listdir(tmp_path) == ["out"]


def test_files_of_others_are_not_touched(tmp_path):
    (tmp_path / "thesis.docx").write_bytes(b"mine")

    with pytest.raises(InvalidInput, match=r"thesis\.docx"):
        bundle.write(FILES, tmp_path)

    assert os.listdir(tmp_path) == ["thesis.docx"]


def test_the_manifest_holds_the_digest_of_every_file_and_every_version(tmp_path):
    plan = worlds.plan(
        "drop: [{column: district, in: [south], reason: {zh-Hans: 南区, en: South}}]"
    )
    frozen = worlds.snapshot(tmp_path, of=plan)
    files = documents.make(worlds.ranking(tmp_path, of=plan), frozen)
    manifest = json.loads(files[bundle.MANIFEST])

    for name, digest in manifest["files"].items():
        assert hashlib.sha256(files[name]).hexdigest() == digest
    assert set(manifest["files"]) == set(files) - {bundle.MANIFEST}
    assert manifest["plan"]["sha256"] == plan.hash
    assert manifest["rows"]["read"] == manifest["rows"]["in"] + sum(
        manifest["rows"]["out"].values()
    )
    assert manifest["rows"]["out"]["dropped:0"] == 97
    assert {"mingcha", "python", "weasyprint", "pango", "fonts"} <= set(manifest["versions"])
    assert {font["family"] for font in manifest["versions"]["fonts"]} == {
        "Noto Sans CJK SC",
        "Noto Serif CJK SC",
    }


@pytest.mark.parametrize("name", ["ranking.csv", "snapshot.parquet"])
def test_a_file_of_ours_by_name_only_is_somebodys_own(tmp_path, name):
    (tmp_path / name).write_bytes(b"mine")

    with pytest.raises(InvalidInput, match="manifest"):
        bundle.refuse_foreign(tmp_path)


def test_a_ranking_that_was_edited_is_not_replaced(tmp_path):
    out = tmp_path / "out"
    bundle.write(FILES, out)
    (out / "ranking.csv").write_bytes(b"edited by hand")

    with pytest.raises(InvalidInput, match="manifest"):
        bundle.write(FILES, out)


def test_what_is_being_read_is_not_replaced(tmp_path):
    out = tmp_path / "out"
    bundle.write(FILES, out)

    with pytest.raises(InvalidInput, match="is being read"):
        bundle.refuse_foreign(out, out / "ranking.csv")
    bundle.refuse_foreign(out, out / "snapshot.parquet")


def test_a_link_is_followed(tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")

    bundle.write(FILES, tmp_path / "link")

    assert (tmp_path / "link").is_symlink()
    assert sorted(os.listdir(tmp_path / "real")) == sorted(documents.NAMES)
