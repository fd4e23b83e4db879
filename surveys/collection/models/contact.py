"""How a respondent may be reached, encrypted, apart from the answers and deletable without them."""

from __future__ import annotations

from django.db import models

from surveys.collection.models.response import Response


class Contact(models.Model):
    """What one person left, and the words to which that person agreed."""

    SEALED = ("sealed",)

    response = models.OneToOneField(Response, models.CASCADE, related_name="contact")
    sealed = models.TextField()  # storage.encryption: name, telephone
    digest = models.CharField(
        max_length=64, db_index=True
    )  # keyed hash of the telephone number, to find and delete it
    consent = models.TextField()  # the sentence that was ticked
    consented_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.response}"
