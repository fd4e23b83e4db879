"""The entry for a WSGI server."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

from config.chunked import with_length
from config.work import lifeline

lifeline.end_with_parent()
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = with_length(get_wsgi_application())
