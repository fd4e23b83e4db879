"""Files that belong together, with their manifest, and how they reach the disk: all of them or
none.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import shutil
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from pathlib import Path

from config import __version__
from config.language.problems import InvalidInput, Problem, say
from config.language.texts import LANGUAGES, Language
from reports.publishing.pdf import Printed, render
from reports.publishing.proof import prove
from reports.publishing.versions import drawn, versions

MANIFEST = "manifest.json"

Progress = Callable[[str, int], None]


def in_both_languages(
    name: str, printed: Printed, proof: Callable[[Language], Iterable[str]], progress: Progress
) -> dict[str, bytes]:
    """Return the PDF of each language by its name. Raises proof.Unproved for one that lacks what it
    should show.

    `progress(name, page)` is called for each PDF, with page 0 when it begins.
    """
    files = {}
    for language in LANGUAGES:
        file = f"{name}.{language}.pdf"
        progress(file, 0)
        files[file] = render(printed, language, partial(progress, file))
        prove(files[file], proof(language))
    return files


def with_manifest(files: Mapping[str, bytes], about: Mapping[str, object]) -> dict[str, bytes]:
    """Return the files with a manifest of their digests, of what they are `about`, and of what
    made them.
    """
    content = {
        "files": {name: hashlib.sha256(content).hexdigest() for name, content in files.items()},
        **about,
        "versions": {"mingcha": __version__, **versions()},
    }
    return {**files, MANIFEST: (json.dumps(content, ensure_ascii=False, indent=2) + "\n").encode()}


def refuse_undrawable(printed: Iterable[str], source: str) -> None:
    """Raise InvalidInput for words with characters that the fonts of a document lack, before any
    page is set.
    """
    found = {text: lacking for text in printed if (lacking := [c for c in text if _undrawable(c)])}
    message = say(
        "the fonts of the report lack {characters} in “{text}”; write it otherwise (a company:"
        " with aliases)"
    )
    if found:
        problems = (
            Problem(source, message, {"characters": " ".join(dict.fromkeys(lacking)), "text": text})
            for text, lacking in found.items()
        )
        raise InvalidInput(*problems)


def _undrawable(character: str) -> bool:
    return (
        not character.isspace()
        and unicodedata.category(character) != "Cf"
        and ord(character) not in drawn()
    )


def refuse_foreign(directory: Path, *inputs: Path) -> None:
    """Raise InvalidInput where writing would take away what this program did not write, or one of
    the `inputs` in use.

    Earlier files are known by their manifest, which must fit every one of them; a snapshot among
    them may be the input.
    """
    directory = directory.resolve()
    there = next(path for path in (directory, *directory.parents) if path.exists())
    if not there.is_dir():
        raise InvalidInput(Problem(str(there), say("is a file; --out names a directory")))
    if not os.access(directory.parent if there == directory else there, os.W_OK | os.X_OK):
        raise InvalidInput(Problem(str(there), say("cannot be written to; choose another place")))
    if not directory.is_dir() or not (present := sorted(os.listdir(directory))):
        return
    if strange := _unknown(directory, present):
        message = say(
            "holds files that its manifest does not know as they are ({names}); choose a new"
            " directory"
        )
        raise InvalidInput(Problem(str(directory), message, {"names": ", ".join(strange[:3])}))
    for path in inputs:
        if path.resolve().parent == directory and path.name != "snapshot.parquet":
            message = say("holds {name}, which is being read; choose another directory")
            raise InvalidInput(Problem(str(directory), message, {"name": path.name}))


def _unknown(directory: Path, present: list[str]) -> list[str]:
    """Return the files that the manifest of their directory does not know as they are."""
    try:
        known = json.loads((directory / MANIFEST).read_bytes())["files"]
        return [
            name
            for name in present
            if name != MANIFEST and known.get(name) != _digest(directory / name)
        ]
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return present


def _digest(path: Path) -> str | None:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else None


def write(files: dict[str, bytes], directory: Path) -> None:
    """Put all files into `directory`, in place of earlier ones there; on any failure it stays as
    it was.
    """
    directory = directory.resolve()
    refuse_foreign(directory)
    directory.parent.mkdir(parents=True, exist_ok=True)
    token = secrets.token_hex(8)
    new, old = (directory.parent / f".mingcha.{age}.{token}" for age in ("new", "old"))
    new.mkdir()
    try:
        for name, content in files.items():
            with (new / name).open("wb") as file:
                file.write(content)
                os.fsync(file.fileno())
        if directory.exists():
            directory.rename(old)
        try:
            new.rename(directory)
        except BaseException:
            if old.exists():
                old.rename(directory)
            raise
        shutil.rmtree(old, ignore_errors=True)
    finally:
        shutil.rmtree(new, ignore_errors=True)
