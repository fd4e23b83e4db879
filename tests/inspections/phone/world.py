"""A campaign with somebody sent to its sites, and their phone as tests use it."""

from __future__ import annotations

import hashlib
import io
from base64 import b64decode
from datetime import timedelta
from uuid import UUID, uuid4

from django.test import Client
from django.utils import timezone
from PIL import Image

from inspections.campaigns.models import Assignment
from inspections.devices import services as devices
from tests import field
from tests.people import person

ANSWERS = {**field.FULL, "company": "not_sure"}
API = "/api/v1/phone/"

# 64 x 48, the left half black: pillow-heif 1.x wrote it
HEIC = b64decode(
    "AAAAHGZ0eXBoZWljAAAAAG1pZjFoZWljbWlhZgAAAX1tZXRhAAAAAAAAACFoZGxyAAAAAAAAAABwaWN0AAAAAAAA"
    "AAAAAAAAAAAAACJpbG9jAAAAAERAAAEAAQAAAAABoQABAAAAAAAAABgAAAAjaWluZgAAAAAAAQAAABVpbmZlAgAA"
    "AAABAABodmMxAAAAAA5waXRtAAAAAAABAAAA/WlwcnAAAADdaXBjbwAAAHZodmNDAQNwAAAAkAAAAAAAHvAA/P34"
    "+AAADwNgAAEAGEABDAH//wNwAAADAJAAAAMAAAMAHroCQGEAAQAqQgEBA3AAAAMAkAAAAwAAAwAeoCCBBZbq5Ka5"
    "uAhoMCAAAAMDIAAAAwAhYgABAAZEAcFzwIkAAAATY29scm5jbHgAAQANAAaAAAAAFGlzcGUAAAAAAAAAQAAAAEAA"
    "AAAoY2xhcAAAAEAAAAABAAAAMAAAAAEAAAAAAAAAAv////AAAAACAAAAEHBpeGkAAAAAAwgICAAAABhpcG1hAAAA"
    "AAAAAAEAAQWBAgMFhAAAACBtZGF0AAAAFCgBrxmA7iRKX//o6qsTf8JQYoT8"
)


class Phone:
    """Speaks to the API as a phone of its owner."""

    def __init__(self, owner, by=None, name="红米 9") -> None:
        self.owner = owner
        self.device, self.token = devices.enrol(owner=owner, name=name, by=by or owner)
        self.browser = Client(raise_request_exception=True)
        self.headers = {"Authorization": f"Bearer {self.token}", "Accept-Language": "en"}

    def get(self, path: str = ""):
        return self.browser.get(API + path, headers=self.headers)

    def post(self, path: str, content):
        return self.browser.post(API + path, content, "application/json", headers=self.headers)

    def put(self, path: str, content):
        return self.browser.put(API + path, content, "application/json", headers=self.headers)

    def send(self, assignment, **changed):
        """Send a visit."""
        return self.post(f"assignments/{assignment.uid}/visit/", visit(assignment, **changed))

    def put_bytes(self, assignment, sha256: str, content: bytes, *, range_=None, to=""):
        """Send a part of a file."""
        headers = self.headers | ({"Content-Range": range_} if range_ else {})
        return self.browser.put(
            f"{API}assignments/{assignment.uid}/files/{sha256}/{to}",
            content,
            "application/octet-stream",
            headers=headers,
        )


def sent_to(campaign, lead, site=0, **changed) -> Assignment:
    """Return an assignment to a site of the campaign."""
    place = campaign.sites.order_by("name")[site]
    return Assignment.objects.create(campaign=campaign, site=place, lead=lead, **changed)


def world():
    """Return a campaign, an assignment in it, and the phone of the inspector."""
    campaign, ann = field.campaign(), person("ann", "inspector")
    return campaign, sent_to(campaign, ann), Phone(ann)


def visit(assignment, *, files=(), minutes=5, **changed) -> dict:
    """Return a visit as a phone sends it."""
    now = timezone.now()
    return {
        "version": assignment.campaign.survey.version_id,
        "answers": ANSWERS,
        "begun_at": (now - timedelta(minutes=minutes)).isoformat(),
        "ended_at": now.isoformat(),
        "sent_at": now.isoformat(),
        "files": [announced(content) for content in files],
    } | changed


def announced(content: bytes, **changed) -> dict:
    """Return how a file is announced."""
    return {
        "sha256": hashlib.sha256(content).hexdigest(),
        "size": len(content),
        "name": "IMG_0001.jpg",
        "kind": "photo",
        "source": "camera",
        "question": "",
        "media_type": "image/jpeg",
        "at": timezone.now().isoformat(),
        "place": {"latitude": 37.87, "longitude": 112.55, "accuracy": 12.5, "age": 3},
    } | changed


def picture(size=(300, 200), colour="white", kind="JPEG") -> bytes:
    """Return the bytes of a picture."""
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, kind)
    return out.getvalue()


def new_uid() -> UUID:
    """Return a number made on a phone."""
    return uuid4()
