"""What looks wrong with answer sheets: checks that flag and never delete. Knows no Django and no database."""

from __future__ import annotations
