"""What a command says when the machine is at fault and not the program: one line, no traceback."""

from __future__ import annotations

import errno

from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, InterfaceError
from django.utils import translation
from django.utils.translation import gettext

from config.language.languages import terminals_language
from config.language.problems import say

FULL = say("the disk is full: {what}; nothing half made was kept, make room and try again")
NOT_ALLOWED = say("{what} cannot be written or read by this user; change its owner or MINGCHA_VAR")
NO_DATABASE = say("the database cannot be used: {what}")
SETTING = say("a setting is wrong: {what}")


def in_words(error: BaseException) -> str:
    """Return what is wrong in one line, "" where it is the program's own fault."""
    if isinstance(error, ImproperlyConfigured):
        return _said(SETTING, str(error))
    if isinstance(error, DatabaseError | InterfaceError):
        text = str(error).strip()
        is_full = "disk is full" in text or "No space left" in text
        first = text.splitlines()[0] if text else type(error).__name__
        return _said(FULL if is_full else NO_DATABASE, first)
    if isinstance(error, OSError):
        what = str(error.filename or error.strerror or error)
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            return _said(FULL, what)
        if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR):
            return _said(NOT_ALLOWED, what)
    return ""


def _said(text: str, what: str) -> str:
    try:
        with translation.override(terminals_language()):
            return gettext(text).format(what=what)
    except Exception:  # the settings are what is wrong: no language is known
        return text.format(what=what)
