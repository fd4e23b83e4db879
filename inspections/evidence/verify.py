"""Check an evidence pack: python3 verify.py [FOLDER or ZIP]. Needs Python 3.9 and nothing else.

The same functions make the chain in the program and check it here, so that what is checked is what
was made. Every event is SHA-256(hash before ‖ canonical JSON of the event); the last event of each
day is a leaf of that day's tree (RFC 6962, section 2.1), and the tree's root is chained to the day
before's.
"""

from __future__ import annotations

import hashlib
import io
import json
import sys
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

EVENTS = "events.json"
ANSWERS = "answers.json"
MANIFEST = "manifest.json"
MANIFEST_HASH = "manifest.sha256"
# a pack is written with one date and no compression, so that the same files are the same bytes
ZIP_DATE = (1980, 1, 1, 0, 0, 0)
# what an event's hash is over; previous and hash themselves are not
HASHED = ("visit", "number", "at", "kind", "by", "by_name", "data")
LEFT, RIGHT = "left", "right"


def canonical(content: Mapping[str, Any]) -> bytes:
    """Return a record as the bytes that are hashed: sorted keys, no blanks, UTF-8. It holds texts,
    whole numbers, true, false, null, lists and records of them; a fraction is written as a text,
    so that every language writes the same bytes.
    """
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode()


def link(previous: str, event: Mapping[str, Any]) -> str:
    """Return the hash of an event that follows the one with the hash `previous`; "" for none."""
    content = {name: event[name] for name in HASHED}
    return hashlib.sha256(previous.encode() + canonical(content)).hexdigest()


def breaks(events: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """Yield in words where a visit's chain does not hold; nothing where it does."""
    expected, previous = 1, ""
    for event in events:
        if not isinstance(event, dict):
            yield f"event {expected}: is none"
            continue
        number = event.get("number")
        if number != expected:
            yield f"event {expected}: missing, or out of order (found {number} in its place)"
        elif event.get("previous") != previous:
            yield f"event {number}: does not follow the event before it"
        try:
            is_own = event.get("hash") == link(str(event.get("previous")), event)
        except KeyError as error:
            yield f"event {number}: has no {error.args[0]}"
        else:
            if not is_own:
                yield f"event {number}: was changed"
        expected = number + 1 if isinstance(number, int) else expected + 1
        previous = str(event.get("hash"))


def leaf(visit: str, head: str) -> str:
    """Return the leaf of a visit in a day's tree: its number and the hash of its last event."""
    return hashlib.sha256(b"\x00" + f"{visit}:{head}".encode()).hexdigest()


def node(left: str, right: str) -> str:
    """Return the hash of two nodes of the tree, side by side."""
    return hashlib.sha256(b"\x01" + bytes.fromhex(left) + bytes.fromhex(right)).hexdigest()


def root(leaves: Sequence[str]) -> str:
    """Return the root of a tree of leaves; of none, the hash of nothing."""
    if not leaves:
        return hashlib.sha256(b"").hexdigest()
    if len(leaves) == 1:
        return leaves[0]
    half = _half(len(leaves))
    return node(root(leaves[:half]), root(leaves[half:]))


def path_of(leaves: Sequence[str], index: int) -> list[tuple[str, str]]:
    """Return the way from a leaf to the root: each neighbour with the side it stands on."""
    if len(leaves) <= 1:
        return []
    half = _half(len(leaves))
    if index < half:
        return [*path_of(leaves[:half], index), (RIGHT, root(leaves[half:]))]
    return [*path_of(leaves[half:], index - half), (LEFT, root(leaves[:half]))]


def climb(start: str, path: Iterable[Sequence[str]]) -> str:
    """Return the root to which a way leads from a leaf."""
    here = start
    for side, neighbour in path:
        here = node(neighbour, here) if side == LEFT else node(here, neighbour)
    return here


def day_content(previous: str, day: str, visits: int, tree: str) -> bytes:
    """Return what the hash of a day is over, the hash of the day before in front."""
    return previous.encode() + canonical({"day": day, "visits": visits, "root": tree})


def day_hash(previous: str, day: str, visits: int, tree: str) -> str:
    """Return the hash of a day, chained to the day before's: what is published and stamped."""
    return hashlib.sha256(day_content(previous, day, visits, tree)).hexdigest()


def _half(count: int) -> int:
    """Return the largest power of two below a count (RFC 6962)."""
    return 1 << (count - 1).bit_length() - 1


def zipped(files: Mapping[str, bytes]) -> bytes:
    """Return files as the bytes of a zip, the same for the same files."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, ZIP_DATE)
            entry.create_system, entry.external_attr = 3, 0o644 << 16
            archive.writestr(entry, files[name])
    return out.getvalue()


class Pack:
    """A folder or a zip file, read by names."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.content = b"" if path.is_dir() else path.read_bytes()
        self.zip = zipfile.ZipFile(io.BytesIO(self.content)) if self.content else None

    def names(self) -> set[str]:
        """Return the names of its files."""
        if self.zip:
            return {name for name in self.zip.namelist() if not name.endswith("/")}
        files = (file for file in self.path.rglob("*") if file.is_file())
        return {file.relative_to(self.path).as_posix() for file in files}

    def read(self, name: str) -> bytes:
        """Return the bytes of a file."""
        return self.zip.read(name) if self.zip else (self.path / name).read_bytes()


def problems(pack: Pack) -> Iterator[str]:
    """Yield in words everything that is wrong with a pack; nothing where it is whole."""
    names = pack.names()
    for needed in (MANIFEST, MANIFEST_HASH, EVENTS):
        if needed not in names:
            yield f"{needed}: is missing"
            return
    try:
        if hashlib.sha256(pack.read(MANIFEST)).hexdigest() != pack.read(MANIFEST_HASH).decode():
            yield f"{MANIFEST} or {MANIFEST_HASH}: was changed"
        manifest, events = json.loads(pack.read(MANIFEST)), json.loads(pack.read(EVENTS))
        listed, head = dict(manifest["files"]), manifest["head"]
    except (ValueError, KeyError, TypeError, zipfile.BadZipFile) as error:
        yield f"{MANIFEST} or {EVENTS}: cannot be read ({error})"
        return
    yield from _files(pack, names, listed)
    yield from (f"{EVENTS}: {text}" for text in breaks(events))
    if not events or not isinstance(events[-1], dict) or events[-1].get("hash") != head:
        yield f"{EVENTS}: does not end with the event that the manifest names"
    try:
        yield from _answers(listed, events)
        yield from _originals(names, listed, events)
        yield from _days(manifest.get("days", []), events)
        yield from _stamps(pack, names, manifest.get("days", []))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        yield f"{MANIFEST} or {EVENTS}: is not as it was written ({error!r})"
    if pack.zip and not _is_as_written(pack, names):
        yield f"{pack.path.name}: the container itself was changed"


def _is_as_written(pack: Pack, names: set[str]) -> bool:
    try:
        return zipped({name: pack.read(name) for name in names}) == pack.content
    except (OSError, zipfile.BadZipFile):
        return False


def _files(pack: Pack, names: set[str], listed: Mapping[str, str]) -> Iterator[str]:
    """Compare every file with the hash that the manifest has of it."""
    for name in sorted(set(listed) - names):
        yield f"{name}: is missing"
    for name in sorted(names - set(listed) - {MANIFEST, MANIFEST_HASH}):
        yield f"{name}: is not in the manifest"
    for name in sorted(names & set(listed)):
        try:
            is_whole = hashlib.sha256(pack.read(name)).hexdigest() == listed[name]
        except (OSError, zipfile.BadZipFile):
            is_whole = False
        if not is_whole:
            yield f"{name}: was changed"


def _answers(listed: Mapping[str, str], events: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Compare the answers with the last that the chain says came in."""
    came = [
        event["data"]["answers"] for event in events if event["kind"] in ("recorded", "changed")
    ]
    if came and listed.get(ANSWERS) != came[-1]:
        yield f"{ANSWERS}: these are not the answers that came in"


def _originals(
    names: set[str], listed: Mapping[str, str], events: Sequence[Mapping[str, Any]]
) -> Iterator[str]:
    """Compare the originals with what the chain says was received."""
    kinds = ("received", "blurred", "certified")
    received = {event["data"]["sha256"] for event in events if event.get("kind") in kinds}
    kept = {listed[name] for name in names & set(listed) if name.startswith("originals/")}
    for digest in sorted(received - kept):
        yield f"originals/: the file with the SHA-256 {digest} was received and is not here"
    for digest in sorted(kept - received):
        yield f"originals/: the file with the SHA-256 {digest} was never received"


def _days(days: Iterable[Mapping[str, Any]], events: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Follow each day's way from the visit's last event of that day to the published hash."""
    hashes = {event.get("hash") for event in events}
    for day in days:
        tree = climb(leaf(day["visit"], day["head"]), day["path"])
        if day["head"] not in hashes:
            yield f"{day['day']}: the event that the day's root was made of is not in {EVENTS}"
        if tree != day["root"]:
            yield f"{day['day']}: the visit does not lead to the day's root"
        if day_hash(day["previous"], day["day"], day["visits"], day["root"]) != day["hash"]:
            yield f"{day['day']}: the day's hash is not that of its root"


def _stamps(pack: Pack, names: set[str], days: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """Look for the day's hash in its time stamp. Whose signature it is, only openssl can tell."""
    for day in days:
        name = day.get("stamp", "")
        if name and name in names and bytes.fromhex(day["hash"]) not in pack.read(name):
            yield f"{name}: is not the time stamp of the hash of {day['day']}"


def main(arguments: Sequence[str]) -> int:
    """Check a pack and say what is wrong; return 0 where nothing is, 1 where something is, 2 where
    nothing can be read.
    """
    path = Path(arguments[0]) if arguments else Path(__file__).resolve().parent
    try:
        pack = Pack(path)
    except (OSError, zipfile.BadZipFile) as error:
        print(f"{path}: cannot be read ({error})")
        return 2
    found = list(problems(pack))
    for text in found:
        print(text)
    if found:
        print(f"NOT WHOLE: {len(found)} problem(s)")
        return 1
    manifest = json.loads(pack.read(MANIFEST))
    print(f"WHOLE: {len(manifest['files'])} files, chain ends with {manifest['head']}")
    for day in manifest.get("days", []):
        mark, stamp = day["hash"], day.get("stamp")
        print(f"  {day['day']}: published hash {mark}")
        if stamp:
            print(f"    openssl ts -verify -digest {mark} -in {stamp} -CAfile ROOT.pem")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
