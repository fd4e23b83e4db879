"""Questionnaires: a workbook that compiles becomes a frozen version."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction

from config import files as storage
from config.problems import Problem, Unusable, say
from surveys.models import QuestionnaireVersion
from surveys.questionnaires.compiling import compile_workbook
from surveys.questionnaires.questionnaire import to_json


@transaction.atomic
def freeze(*, workbook: bytes, file: str, files: Mapping[str, bytes] | None = None) -> QuestionnaireVersion:
    """Compile a workbook and keep it with its lists and pictures. The same workbook twice is the same version.

    Raises Unusable for a workbook with errors, or for other content under a version that is frozen already.
    """
    compiled = compile_workbook(workbook, file, files)
    content = to_json(compiled.questionnaire)
    name, version = compiled.questionnaire.name, compiled.questionnaire.version
    known = QuestionnaireVersion.objects.filter(name=name, version=version).first()
    if known is None:
        return QuestionnaireVersion.objects.create(
            name=name,
            version=version,
            workbook=storage.keep(workbook),
            xform=compiled.xform,
            compiled=content,
            files={name: storage.keep(content) for name, content in (files or {}).items()},
        )
    if known.questionnaire != compiled.questionnaire:
        words = say("version {version} of {name} is frozen with other content; write a new version into settings")
        raise Unusable(Problem(f"{file}: settings", words, {"version": version, "name": name}))
    return known
