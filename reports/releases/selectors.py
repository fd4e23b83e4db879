"""What of releases is read: by readers, and by who checks a copy."""

from __future__ import annotations

from django.db.models import QuerySet

from config.storage import files
from reports.releases import steps
from reports.releases.difference import Change, differences
from reports.releases.models import Release, ReleaseFile
from reports.releases.services import RANKING

PRIVATE = (".parquet",)  # single answers


def latest(slug: str) -> Release | None:
    """Return the newest public version under an address, None for none."""
    return Release.objects.public().filter(slug=slug).first()


def newest() -> QuerySet[Release]:
    """Return the version of each release that stands, the latest first."""
    public = Release.objects.public()
    return (
        public.filter(state=steps.PUBLISHED)
        .select_related("report__survey")
        .order_by("-public_from")
    )


def versions(slug: str) -> QuerySet[Release]:
    """Return every public version under an address, the latest first."""
    return Release.objects.public().filter(slug=slug)


def downloads(release: Release) -> list[ReleaseFile]:
    """Return the files that anybody may have: neither single answers nor parts of the page."""
    held = release.files.filter(is_page=False)
    return [file for file in held if not file.name.endswith(PRIVATE)]


def page_of(release: Release, language: str) -> str:
    """Return what is shown of the result in a language, "" where nothing was kept."""
    file = release.files.filter(name=f"{language}.html", is_page=True).first()
    return files.read(file.sha256).decode() if file else ""


def copies(sha256: str) -> list[Release]:
    """Return the public versions that a file belongs to, by its hash, the latest first."""
    public = Release.objects.public().filter(files__sha256=sha256, files__is_page=False)
    return list(public.distinct())


def changes(release: Release) -> list[Change]:
    """Return what a correction changed in the ranking; nothing where there is no ranking."""
    if release.corrects is None:
        return []
    both = [one.files.filter(name=RANKING).first() for one in (release.corrects, release)]
    contents = [files.read(file.sha256) for file in both if file]
    return differences(*contents) if len(contents) == 2 else []
