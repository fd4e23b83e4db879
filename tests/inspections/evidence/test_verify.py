"""A stranger's check of an evidence pack: one byte, one event, one day changed is named."""

from __future__ import annotations

import hashlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspections.evidence import verify

VISIT = "11111111-2222-3333-4444-555555555555"


def chained(*kinds):
    """Return events that follow each other."""
    events, previous = [], ""
    for number, (kind, data) in enumerate(kinds, start=1):
        event = {
            "visit": VISIT,
            "number": number,
            "at": f"2026-11-25T08:00:0{number}.000000+00:00",
            "kind": kind,
            "by": 7,
            "by_name": "李四",
            "data": data,
            "previous": previous,
        }
        previous = event["hash"] = verify.link(previous, event)
        events.append(event)
    return events


ORIGINAL = b"the bytes of a photograph"
SHA = hashlib.sha256(ORIGINAL).hexdigest()
ANSWERS = verify.canonical({"fixed": "no"})
EVENTS = chained(
    ("recorded", {"site": "某停车场", "answers": hashlib.sha256(ANSWERS).hexdigest()}),
    ("received", {"sha256": SHA}),
    ("sealed", {}),
)


def packed(events=EVENTS, **changed):
    """Return the files of a whole pack."""
    leaves = [verify.leaf(VISIT, events[-1]["hash"]), verify.leaf("another", "f" * 64)]
    tree = verify.root(leaves)
    day = {
        "day": "2026-11-25",
        "visit": VISIT,
        "head": events[-1]["hash"],
        "path": verify.path_of(leaves, 0),
        "visits": 2,
        "root": tree,
        "previous": "",
        "hash": verify.day_hash("", "2026-11-25", 2, tree),
    }
    files = {
        "events.json": json.dumps(events, ensure_ascii=False).encode(),
        "answers.json": ANSWERS,
        "originals/a.jpg": ORIGINAL,
    }
    manifest = {
        "files": {name: hashlib.sha256(content).hexdigest() for name, content in files.items()},
        "head": events[-1]["hash"],
        "days": [day],
    }
    written = json.dumps({**manifest, **changed}).encode()
    return {
        **files,
        "manifest.json": written,
        "manifest.sha256": hashlib.sha256(written).hexdigest().encode(),
    }


def checked(tmp_path, files):
    path = tmp_path / "pack.zip"
    path.write_bytes(verify.zipped(files))
    return list(verify.problems(verify.Pack(path)))


def test_a_whole_pack_has_no_problem(tmp_path, capsys):
    assert checked(tmp_path, packed()) == []
    assert verify.main([str(tmp_path / "pack.zip")]) == 0
    assert "WHOLE" in capsys.readouterr().out


@pytest.mark.parametrize("name", sorted(packed()))
def test_one_flipped_byte_in_a_file_names_it(tmp_path, name):
    files = packed()
    for at in range(0, len(files[name]), 7):
        content = bytearray(files[name])
        content[at] ^= 1

        found = checked(tmp_path, {**files, name: bytes(content)})

        assert any(name in text for text in found), (at, found)


def test_a_byte_of_the_container_that_no_file_has_is_found(tmp_path):
    content = bytearray(verify.zipped(packed()))
    at = content.rindex(b"PK\x01\x02") + 12  # the time of the last entry in the directory
    content[at] ^= 1
    path = tmp_path / "pack.zip"
    path.write_bytes(content)

    assert list(verify.problems(verify.Pack(path))) == [
        "pack.zip: the container itself was changed"
    ]


def test_an_event_taken_out_is_named():
    assert list(verify.breaks([EVENTS[0], EVENTS[2]])) == [
        "event 2: missing, or out of order (found 3 in its place)"
    ]


def test_events_in_another_order_are_named():
    found = list(verify.breaks([EVENTS[1], EVENTS[0], EVENTS[2]]))

    assert found[0] == "event 1: missing, or out of order (found 2 in its place)"


def test_a_changed_event_is_named_even_where_its_hash_was_made_anew():
    changed = {**EVENTS[0], "data": {"site": "另一停车场"}}
    changed["hash"] = verify.link("", changed)

    assert list(verify.breaks([changed, *EVENTS[1:]])) == [
        "event 2: does not follow the event before it"
    ]


def test_events_cut_off_at_the_end_are_seen_against_the_day(tmp_path):
    files = packed(EVENTS[:2], days=json.loads(packed()["manifest.json"])["days"])

    assert any(text.startswith("2026-11-25") for text in checked(tmp_path, files))


def test_an_original_that_was_received_and_is_not_there_is_named(tmp_path):
    files = packed()
    del files["originals/a.jpg"]

    found = checked(tmp_path, files)

    assert "originals/a.jpg: is missing" in found
    assert any(SHA in text for text in found)


def test_what_is_no_pack_is_said_to_be_none(tmp_path, capsys):
    (tmp_path / "a.zip").write_bytes(b"no zip")

    assert verify.main([str(tmp_path / "a.zip")]) == 2
    assert verify.main([str(tmp_path / "none.zip")]) == 2
    assert "cannot be read" in capsys.readouterr().out


@given(st.lists(st.text("0123456789abcdef", min_size=64, max_size=64), min_size=1, max_size=40))
def test_every_leaf_leads_to_the_root(heads):
    leaves = [verify.leaf(str(number), head) for number, head in enumerate(heads)]

    for index, leaf in enumerate(leaves):
        assert verify.climb(leaf, verify.path_of(leaves, index)) == verify.root(leaves)


def test_the_tree_is_that_of_rfc_6962():
    # RFC 6962, section 2.1: MTH of three leaves is H(1, H(1, a, b), c)
    a, b, c = (verify.leaf(str(n), "0" * 64) for n in range(3))

    assert verify.root([a, b, c]) == verify.node(verify.node(a, b), c)
    assert verify.root([]) == hashlib.sha256(b"").hexdigest()


def test_other_answers_than_those_that_came_in_are_named(tmp_path):
    other = verify.canonical({"fixed": "yes"})
    manifest = json.loads(packed()["manifest.json"])
    manifest["files"]["answers.json"] = hashlib.sha256(other).hexdigest()

    found = checked(tmp_path, {**packed(files=manifest["files"]), "answers.json": other})

    assert found == ["answers.json: these are not the answers that came in"]
