"""Who appears in the demonstration. Every company, brand, vendor, venue and person is invented."""

from __future__ import annotations

from dataclasses import dataclass

from config.language.texts import Text

ORGANISER = Text("示例消费者协会", "Example Consumers Association")


@dataclass(frozen=True)
class Actor:
    """A company: its share of the repairs that name a company, and how far it lies from the
    middle on 1 to 10.
    """

    key: str
    name: str
    name_en: str
    share: float
    effect: float
    aliases: tuple[str, ...] = ()


# in life a few companies have most of the repairs: of some 1,300 named repairs only the first ones
# reach 100 answers
COMPANIES = (
    Actor("baizhou", "柏舟电器", "Baizhou", 0.160, 0.10, ("柏舟", "BOZHOU")),
    Actor("chenghu", "澄湖家电", "Chenghu", 0.130, 0.75),
    Actor("luming", "鹿鸣谷电器", "Lumingu", 0.115, -0.95),
    Actor("beiting", "北汀家电", "Beiting", 0.105, 0.15, ("北汀",)),
    Actor("yuanxiu", "远岫电器", "Yuanxiu", 0.095, 0.55),
    Actor("qinglan", "晴岚电器", "Qinglan", 0.090, -0.15),
    Actor("baiyu", "白榆家电", "Baiyu", 0.065, 0.05),
    Actor("xingyuan", "星垣电器", "Xingyuan", 0.060, -0.30),
    Actor("zhuxi", "竹溪里家电", "Zhuxili", 0.050, 0.20),
    Actor("banmu", "半亩电器", "Banmu", 0.045, 0.00),
    Actor("canglang", "沧浪渡家电", "Canglangdu", 0.035, -0.20),
    Actor("yunshan", "云杉岭电器", "Yunshanling", 0.028, 0.30),
    Actor("shifan", "石帆家电", "Shifan", 0.015, 0.00),
    Actor("muxing", "暮星里电器", "Muxingli", 0.007, 0.00),
)

# five consultation points in the street, twelve days each: 60 sampled units of place and day
STREETS = ("长桥小区", "西苑小区", "老槐树小区", "河滨小区", "新街火车站")
DAYS = 12

VENDORS = ["云栈停车", "捷桥付", "泊易行", "蓝闸科技", "码上停", "星闸智能", "通汇码", "轻泊"]
CHAINS = [
    "小山锅物",
    "南巷面馆",
    "禾间快餐",
    "拾味火锅",
    "青灯茶餐",
    "满汀烤鱼",
    "巷口饺子",
    "一碗春",
]
# parts of venue names; together they make 205 that belong to nobody
PLACES = [
    "柳溪",
    "望塔",
    "东篱",
    "晋桥",
    "汾岸",
    "松庭",
    "锦里",
    "双槐",
    "北岭",
    "云台",
    "石榴园",
    "古槐",
    "杏林",
    "平川",
]
CAR_PARKS = ["广场", "医院", "商城", "大厦", "公园", "市场", "影城", "酒店"]
OTHERS = {"petrol_station": "加油站", "shop": "烟酒店", "other": "网吧"}
# the urban counties of the capital with a point in their middle, in degrees (WGS-84)
COUNTIES = {
    "140105": (37.76, 112.58),
    "140106": (37.85, 112.62),
    "140107": (37.92, 112.63),
    "140108": (37.97, 112.49),
    "140109": (37.87, 112.47),
    "140110": (37.75, 112.45),
}
INSPECTORS = 22
