"""The person who signs in. Its own model from the first migration, because it cannot be swapped later."""

from __future__ import annotations

from django.contrib.auth.models import AbstractUser


class User(AbstractUser):
    """Someone of the association, with a name and a password."""
