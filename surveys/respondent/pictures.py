"""Pictures that came with a questionnaire: as they were frozen, so a browser may keep them for
ever.
"""

from __future__ import annotations

import mimetypes

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from config.storage import files
from surveys.forms.models import QuestionnaireVersion

KINDS = ("image/jpeg", "image/png", "image/webp", "image/gif")


@login_not_required
@require_safe
@cache_control(public=True, max_age=31_536_000, immutable=True)
def picture(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """Send one picture of a frozen questionnaire."""
    version = get_object_or_404(QuestionnaireVersion.objects.only("files"), pk=pk)
    kind, _encoding = mimetypes.guess_type(name)
    if name not in version.files or kind not in KINDS:
        raise Http404
    return HttpResponse(files.read(version.files[name]), content_type=kind)
