"""Colours and type of every picture. The stylesheet has the same values; WeasyPrint hands no CSS
into an inline SVG.
"""

from __future__ import annotations

from reports.statistics.comparing.classes import Class

INK = "#17223b"
SECONDARY = "#5b6575"
HAIRLINE = "#d8dde5"
MEAN = "#7d8694"  # 3.7:1 on white, as every line that means something has at least 3:1
BAR = "#5b9bb0"  # 3.1:1, and INK is read on it
TICK = 8.0  # points of the numbers on an axis
WASH = "#f4f5f7"
# blue and orange stay apart for colour-blind readers; symbols carry the class in black and white
CLASS: dict[Class | None, str] = {
    "above": "#1f6f8b",
    "average": "#7d8694",
    "below": "#b4530a",
    None: "#7d8694",
}
SYMBOL: dict[Class, str] = {"above": "▲", "average": "●", "below": "▼"}
FAMILY = "Noto Sans CJK SC"
