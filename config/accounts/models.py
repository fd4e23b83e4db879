"""The person who signs in."""

from __future__ import annotations

from django.contrib.auth.models import AbstractUser


class User(AbstractUser):
    """Someone of the association, with a name and a password. Its own model, because it cannot
    be swapped later.
    """
