"""The second factor: an authenticator app, passkeys, recovery codes."""

from __future__ import annotations
