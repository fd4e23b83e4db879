"""The ground floor every room stands on: settings, URLs, users, messages. Imports none of the
three rooms.
"""

from __future__ import annotations

import sys
from contextlib import suppress

__version__ = "0.1.0"

# Django opens the embedded database with the module of this name. Python's own may be linked to a
# SQLite that damages it (work/database_file.py); this one brings its own, where there is one, and
# is put in its place before anything is opened
with suppress(ImportError):
    import pysqlite3.dbapi2

    sys.modules["sqlite3"] = pysqlite3
    sys.modules["sqlite3.dbapi2"] = pysqlite3.dbapi2
