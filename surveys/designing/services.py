"""Questionnaires: a workbook that compiles becomes a frozen version."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from django.db import transaction
from django_tasks import task

from config.accounts import audit
from config.accounts.models import User
from config.language.problems import InvalidInput, Place, Problem, say
from config.storage import files as storage
from config.tabular.tables import is_large
from config.work import readings
from config.work.models import FileReading, Job
from surveys.designing.models import Upload
from surveys.forms.models import QuestionnaireVersion
from surveys.questionnaires.compiling import Compiled, compile_workbook
from surveys.questionnaires.questionnaire import from_json, to_json
from surveys.workbooks.form import Form
from surveys.workbooks.make import content_of

WORKBOOK = "questionnaire"  # what large files are read for


class NotRead(Exception):
    """A large workbook that is not compiled yet; `reading` says how far it is, None where nobody
    began.
    """

    def __init__(self, reading: FileReading | None) -> None:
        super().__init__()
        self.reading = reading


@transaction.atomic
def freeze(
    *,
    workbook: bytes,
    file: str,
    files: Mapping[str, bytes] | None = None,
    by: User | None = None,
) -> QuestionnaireVersion:
    """Compile a workbook and keep it with its lists and pictures. The same workbook twice is the
    same version.

    Raises InvalidInput for a workbook with errors, or for other content under a version that is
    frozen already.
    """
    return _freeze(compile_workbook(workbook, file, files), workbook, file, files, by)


def _freeze(
    compiled: Compiled,
    workbook: bytes,
    file: str,
    files: Mapping[str, bytes] | None,
    by: User | None,
) -> QuestionnaireVersion:
    content = to_json(compiled.questionnaire)
    name, version = compiled.questionnaire.name, compiled.questionnaire.version
    known = QuestionnaireVersion.objects.filter(name=name, version=version).first()
    if known is None:
        made = QuestionnaireVersion.objects.create(
            name=name,
            version=version,
            workbook=storage.keep(workbook),
            xform=compiled.xform,
            compiled=content,
            files={name: storage.keep(content) for name, content in (files or {}).items()},
        )
        after = {"workbook": made.workbook, "files": made.files}
        audit.record(by=by, action="questionnaire.freeze", target=made, after=after)
        return made
    if known.questionnaire != compiled.questionnaire:
        message = say(
            "version {version} of {name} is frozen with other content; write a new version into"
            " settings"
        )
        raise InvalidInput(
            Problem(f"{file}: settings", message, {"version": version, "name": name})
        )
    return known


@transaction.atomic
def upload(*, workbook: bytes, file: str, files: Mapping[str, bytes], by: User) -> Upload:
    """Keep a workbook that somebody works on, with its lists and pictures; the same file name
    again replaces it.
    """
    made, _is_new = Upload.objects.update_or_create(
        name=file[:200],
        uploaded_by=by,
        version=None,
        defaults={
            "workbook": storage.keep(workbook),
            "files": {name: storage.keep(content) for name, content in files.items()},
        },
    )
    after = {"workbook": made.workbook, "files": made.files}
    audit.record(by=by, action="questionnaire.upload", target=made, after=after)
    if _is_large(workbook, files):
        compile_later(uploaded=made, by=by)
    return made


@transaction.atomic
def start_from(*, form: Form, by: User) -> tuple[Upload, bool]:
    """Lay a shipped questionnaire among the workbooks that somebody works on. Returns it, and
    whether it is new: one that is there already was perhaps edited, and stays as it is.
    """
    file = f"{form.file}.xlsx"
    there = Upload.objects.filter(name=file, uploaded_by=by, version=None).first()
    if there is not None:
        return there, False
    return upload(workbook=content_of(form), file=file, files={}, by=by), True


def compile_later(*, uploaded: Upload, by: User) -> FileReading:
    """Let the worker compile a large upload."""
    return readings.begin(
        read=compile_upload,
        purpose=WORKBOOK,
        about=str(uploaded.pk),
        sha256=uploaded.workbook,
        name=uploaded.name,
        by=by,
    )


@task()
def compile_upload(reading_id: int, language: str) -> None:
    """Compile a large upload. What is wrong with it is as much an outcome as the questionnaire; it
    is put into words where it is shown.
    """
    with readings.running(reading_id, language) as (reading, _tell):
        uploaded = Upload.objects.get(pk=reading.about)
        try:
            compiled = compile_workbook(*_contents(uploaded))
        except InvalidInput as error:
            reading.outcome = {"problems": [_problem_as_json(p) for p in error.problems]}
        else:
            reading.outcome = {
                "xform": compiled.xform,
                "questionnaire": to_json(compiled.questionnaire),
                "problems": [_problem_as_json(p) for p in compiled.warnings],
            }


def compiled_of(uploaded: Upload) -> Compiled:
    """Compile an upload, or return what the worker compiled. Raises InvalidInput with every
    problem, and NotRead for a large one that the worker is not done with.
    """
    workbook, name, files = _contents(uploaded)
    reading = readings.find(
        purpose=WORKBOOK, about=str(uploaded.pk), sha256=uploaded.workbook, name=uploaded.name
    )
    if reading is None and not _is_large(workbook, files):
        return compile_workbook(workbook, name, files)
    if reading is None or reading.job.state != Job.State.DONE:
        raise NotRead(reading)
    problems = [_problem_from_json(values) for values in reading.outcome["problems"]]
    if "questionnaire" not in reading.outcome:
        raise InvalidInput(*problems)
    questionnaire = from_json(reading.outcome["questionnaire"])
    return Compiled(reading.outcome["xform"], questionnaire, tuple(problems))


def _is_large(workbook: bytes, files: Mapping[str, bytes]) -> bool:
    return any(is_large(content) for content in (workbook, *files.values()))


def _problem_as_json(problem: Problem) -> dict[str, Any]:
    plain = {
        name: value if isinstance(value, int) else str(value)
        for name, value in problem.values.items()
    }
    made = {**asdict(problem), "values": plain}
    if isinstance(problem.place, Place):
        made["place"] = [problem.place.text, dict(problem.place.values)]
    return made


def _problem_from_json(values: dict[str, Any]) -> Problem:
    place = values["place"]
    return Problem(**{**values, "place": Place(*place) if isinstance(place, list) else place})


@transaction.atomic
def freeze_upload(*, uploaded: Upload, by: User | None = None) -> QuestionnaireVersion:
    """Freeze an upload. Raises InvalidInput as `freeze` does, NotRead as `compiled_of` does."""
    version = _freeze(compiled_of(uploaded), *_contents(uploaded), by)
    Upload.objects.filter(pk=uploaded.pk).update(version=version)
    return version


def _contents(uploaded: Upload) -> tuple[bytes, str, dict[str, bytes]]:
    lists = {name: storage.read(digest) for name, digest in uploaded.files.items()}
    return storage.read(uploaded.workbook), uploaded.name, lists
