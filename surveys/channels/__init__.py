"""How answers come in: links and posters, invitations, the telephone, paper, files."""

from __future__ import annotations
