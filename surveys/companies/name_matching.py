"""When two spellings are one name of a company, in answers, lists and ratings alike, and when they
only may be: a suggestion for people, who alone merge. PURE.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations
from typing import Literal

from pypinyin import lazy_pinyin

from config.language.spelling import folded

Why = Literal["same", "sound", "slip"]
# what a registered name has around the one that people know
LEGAL = re.compile(
    r"(?:股份)?有限(?:责任)?公司|集团|公司|(?:co|company|ltd|limited|inc|group|corp|corporation)\b"
)
PLACE = re.compile(r"^[一-鿿]{2,3}(?:省|市|县|区)")
TRADE = re.compile(r"(?:家用)?(?:电器|家电|电子|科技|服务|维修|售后|服务中心)+$")
LEAST = 3  # signs from which on a slip in one of them is a likeness and not another word
MOST = 40  # names that share a spelling; more of them say nothing


def same(name: str) -> str:
    """Return the normal form of a name: spellings that share it are one company wherever they
    stand. They differ in width, case, kind of dash, blanks round brackets or what nobody sees;
    every other sign may tell two companies apart.
    """
    return re.sub(r" ?([()\[\]]) ?", r"\1", folded(name))


def plain(name: str) -> str:
    """Return the letters and digits of a name, by which the directory keeps and finds a spelling.
    Spellings of a file that share them alone are proposed, not joined.
    """
    return "".join(c for c in unicodedata.normalize("NFKC", name).casefold() if c.isalnum())


def core(name: str) -> str:
    """Return the part of a name that people say: without place, trade, legal form and signs."""
    bare = LEGAL.sub("", re.sub(r"[(（].*?[)）]", "", name.casefold()))
    bare = "".join(c for c in PLACE.sub("", bare.strip()) if c.isalnum())
    return TRADE.sub("", bare) or bare


def likely(names: Mapping[int, Iterable[str]]) -> list[tuple[int, int, Why]]:
    """Return pairs of keys whose names are alike: the same at the core, the same in sound, one sign
    apart.

    Names within one slip (a sign more, less or different) share what is left when one sign is taken
    out of each, so the work grows with the number of names and not with its square. Pairs come in
    the order of the keys given, each once, with its strongest reason.
    """
    shared: dict[tuple[Why, str], set[int]] = defaultdict(set)
    for key, spellings in names.items():
        for found in {form for spelling in spellings for form in _forms(core(spelling))}:
            shared[found].add(key)
    place = {key: i for i, key in enumerate(names)}
    reasons: dict[tuple[int, int], Why] = {}
    reasons_in_order: tuple[Why, ...] = ("same", "sound", "slip")
    for why in reasons_in_order:
        for (kind, _form), keys in shared.items():
            if kind == why and 1 < len(keys) <= MOST:
                for pair in combinations(sorted(keys, key=place.__getitem__), 2):
                    reasons.setdefault(pair, why)
    return sorted(
        ((a, b, why) for (a, b), why in reasons.items()), key=lambda x: (place[x[0]], place[x[1]])
    )


def _forms(bare: str) -> Iterator[tuple[Why, str]]:
    if len(bare) < 2:
        return
    yield "same", bare
    sounds = lazy_pinyin(bare) if not bare.isascii() else list(bare)
    yield "sound", "".join(sounds)
    if len(sounds) >= (LEAST if not bare.isascii() else 2 * LEAST):
        yield "slip", "".join(sounds)
        for i, sound in enumerate(sounds):
            if sound.isdigit():
                continue  # branch 1 and branch 2 are two
            yield "slip", "".join((*sounds[:i], *sounds[i + 1 :]))
