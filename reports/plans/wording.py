"""Words that an association's publication must not use (design D16), and those a non-probability
sample refuses.
"""

from __future__ import annotations

# only regulators order and punish; no verdicts, no lists of shame, no titles
NEVER = ("检查", "执法", "处罚", "不合格", "违法", "黑榜", "黑名单", "清白", "评比")

# an open link or a street corner has neither (AAPOR, Standard Definitions; design D6)
NONPROBABILITY = (
    "response rate",
    "margin of error",
    "应答率",
    "响应率",
    "回应率",
    "误差范围",
    "误差幅度",
)


def never(text: str) -> list[str]:
    """Return the words of NEVER that stand in `text`."""
    return [word for word in NEVER if word in "".join(text.split())]


def not_measured(text: str) -> list[str]:
    """Return the words in `text` for what a non-probability sample cannot have."""
    plain = " ".join(text.lower().split())
    return [word for word in NONPROBABILITY if word in plain]
