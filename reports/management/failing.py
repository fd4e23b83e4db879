"""How a command that makes documents fails: in words, 2 for what was given to it, 1 for what it
could not do.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.management.base import CommandError

from config.language.problems import InvalidInput
from config.work.terminal import refusal
from reports.publishing.proof import Unproved
from reports.publishing.versions import FontMissing


@contextmanager
def in_words() -> Iterator[None]:
    """Turn what may go wrong inside into a CommandError."""
    try:
        yield
    except InvalidInput as error:
        raise refusal(error) from None
    except (FontMissing, Unproved) as error:
        raise CommandError(str(error), returncode=1) from None
    except OSError as error:
        raise CommandError(
            f"{error.filename or ''}: {error.strerror or error}", returncode=1
        ) from None
