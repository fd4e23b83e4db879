"""The product's addresses and the peer: a view that does nothing, behind the same middleware."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from config.urls import urlpatterns as product


@login_not_required
@csrf_exempt
def nothing(request):
    """Read what was sent and answer as short as can be."""
    return HttpResponse(f"{len(request.POST)}")


urlpatterns = [path("nothing/", nothing), *product]
