"""A version of a questionnaire: the workbook as it was given, the XForm and the compiled form,
frozen.
"""

from __future__ import annotations

from functools import cached_property

from django.db import models

from surveys.questionnaires.questionnaire import Questionnaire, from_json


class QuestionnaireVersion(models.Model):
    """A frozen questionnaire. `workbook` is the SHA-256 of the stored Excel file; nothing here
    is ever changed.
    """

    STORED = ("workbook", "files")
    name = models.CharField(max_length=60)
    version = models.CharField(max_length=40)
    workbook = models.CharField(max_length=64)
    xform = models.TextField()
    compiled = models.JSONField()
    files = models.JSONField(default=dict)  # SHA-256 by name: lists in CSV, pictures of choices
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name", "created_at"]
        constraints = [
            models.UniqueConstraint(name="one_questionnaire_a_version", fields=["name", "version"])
        ]

    def __str__(self) -> str:
        return f"{self.name}@{self.version}"

    @cached_property
    def questionnaire(self) -> Questionnaire:
        """The compiled questionnaire."""
        return from_json(self.compiled)
