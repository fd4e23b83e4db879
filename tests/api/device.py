"""A device as tests use it: somebody's token, and requests with it."""

from __future__ import annotations

from django.test import Client

from config.accounts import tokens
from config.accounts.models import User

API = "/api/v1/"


class Device:
    """Speaks to the API as its owner."""

    def __init__(self, owner: User, language: str = "en") -> None:
        self.token, self.text = tokens.make(owner=owner, name="tablet", days=30)
        self.browser = Client()
        self.headers = {"Authorization": f"Bearer {self.text}", "Accept-Language": language}

    def get(self, path: str, **query):
        """Ask for something."""
        return self.browser.get(API + path, query, headers=self.headers)

    def post(self, path: str, content):
        """Send JSON."""
        return self.browser.post(API + path, content, "application/json", headers=self.headers)
