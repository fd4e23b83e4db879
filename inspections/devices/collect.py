"""The settings of ODK Collect as it reads them from a code: JSON, compressed, in Base64.
https://docs.getodk.org/collect-import-export/
"""

from __future__ import annotations

import json
import zlib
from base64 import b64encode

from inspections.devices.models import Device


def settings_code(address: str, device: Device) -> str:
    """Return what the code says that sets ODK Collect up for a phone: where its forms are, that
    they are kept up to date and sent by themselves, and that pictures stay as they were taken.
    """
    settings = {
        "general": {
            "protocol": "odk_default",
            "server_url": address,
            "form_update_mode": "match_exactly",
            "periodic_form_updates_check": "every_one_hour",
            "autosend": "wifi_and_cellular",
            "delete_send": False,
            "image_size": "original",
            "app_language": "zh",
        },
        "admin": {},
        "project": {"name": f"明察 {device.name}", "icon": "明", "color": "#1f4e79"},
    }
    written = json.dumps(settings, ensure_ascii=False, separators=(",", ":")).encode()
    return b64encode(zlib.compress(written, 9)).decode()
