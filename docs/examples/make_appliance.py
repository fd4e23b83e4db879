"""Makes appliance.csv: invented answers about the service of invented companies, always the same
ones.

    python docs/examples/make_appliance.py

Paper sheets come from street sites (the sampling unit is site and day), online answers each stand
alone.
"""

from __future__ import annotations

import csv
import random
from pathlib import Path

# company: true mean on the scale 1-10, number of answers
COMPANIES = {
    "澄湖家电": (8.6, 240),
    "远岫电器": (8.3, 190),
    "柏舟": (7.9, 260),
    "晴岚电器": (7.8, 170),
    "北汀": (7.7, 210),
    "白榆家电": (7.6, 150),
    "星垣": (7.4, 130),
    "竹溪里": (7.2, 120),
    "鹿鸣谷": (6.3, 180),
    "半亩电器": (7.8, 62),
    "沧浪渡": (6.9, 44),
    "云杉岭": (8.0, 21),
    "石帆": (7.0, 9),
}
ITEMS = ("报修方便", "响应速度", "守时", "服务态度", "技术水平", "收费合理", "修后效果")
HARDER = {"收费合理": -1.1, "响应速度": -0.5, "服务态度": 0.5}
SPELLINGS = {"柏舟": ("柏舟", "BOZHOU", "柏舟电器"), "北汀": ("北汀", "Beiting")}
SITES = [
    f"{site}-{day}"
    for site in ("长桥", "西苑", "老槐树", "火车站", "新街口", "河滨")
    for day in range(1, 6)
]


def rows(seed: int = 2023) -> list[list[str]]:
    """Return header and rows."""
    rng = random.Random(seed)
    site_effect = {site: rng.gauss(0, 0.35) for site in SITES}
    out = []
    for company, (mean, n) in COMPANIES.items():
        for _i in range(n):
            paper = rng.random() < 0.5
            site = rng.choice(SITES) if paper else ""
            person = rng.gauss(mean, 1.6) + site_effect.get(site, 0.2)
            cells = [_answer(rng, person + HARDER.get(item, 0.0)) for item in ITEMS]
            name = rng.choice(SPELLINGS.get(company, (company,)))
            out.append([name, "纸质" if paper else "网络", site, *cells])
    rng.shuffle(out)
    header = ["编号", "企业", "方式", "地点", *ITEMS]
    numbered = [[str(i), *row] for i, row in enumerate(out, start=1)]
    for row in numbered:
        row[3] = row[3] or f"网络-{row[0]}"
    return [header, *numbered]


def _answer(rng: random.Random, mean: float) -> str:
    if rng.random() < 0.05:
        return rng.choice(["", "0"])  # 0: had no occasion
    return str(min(10, max(1, round(rng.gauss(mean, 1.2)))))


def write(path: Path) -> None:
    """Write the CSV as Excel does, with a BOM."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows(rows())


if __name__ == "__main__":
    write(Path(__file__).with_name("appliance.csv"))
