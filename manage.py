"""Django's command line; ./mingcha sets the project up first and then calls this."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    if "demo" in sys.argv[1:2] or "--demo" in sys.argv:
        # the demonstration has a folder of its own and never touches other data
        os.environ["MINGCHA_VAR"] = str(
            Path(os.environ.get("MINGCHA_VAR", Path(__file__).parent / "var")) / "demo"
        )
    execute_from_command_line(sys.argv)
