"""Files of answers: how their columns are read, guessed from the header and cells, and what the
rows then say.
"""

from __future__ import annotations
