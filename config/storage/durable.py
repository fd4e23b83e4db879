"""Where stored files lie on this machine: a Django storage that a power cut leaves whole.

A file is written once, under a name that stands for its bytes; readable by its owner only. It has
no address: nothing of it is ever served as it is.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import FileSystemStorage
from django.utils.deconstruct import deconstructible

from config.storage.secret import private_folder, sync


@deconstructible(path="config.storage.durable.DurableStorage")
class DurableStorage(FileSystemStorage):
    """Files below MINGCHA_VAR/files, or below `location`."""

    def __init__(self, location: str | Path | None = None) -> None:
        super().__init__(location)
        self.folder = location

    # looked up every time, where Django does once, so that it goes with the data folder
    @property
    def base_location(self) -> str:
        """The folder as it was named."""
        return str(self.folder or Path(settings.VAR) / "files")

    @property
    def location(self) -> str:
        """The folder's full path."""
        return os.path.abspath(self.base_location)

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        """Return the name itself: what is there under it are the same bytes."""
        return name

    def url(self, name: str | None) -> str:
        """Refuse: a stored file has no address."""
        raise ValueError("a stored file has no address")

    def _save(self, name: str, content: File[bytes]) -> str:
        path = Path(self.path(name))
        if path.exists():
            return name
        made = [folder for folder in path.parents if not folder.exists()]
        private_folder(path.parent)
        new = path.with_name(f".{secrets.token_hex(8)}")
        descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(descriptor, "wb") as file:
                for chunk in content.chunks():
                    file.write(chunk)
                file.flush()
                os.fsync(file.fileno())
            new.rename(path)
        except BaseException:
            new.unlink(missing_ok=True)
            raise
        # the new name itself is durable only when its folder is, and so on upwards
        for folder in (path.parent, *(folder.parent for folder in made)):
            sync(folder)
        return name
