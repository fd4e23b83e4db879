"""What a respondent meets: the notice, the questions, the thanks with the receipt, withdrawal."""

from __future__ import annotations
