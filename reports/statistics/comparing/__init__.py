"""Companies against each other and against last year: classes, ranks, changes, and how easily
they would differ.
"""

from __future__ import annotations
