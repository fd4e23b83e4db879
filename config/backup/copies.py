"""A backup: a folder with the database, every stored file, reports, and a manifest that says what
must be in them. Keys are not in it.

The database comes first: a file is stored before the record that names it, so whatever the copy of
the database names was there when files were copied.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO

from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import Storage, storages

from config import __version__
from config.backup import databases
from config.language.problems import InvalidInput, Problem, say
from config.storage.encryption import CONTACTS, DIGEST
from config.storage.secret import private_folder, sync, write_whole
from config.work import holding

MANIFEST = "manifest.json"
TAKEN = "backup.json"  # in the data folder: the last backup
FORMAT = 1
FILES = "files"
FOLDERS = ("reports", "parts")  # of the data folder, beside the database and stored files
KEYS = ("secret-key", CONTACTS, DIGEST)
KEPT = 14  # backups; older ones go
CHUNK = 1 << 20


@dataclass(frozen=True)
class Manifest:
    """What a backup holds: rows of every table, SHA-256 of every file."""

    taken_at: str
    database: str
    rows: dict[str, int]
    files: dict[str, str]
    version: str = __version__
    format: int = FORMAT
    keys: tuple[str, ...] = field(default=())  # the SHA-256 of the keys that open what is sealed


def take(folder: Path, keys: Path | None = None) -> Path:
    """Take a backup into a new folder within `folder`, and the keys into another place.

    Raises InvalidInput for a folder within the data folder, which would be lost with it.
    """
    _require_outside(folder)
    for place in (folder, *([keys] if keys else [])):
        private_folder(place)
    try:
        held = holding.hold(folder / ".taking")
    except holding.Held:
        message = say("another backup is being taken there")
        raise InvalidInput(Problem(str(folder), message)) from None
    try:
        return _take(folder, keys)
    finally:
        os.close(held)


def _take(folder: Path, keys: Path | None) -> Path:
    for cut_off in folder.glob(".[0-9]*"):  # by a kill or a power cut
        shutil.rmtree(cut_off)
    now = datetime.now(UTC)
    new = folder / f".{now:%Y%m%dT%H%M%SZ}"
    new.mkdir(mode=0o700)
    try:
        name, rows = databases.dump(new)
        files = {name: _hash(new / name), **_copy_files(new, _latest(folder))}
        made = Manifest(now.isoformat(), name, rows, files, keys=_fingerprints())
        (new / MANIFEST).write_text(json.dumps(asdict(made), indent=1, ensure_ascii=False))
        _sync_all(new)
        done = new.rename(folder / new.name.lstrip("."))
    except BaseException:
        shutil.rmtree(new, ignore_errors=True)
        raise
    if keys:
        _copy_keys(Path(settings.VAR), keys)
    _note(at=made.taken_at, folder=str(done), verified_at=None)
    for old in _all(folder)[:-KEPT]:
        shutil.rmtree(old)
    return done


def verify(folder: Path) -> tuple[Path, list[str]]:
    """Restore a backup into a scratch place and compare; return which, and every difference."""
    backup, made = _read(folder)
    wrong = []
    with TemporaryDirectory(prefix="mingcha-") as scratch:
        rows, broken = databases.try_out(backup / made.database, Path(scratch))
    wrong += broken
    wrong += [
        f"{table}: {rows.get(table, 0)} ≠ {made.rows.get(table, 0)}"
        for table in sorted({*rows, *made.rows})
        if rows.get(table) != made.rows.get(table)
    ]
    for name, digest in made.files.items():
        path = backup / name
        if not path.is_file() or _hash(path) != digest:
            wrong.append(f"{name}: {'≠' if path.is_file() else '-'}")
    last = last_taken()
    if not wrong and last and last["folder"] == str(backup):
        _note(at=last["at"], folder=last["folder"], verified_at=datetime.now(UTC).isoformat())
    return backup, wrong


def restore(folder: Path, keys: Path | None = None) -> tuple[Path, Manifest]:
    """Put a backup, and keys, where this installation has nothing yet.

    Raises InvalidInput where something is, where the site runs, and for a backup or keys that are
    not what the manifest says.
    """
    backup, made = _read(folder)
    var = Path(settings.VAR)
    private_folder(var)
    try:
        held = holding.hold(holding.data_folder(var))
    except holding.Held:
        message = say("is being served; stop the site first")
        raise InvalidInput(Problem(str(var), message)) from None
    try:
        _require_whole(backup, made)
        if keys:
            _put_keys(keys, var, made)
        if databases.load(backup / made.database) != made.rows:
            message = say("has other rows than its manifest says")
            raise InvalidInput(Problem(str(backup), message))
        _put_files(backup, made, var)
    finally:
        os.close(held)
    return backup, made


def last_taken() -> dict[str, str | None] | None:
    """Return when the last backup of this installation was taken, where it is, and when it was
    verified; None where none was.
    """
    try:
        said: dict[str, str | None] = json.loads((Path(settings.VAR) / TAKEN).read_text())
    except (FileNotFoundError, json.JSONDecodeError):
        return None
    return said


def _all(folder: Path) -> list[Path]:
    """Return whole backups, the oldest first."""
    return sorted(path.parent for path in folder.glob(f"[0-9]*/{MANIFEST}"))


def _latest(folder: Path) -> Path | None:
    there = _all(folder)
    return there[-1] if there else None


def _read(folder: Path) -> tuple[Path, Manifest]:
    """Return the backup that a folder is, or its latest one. Raises InvalidInput."""
    backup = folder if (folder / MANIFEST).is_file() else _latest(folder)
    if backup is None:
        raise InvalidInput(Problem(str(folder), say("no backup is there")))
    try:
        said = json.loads((backup / MANIFEST).read_text())
        return backup, Manifest(**{**said, "keys": tuple(said["keys"])})
    except (ValueError, TypeError, KeyError):
        message = say("cannot be read; it is damaged, or of a later version")
        raise InvalidInput(Problem(str(backup / MANIFEST), message)) from None


def _require_outside(folder: Path) -> None:
    if folder.absolute().is_relative_to(Path(settings.VAR).absolute()):
        message = say("lies in the data folder and would be lost with it; name another disk")
        raise InvalidInput(Problem(str(folder), message))


def _copy_files(new: Path, before: Path | None) -> dict[str, str]:
    """Copy stored files and folders of the data folder; what an earlier backup has is linked.
    Return SHA-256 by name.
    """
    known = _read(before)[1].files if before else {}
    copied: dict[str, str] = {}
    storage = storages["evidence"]
    for name in _stored(storage):
        within = f"{FILES}/{name}"
        # stored under their SHA-256, so the same name is the same bytes
        if before and within in known and _linked(before / within, new / within):
            copied[within] = known[within]
            continue
        try:
            with storage.open(name) as file:
                copied[within] = _write(new / within, file.chunks(CHUNK))
        except FileNotFoundError:
            continue  # deleted since, as was promised
    var = Path(settings.VAR)
    for folder in FOLDERS:
        for path in sorted((var / folder).rglob("*")):
            if path.is_file():
                within = str(path.relative_to(var))
                with path.open("rb") as file:
                    copied[within] = _write(new / within, _chunks(file))
    return copied


def _stored(storage: Storage, folder: str = "") -> Iterator[str]:
    """Yield the names of all stored files; those that are just being written have a dot."""
    try:
        folders, names = storage.listdir(folder)
    except FileNotFoundError:
        return
    for name in sorted(names):
        if not name.startswith("."):
            yield f"{folder}/{name}".lstrip("/")
    for name in sorted(folders):
        yield from _stored(storage, f"{folder}/{name}".lstrip("/"))


def _linked(source: Path, target: Path) -> bool:
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        os.link(source, target)
    except OSError:  # a file system without links, or the file is gone
        return False
    return True


def _write(path: Path, chunks: Iterator[bytes]) -> str:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    digest = hashlib.sha256()
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        for chunk in chunks:
            digest.update(chunk)
            file.write(chunk)
    return digest.hexdigest()


def _chunks(file: IO[bytes]) -> Iterator[bytes]:
    while chunk := file.read(CHUNK):
        yield chunk


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _sync_all(folder: Path) -> None:
    """Let a power cut leave the whole of a folder."""
    for path in (*folder.rglob("*"), folder, folder.parent):
        sync(path)


def _fingerprints() -> tuple[str, ...]:
    """Return the SHA-256 of each key file, by which the right ones are known again."""
    return tuple(
        hashlib.sha256(path.read_bytes()).hexdigest()
        for name in KEYS
        if (path := Path(settings.VAR) / name).is_file()
    )


def _copy_keys(source: Path, target: Path) -> None:
    for name in KEYS:
        if (source / name).is_file():
            (target / name).unlink(missing_ok=True)
            _write(target / name, iter([(source / name).read_bytes()]))
    _sync_all(target)


def _put_keys(keys: Path, var: Path, made: Manifest) -> None:
    """Put keys in place. Raises InvalidInput for others than those the backup was sealed with."""
    there = {name: (keys / name).read_bytes() for name in KEYS if (keys / name).is_file()}
    found = {hashlib.sha256(content).hexdigest() for content in there.values()}
    if set(made.keys) - found:
        message = say("are not the keys that were in use when the backup was taken")
        raise InvalidInput(Problem(str(keys), message))
    _copy_keys(keys, var)


def _require_whole(backup: Path, made: Manifest) -> None:
    for name, digest in made.files.items():
        path = backup / name
        if not path.is_file() or _hash(path) != digest:
            message = say("is missing or damaged; the backup is not whole")
            raise InvalidInput(Problem(str(path), message))


def _put_files(backup: Path, made: Manifest, var: Path) -> None:
    storage = storages["evidence"]
    for name in made.files:
        if name == made.database:
            continue
        with (backup / name).open("rb") as file:
            if name.startswith(f"{FILES}/"):
                storage.save(name.removeprefix(f"{FILES}/"), File(file))
            else:
                (var / name).unlink(missing_ok=True)
                _write(var / name, _chunks(file))


def _note(**said: str | None) -> None:
    write_whole(Path(settings.VAR) / TAKEN, json.dumps(said))
