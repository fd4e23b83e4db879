"""Words by which people grade, from the worst to the best, and words that are no answer. PURE."""

from __future__ import annotations

from collections.abc import Iterable

from config.language.spelling import folded

# every level with the ways it is said
LISTS: tuple[tuple[str, ...], ...] = (
    (
        "非常不满意 很不满意 极不满意 十分不满意 完全不满意",
        "不满意 不太满意 比较不满意 较不满意",
        "一般 一般满意 中立 普通 尚可",
        "满意 比较满意 较满意 基本满意",
        "非常满意 很满意 十分满意 极满意 完全满意",
    ),
    (
        "非常不同意 很不同意 完全不同意 强烈反对",
        "不同意 不太同意 比较不同意 反对",
        "一般 中立 不确定",
        "同意 比较同意 基本同意",
        "非常同意 很同意 完全同意",
    ),
    ("非常差 很差 极差", "差 较差 比较差", "一般 中 中等", "好 较好 比较好", "非常好 很好 极好"),
    ("不合格", "合格 及格", "中 中等", "良 良好", "优 优秀"),
    (
        "very dissatisfied|extremely dissatisfied|very unsatisfied",
        "dissatisfied|somewhat dissatisfied|unsatisfied",
        "neutral|neither satisfied nor dissatisfied|neither",
        "satisfied|somewhat satisfied",
        "very satisfied|extremely satisfied",
    ),
    (
        "strongly disagree",
        "disagree|somewhat disagree",
        "neutral|neither agree nor disagree|neither",
        "agree|somewhat agree",
        "strongly agree",
    ),
    ("terrible", "poor", "average", "very good", "excellent"),
    ("poor", "fair", "good", "very good", "excellent"),
    ("very poor|very bad", "poor|bad", "fair|average|ok|okay", "good", "very good|excellent"),
)
NO_ANSWER = frozenset(
    map(
        folded,
        (
            *("不清楚", "不知道", "说不清", "不了解", "不适用", "未使用", "没用过", "没有使用过"),
            *("无法评价", "拒答", "拒绝回答", "未回答", "无"),
            *("don't know", "do not know", "not sure", "not applicable", "no answer"),
            *("no opinion", "refused", "not used", "prefer not to say"),
            *("-", "--", "—", "/", ".", "#n/a"),
        ),
    )
)


def graded(words: Iterable[str]) -> tuple[dict[str, float], bool] | None:
    """Return the level of each word, from 1, where all are levels of one list, and whether every
    level has one word; None where they are none.

    Where 满意 and 比较满意 stand in one column, nobody but its author knows which is which.
    """
    given = list(words)
    if len(given) < 2:
        return None
    for levels in LISTS:
        known = {
            folded(word): float(at)
            for at, level in enumerate(levels, start=1)
            for word in (level.split("|") if level.isascii() else level.split())
        }
        if all(folded(word) in known for word in given):
            found = {word: known[folded(word)] for word in given}
            return found, len(set(found.values())) == len({folded(word) for word in given})
    return None
