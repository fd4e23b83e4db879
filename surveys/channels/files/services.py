"""Files of answers: every row goes through `collection.accept`; what is wrong with a row is kept
with it.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal, get_args
from uuid import NAMESPACE_URL, UUID, uuid5
from zlib import crc32

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django_tasks import task

from config.accounts import audit
from config.accounts.models import User
from config.language.problems import InvalidInput, Problem, say
from config.language.texts import language_called
from config.storage import files
from config.tabular.tables import TextTable, is_large
from config.tabular.uploads import SentFile
from config.work import jobs, readings
from config.work.models import FileReading, Job
from surveys.channels.files.mapping import Mapping as ColumnMapping
from surveys.channels.files.mapping import from_json
from surveys.channels.files.outline import Outline, outline_of
from surveys.channels.files.outline import from_json as outline_from_json
from surveys.channels.files.own import is_own, read, to_choose
from surveys.channels.files.reading import Reader, Row
from surveys.collection import laid_aside
from surveys.collection import services as collection
from surveys.collection.models.response import ImportedFile, Response
from surveys.collection.models.survey import Survey
from surveys.collection.selectors import company_ids, questionnaire_of
from surveys.questionnaires.answers import Flaw, check
from surveys.questionnaires.questionnaire import UPLOADS, Questionnaire

Outcome = Literal["accepted", "rejected", "known", "conflict"]
Progress = Callable[[int, int], None]
TOGETHER = (
    100  # rows a transaction: respondents, who send meanwhile, wait no longer than these take
)


class NotRead(Exception):
    """A large file that was not read yet; `reading` says how far it is, None where nobody began."""

    def __init__(self, reading: FileReading | None) -> None:
        super().__init__()
        self.reading = reading


class WhichSheet(Exception):
    """A workbook with several worksheets, `names`, of which none was chosen."""

    def __init__(self, names: list[str]) -> None:
        super().__init__()
        self.names = names


@dataclass(frozen=True)
class RowResult:
    """What became of a row of the file: its number there, and the response that it is kept as."""

    row: int
    outcome: Outcome
    response: Response


def table_of(
    content: bytes,
    name: str,
    *,
    sheet: str | None = None,
    tell: Callable[[int], None] = lambda rows: None,
) -> TextTable:
    """Return the table of an uploaded file. Raises InvalidInput."""
    return read(content, name, sheet=sheet, tell=tell)


def take_in(
    *,
    survey: Survey,
    content: bytes,
    name: str,
    mapping: ColumnMapping,
    by: User | None = None,
    progress: Progress = lambda done, all_: None,
    tell: Callable[[int], None] = lambda rows: None,
) -> list[RowResult]:
    """Import a file. Rows that came before are recognised and add nothing, so what was interrupted
    is run again.

    A row that was rejected is tried again under another mapping, as a new response that corrects
    the rejected one. Raises InvalidInput, before the first row, where the file cannot be read or
    lacks a column that the mapping names.
    """
    table = table_of(content, name, sheet=mapping.sheet, tell=tell)
    mapping.require(table.file, list(table.frame.columns))
    digest = files.keep(content)
    with transaction.atomic():
        file, _made = ImportedFile.objects.get_or_create(
            survey=survey,
            sha256=digest,
            mapping=mapping.as_json(),
            taken_back_at=None,
            defaults={"name": name, "imported_by": by},
        )
        # what follows is kept a hundred rows at a time: a line stands before the first of them
        begun = {"survey": survey.slug, "sha256": digest, "rows": len(table.frame)}
        audit.record(by=by, action="responses.begin_import", target=file, after=begun)
    known = {
        response.uid: response for response in survey.responses.select_related("imported_from")
    }
    reader = Reader(survey, mapping)
    rows = list(zip(table.frame.iterrows(), _uids(survey, table, mapping), strict=True))
    results: list[RowResult] = []
    for start in range(0, len(rows), TOGETHER):
        with transaction.atomic():
            _require_not_taken_back(file)
            for (number, cells), given in rows[start : start + TOGETHER]:
                row = reader.read(cells.to_dict())
                uid, earlier = _attempt(known, given, file, row)
                flaws = row.flaws
                outcome: Outcome | None = None
                if uid in known and not _is_same(known[uid], row, survey, reader.merged):
                    before = known[uid]
                    uid = uuid5(uid, _content(row))
                    flaws, outcome = (*row.flaws, _conflict(mapping, before)), "conflict"
                if uid in known:
                    results.append(RowResult(int(str(number)), "known", known[uid]))
                    continue
                response = collection.accept(
                    survey=survey,
                    payload=collection.Payload(
                        uid,
                        row.answers,
                        row.submitted_at,
                        started_at=row.started_at,
                        language=row.language,
                        seconds=row.seconds,
                    ),
                    source=collection.Source(
                        mode=Response.Mode(row.mode),
                        flawed="keep",
                        stratum=row.stratum,
                        psu=row.psu,
                        weight=row.weight,
                        file=file,
                        row=int(str(number)),
                        flaws=flaws,
                        corrects=earlier,
                    ),
                    by=by,
                )
                known[uid] = response
                outcome = outcome or ("rejected" if response.flaws else "accepted")
                results.append(RowResult(int(str(number)), outcome, response))
        progress(len(results), len(rows))
    file.outcomes = {
        outcome: [result.row for result in results if result.outcome == outcome]
        for outcome in get_args(Outcome)
    }
    counts = {outcome: len(numbers) for outcome, numbers in file.outcomes.items()}
    with transaction.atomic():
        file.save(update_fields=["outcomes"])
        after = {"survey": survey.slug, "sha256": digest, **counts}
        audit.record(by=by, action="responses.import", target=file, after=after)
    return results


def start(
    *, survey: Survey, digest: str, name: str, mapping: ColumnMapping, by: User
) -> ImportedFile:
    """Start an import of a file that was looked at, as a job; what the file lacks of the mapping is
    said there.
    """
    files.keep(files.read_temporary(digest))
    with transaction.atomic():
        job = Job.objects.create(title=f"{survey.title_zh} · {name}"[:200], started_by=by)
        file, _made = ImportedFile.objects.update_or_create(
            survey=survey,
            sha256=digest,
            mapping=mapping.as_json(),
            taken_back_at=None,
            defaults={"job": job},
            create_defaults={"job": job, "name": name, "imported_by": by},
        )
        transaction.on_commit(
            partial(run.enqueue, file.pk, translation.get_language() or "zh-hans")
        )
    return file


@task()
def run(file_id: int, language: str) -> None:
    """Import a file that was started; how it went stands in its job."""
    file = ImportedFile.objects.select_related("survey", "imported_by").get(pk=file_id)
    with translation.override(language), jobs.running(file.job_id or 0) as tell:
        take_in(
            survey=file.survey,
            content=files.read(file.sha256),
            name=file.name,
            mapping=from_json(file.mapping, file.name),
            by=file.imported_by,
            progress=lambda done, all_: tell(f"{done:,} / {all_:,}", False),
            tell=lambda rows: tell(_rows_read(rows), False),
        )


def lay_aside(*, survey: Survey, file: SentFile, by: User) -> str:
    """Keep a file for a day, to be looked at, and return its SHA-256; of a workbook with several
    worksheets none is read before one is chosen. Raises InvalidInput for a file that cannot be
    read.
    """
    digest = files.store_temporary(file.content)
    if not to_choose(file.content, file.name):
        open_sheet(survey=survey, digest=digest, name=file.name, by=by)
    return digest


def open_sheet(
    *, survey: Survey, digest: str, name: str, by: User, sheet: str | None = None
) -> None:
    """Read a file that was laid aside, or one worksheet of it; a large one is read by the worker.

    Raises FileNotFoundError for a file that is gone, InvalidInput for what cannot be read.
    """
    content = files.read_temporary(digest)
    if is_large(content):
        begin_reading(survey=survey, digest=digest, name=name, by=by, sheet=sheet)
    else:
        table_of(content, name, sheet=sheet)


def looked_at(*, survey: Survey, digest: str, name: str, sheet: str | None = None) -> Outline:
    """Return what the page of a file needs to know of it.

    Raises FileNotFoundError for a file that is gone, InvalidInput for one that cannot be read,
    WhichSheet where none of several is named, and NotRead for a large one that the worker has not
    read.
    """
    reading = readings.find(
        purpose=laid_aside.ANSWERS, about=_about(survey, sheet), sha256=digest, name=name
    )
    if reading and reading.job.state == Job.State.DONE:
        return outline_from_json(reading.outcome)
    content = files.read_temporary(digest)
    if sheet is None and (names := to_choose(content, name)):
        raise WhichSheet(names)
    if reading or is_large(content):
        raise NotRead(reading)
    return outline_of(table_of(content, name, sheet=sheet))


def begin_reading(
    *, survey: Survey, digest: str, name: str, by: User, sheet: str | None = None
) -> FileReading:
    """Let the worker read a large file that was laid aside, to be looked at."""
    return readings.begin(
        read=read_for_a_look,
        purpose=laid_aside.ANSWERS,
        about=_about(survey, sheet),
        sha256=digest,
        name=name,
        by=by,
        given={"sheet": sheet} if sheet else {},
    )


def _about(survey: Survey, sheet: str | None) -> str:
    """Return what a reading is about: a survey, and in few letters the worksheet."""
    return f"{survey.slug}:{crc32(sheet.encode()):08x}" if sheet else survey.slug


@task()
def read_for_a_look(reading_id: int, language: str) -> None:
    """Read a large file for the page on which it is looked at."""
    with readings.running(reading_id, language) as (reading, tell):
        table = table_of(
            readings.content_of(reading),
            reading.name,
            sheet=reading.outcome.get("sheet"),
            tell=lambda rows: tell(_rows_read(rows), False),
        )
        reading.outcome = outline_of(table).as_json()


def _rows_read(rows: int) -> str:
    return _("%(rows)s rows read") % {"rows": f"{rows:,}"}


def _require_not_taken_back(file: ImportedFile) -> None:
    """Raise InvalidInput for a file that somebody took back while its rows came in."""
    locked = ImportedFile.objects.select_for_update(of=("self",)).get(pk=file.pk)
    if locked.taken_back_at:
        raise InvalidInput(Problem(locked.name, say("was taken back meanwhile")))


def lay_mapping_aside(mapping: ColumnMapping) -> str:
    """Keep for a day how a file is read, and return the SHA-256 by which it is found."""
    return files.store_temporary(json.dumps(mapping.as_json(), sort_keys=True).encode())


def mapping_laid_aside(survey: Survey, table: Outline, digest: str) -> ColumnMapping | None:
    """Return a mapping that was laid aside; None for one that is gone or is another file's."""
    if not files.DIGEST.fullmatch(digest):
        return None
    try:
        mapping = from_json(json.loads(files.read_temporary(digest)), table.file)
    except (FileNotFoundError, ValueError, TypeError, KeyError):
        return None
    return mapping if _fits(mapping, survey, table) else None


def mapping_kept(survey: Survey, table: Outline) -> ColumnMapping | None:
    """Return the mapping by which a file of this survey was read last, where this one has all
    its columns.
    """
    for file in survey.imported_files.order_by("-pk")[:20]:
        kept = from_json(file.mapping, table.file)
        # a file of ours is read as such, whatever was read before
        if kept.own == is_own(table.columns) and _fits(kept, survey, table):
            return kept
    return None


def _fits(mapping: ColumnMapping, survey: Survey, table: Outline) -> bool:
    asked = questionnaire_of(survey).questions
    is_there = set(mapping.columns) <= set(table.columns)
    return is_there and all(column.question in asked for column in mapping.questions)


def _attempt(
    known: Mapping[UUID, Response], uid: UUID, file: ImportedFile, row: Row
) -> tuple[UUID, Response | None]:
    """Return the uid of a row, and the rejected response that it corrects where the file was mended
    or is read in another way. What was taken back with its file counts as never come.
    """
    earlier = known.get(uid)
    if earlier is not None and earlier.status == Response.Status.TAKEN_BACK:
        return _attempt(known, uuid5(uid, "again"), file, row)
    if earlier is None or not earlier.flaws or earlier.imported_from is None:
        return uid, None
    if earlier.imported_from.mapping == file.mapping and earlier.answers == row.answers:
        return uid, None
    again, corrected = _attempt(known, uuid5(uid, "again"), file, row)
    return again, corrected or earlier


def _is_same(response: Response, row: Row, survey: Survey, merged: Mapping[str, str]) -> bool:
    """Say whether a row says what a response said that has its number, whatever the order of
    several answers; of the time of that response, so that what is worked out is the same.

    What was withdrawn or removed by the respondent's wish is never taken in again. merged: the
    company that counts for one that was merged, by key.
    """
    if response.status == Response.Status.WITHDRAWN:
        return True
    if response.flaws:
        return bool(response.answers == row.answers)
    ended, begun = response.submitted_at, response.started_at
    read = check(
        questionnaire_of(survey),
        row.answers,
        today=timezone.localtime(ended).date(),
        companies=company_ids(survey),
        now=timezone.localtime(ended).replace(tzinfo=None),
        started=timezone.localtime(begun).replace(tzinfo=None) if begun else None,
        seed=response.uid.hex,
        language=language_called(response.language),
    )
    questions = questionnaire_of(survey)
    return _compared(read.answers, questions, merged) == _compared(
        response.answers, questions, merged
    )


def _compared(
    answers: Mapping[str, Any], questionnaire: Questionnaire, merged: Mapping[str, str]
) -> dict[str, Any]:
    """Return answers as they are compared: several in the order of their names, instances alike."""
    found: dict[str, Any] = {}
    for name, answer in answers.items():
        question = questionnaire.find(name)
        kind = question.kind if question else ""
        if kind == "select_multiple":
            found[name] = sorted(answer)
        elif kind == "repeat":
            found[name] = [_compared(instance, questionnaire, merged) for instance in answer]
        elif kind == "company":
            found[name] = merged.get(answer, answer)
        elif kind not in UPLOADS:  # no file brings one
            found[name] = answer
    return found


def _content(row: Row) -> str:
    return json.dumps(row.answers, sort_keys=True, ensure_ascii=False)


def _conflict(mapping: ColumnMapping, before: Response) -> Flaw:
    """Return what is wrong with a row whose number came before with other answers."""
    message = say(
        "came before with other answers: {file}, row {row}; if they are two, take it in without"
        " the column of the number"
    )
    name = before.imported_from.name if before.imported_from else "–"
    return Flaw(mapping.id or "", message, {"file": name, "row": before.row or 0})


def _uids(survey: Survey, table: TextTable, mapping: ColumnMapping) -> Iterator[UUID]:
    """Yield what makes a row the same row in another file: its id, or where it has none its content
    and how often it came before. The id in a file of ours is that of the response.
    """
    seen: Counter[str] = Counter()
    for _number, cells in table.frame.iterrows():
        content = str(cells[mapping.id]).strip() if mapping.id else ""
        if mapping.own and (own := _uid(content)):
            yield own
            continue
        if not content:
            content = hashlib.sha256("\x1f".join(str(cell) for cell in cells).encode()).hexdigest()
        seen[content] += 1
        yield uuid5(NAMESPACE_URL, f"mingcha:{survey.slug}:{content}:{seen[content]}")


def _uid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
