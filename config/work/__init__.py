"""Work and the machine under it: jobs, the lock of the one writer, raw SQL, the server,
commands.
"""

from __future__ import annotations
