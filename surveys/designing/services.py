"""Questionnaires: a workbook that compiles becomes a frozen version."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction

from config.accounts import audit
from config.accounts.models import User
from config.language.problems import InvalidInput, Problem, say
from config.storage import files as storage
from surveys.designing.models import Upload
from surveys.forms.models import QuestionnaireVersion
from surveys.questionnaires.compiling import Compiled, compile_workbook
from surveys.questionnaires.questionnaire import to_json
from surveys.workbooks.form import Form
from surveys.workbooks.make import content_of


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
    compiled = compile_workbook(workbook, file, files)
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


def compiled_of(uploaded: Upload) -> Compiled:
    """Compile an upload. Raises InvalidInput with every problem."""
    return compile_workbook(*_contents(uploaded))


@transaction.atomic
def freeze_upload(*, uploaded: Upload, by: User | None = None) -> QuestionnaireVersion:
    """Freeze an upload. Raises InvalidInput as `freeze` does."""
    workbook, file, files = _contents(uploaded)
    version = freeze(workbook=workbook, file=file, files=files, by=by)
    Upload.objects.filter(pk=uploaded.pk).update(version=version)
    return version


def _contents(uploaded: Upload) -> tuple[bytes, str, dict[str, bytes]]:
    lists = {name: storage.read(digest) for name, digest in uploaded.files.items()}
    return storage.read(uploaded.workbook), uploaded.name, lists
