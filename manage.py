"""Django's command line; ./mingcha sets the project up first and then calls this."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from django.core.management import execute_from_command_line

from config.failures import in_words
from config.work import lifeline


def main() -> None:
    """Carry out a command; what the machine lacks is said in one line (--traceback: in full)."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    lifeline.end_with_serve()
    if "demo" in sys.argv[1:2] or "--demo" in sys.argv:
        # the demonstration has a folder of its own and never touches other data
        os.environ["MINGCHA_VAR"] = str(
            Path(os.environ.get("MINGCHA_VAR", Path(__file__).parent / "var")) / "demo"
        )
    try:
        execute_from_command_line(sys.argv)
    except KeyboardInterrupt:
        sys.exit(130)  # as a shell counts it: 128 and the signal
    except Exception as error:
        words = in_words(error)
        if not words or "--traceback" in sys.argv:
            raise
        sys.exit(f"mingcha: {words}")


if __name__ == "__main__":
    main()
