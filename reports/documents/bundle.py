"""All files of a ranking, and how they reach the disk: all of them or none."""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import shutil
import unicodedata
from collections.abc import Callable
from functools import partial
from pathlib import Path

from config import __version__
from config.problems import Problem, Unusable, say
from config.texts import LANGUAGES
from reports.documents import data, pdf
from reports.documents.proof import prove
from reports.documents.versions import drawn, versions
from reports.ranking import Ranking
from reports.snapshots.snapshot import Snapshot

MANIFEST = "manifest.json"
NAMES = (
    *(f"ranking.{language}.pdf" for language in LANGUAGES),
    "ranking.csv",
    "ranking.xlsx",
    "ranking.json",
    "snapshot.parquet",
    MANIFEST,
)

Progress = Callable[[str, int], None]


def make(ranking: Ranking, snapshot: Snapshot, progress: Progress = lambda name, page: None) -> dict[str, bytes]:
    """Return every file by name. Raises proof.Unproved for a PDF that does not show what it should.

    `progress(name, page)` is called for each PDF, with page 0 when it begins.
    """
    made_with = versions()  # first, because it fails where a font is missing
    refuse_undrawable(ranking)
    files = {
        "ranking.json": data.as_json(ranking),
        "ranking.csv": data.as_csv(ranking),
        "ranking.xlsx": data.as_workbook(ranking),
        "snapshot.parquet": snapshot.content,
    }
    attached = {name: files[name] for name in ("ranking.csv", "ranking.json")}
    for language in LANGUAGES:
        name = f"ranking.{language}.pdf"
        progress(name, 0)
        files[name] = pdf.render(ranking, language, attached, partial(progress, name))
        prove(files[name], ranking)
    files[MANIFEST] = _manifest(ranking, files, made_with)
    return {name: files[name] for name in NAMES}


def refuse_undrawable(ranking: Ranking) -> None:
    """Raise Unusable for words with characters that the fonts of the report lack, before any page is set."""
    plan = ranking.plan
    printed = [*(c.name for c in ranking.companies)]
    for text in (plan.title, plan.publisher, *plan.disclosure.values(), *(line.label for line in plan.outline)):
        printed += text.as_dict().values() if text else ()
    found = {text: lacking for text in printed if (lacking := [c for c in text if _undrawable(c)])}
    words = say("the fonts of the report lack {characters} in “{text}”; write it otherwise (a company: with aliases)")
    if found:
        problems = (
            Problem(ranking.manifest.source, words, {"characters": " ".join(dict.fromkeys(lacking)), "text": text})
            for text, lacking in found.items()
        )
        raise Unusable(*problems)


def _undrawable(character: str) -> bool:
    return not character.isspace() and unicodedata.category(character) != "Cf" and ord(character) not in drawn()


def _manifest(ranking: Ranking, files: dict[str, bytes], made_with: dict[str, object]) -> bytes:
    plan, frozen = ranking.plan, ranking.manifest
    content = {
        "files": {name: hashlib.sha256(files[name]).hexdigest() for name in NAMES if name != MANIFEST},
        "plan": {"file": plan.file, "sha256": plan.hash, "date": plan.date.isoformat()},
        "snapshot": {"sha256": ranking.snapshot_hash},
        "source": {"file": frozen.source, "sha256": frozen.source_sha256},
        "seed": plan.inference.seed,
        "rows": {"read": frozen.rows_read, "in": frozen.rows_in, "out": frozen.rows_out},
        "companies": {"found": frozen.companies, "withheld": frozen.withheld},
        "versions": {"mingcha": __version__, **made_with},
    }
    return (json.dumps(content, ensure_ascii=False, indent=2) + "\n").encode()


def refuse_foreign(directory: Path, *inputs: Path) -> None:
    """Raise Unusable where writing would take away what is not an earlier ranking, or one of the `inputs` in use.

    An earlier ranking is known by its manifest, which must fit every file; a snapshot in it may be the input.
    """
    directory = directory.resolve()
    if directory.exists() and not directory.is_dir():
        raise Unusable(Problem(str(directory), say("is a file; --out names a directory")))
    if not directory.is_dir() or not (present := sorted(os.listdir(directory))):
        return
    if strange := [name for name in present if name not in NAMES or not (directory / name).is_file()]:
        words = say("holds files that are not of a ranking ({names}); choose an empty or new directory")
        raise Unusable(Problem(str(directory), words, {"names": ", ".join(strange[:3])}))
    if not _is_ranking(directory, present):
        words = say("holds files that its manifest does not know as they are; choose an empty or new directory")
        raise Unusable(Problem(str(directory), words))
    for path in inputs:
        if path.resolve().parent == directory and path.name != "snapshot.parquet":
            words = say("holds {name}, which is being read; choose another directory")
            raise Unusable(Problem(str(directory), words, {"name": path.name}))


def _is_ranking(directory: Path, present: list[str]) -> bool:
    try:
        known = json.loads((directory / MANIFEST).read_bytes())["files"]
        return all(
            known[name] == hashlib.sha256((directory / name).read_bytes()).hexdigest()
            for name in present
            if name != MANIFEST
        )
    except (OSError, ValueError, KeyError, TypeError):
        return False


def write(files: dict[str, bytes], directory: Path) -> None:
    """Put all files into `directory`, in place of an earlier ranking there; on any failure it stays as it was."""
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
