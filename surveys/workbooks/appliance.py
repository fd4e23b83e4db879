"""The twelve questions on appliance repair, and their index. Data only."""

from __future__ import annotations

from surveys.workbooks.form import (
    GOOD_NA,
    NA,
    TEN,
    YES_NO,
    YES_NO_NA,
    Choice,
    Form,
    Indicator,
    Row,
    fact,
    felt,
    group,
    one,
    ten,
)

REPAIRED = "${repaired} = 'yes'"
SEVERAL = ("可以选几项。", "Choose all that apply.")
REPAIR_RULES = "《家电维修服务业管理办法》（2012）"
PRICING = "《明码标价和禁止价格欺诈规定》（2022）"

YOU = group(
    "you",
    "您的情况",
    "About you",
    one("city", "city", "您住在哪个市？", "Which city do you live in?"),
    one(
        "channel",
        "channel",
        "家里电器坏了，您一般找谁修？",
        "Who do you usually turn to when an appliance breaks?",
    ),
    Row(
        "select_multiple problems",
        "problems",
        "说起家电维修，您对哪些事不满意？",
        "What are you dissatisfied with in appliance repair?",
        SEVERAL,
        constraint="not(selected(., 'none')) or count-selected(.) = 1",
        message=(
            "选了“没有不满意”，就不能再选别的。",
            "“Nothing” cannot go together with other answers.",
        ),
    ),
    one(
        "repaired",
        "yes_no",
        "最近 12 个月，家里有没有请人上门修过电器？",
        "Has anyone come to repair an appliance at your home in the last 12 months?",
        ("修过几次的，请说最近一次。", "If several times, think of the last one."),
    ),
)
VISIT = group(
    "visit",
    "这次维修",
    "This repair",
    Row("text", "company", "是哪家企业来修的？", "Which company came?", appearance="company"),
    one("product", "product", "修的是什么电器？", "What was repaired?"),
    one(
        "quote",
        "quote",
        "开始修之前，有没有告诉您要多少钱？",
        "Were you told the price before work began?",
    ),
    one("fixed", "yes_no_na", "一次上门就修好了吗？", "Was it fixed at the first visit?"),
    relevant=REPAIRED,
)
SKILL = ten("skill", "师傅的技术怎么样？", "How skilled was the technician?")
PRICE = ten("price", "收费合理吗？", "Was the price reasonable?")
OVERALL = ten(
    "overall", "总的来说，您对这次维修满意吗？", "Overall, how satisfied are you with this repair?"
)

CHOICES = {
    "ten": TEN,
    "yes_no": YES_NO,
    "yes_no_na": YES_NO_NA,
    "city": (  # GB/T 2260
        Choice("140100", "太原市", "Taiyuan"),
        Choice("140200", "大同市", "Datong"),
        Choice("140300", "阳泉市", "Yangquan"),
        Choice("140400", "长治市", "Changzhi"),
        Choice("140500", "晋城市", "Jincheng"),
        Choice("140600", "朔州市", "Shuozhou"),
        Choice("140700", "晋中市", "Jinzhong"),
        Choice("140800", "运城市", "Yuncheng"),
        Choice("140900", "忻州市", "Xinzhou"),
        Choice("141000", "临汾市", "Linfen"),
        Choice("141100", "吕梁市", "Lüliang"),
        Choice("else", "不在山西", "Outside Shanxi"),
    ),
    "channel": (
        Choice("local_service", "厂家本地售后", "The maker's local service"),
        Choice("dealer", "购买商家", "The shop that sold it"),
        Choice("street_shop", "街道小维修部", "A small repair shop nearby"),
        Choice("online", "网上预约", "Booking online"),
        Choice("other", "其他", "Other"),
    ),
    "problems": (
        Choice("overcharging", "乱收费", "Overcharging"),
        Choice("attitude", "服务人员素质或态度差", "Poor conduct or attitude of staff"),
        Choice("repeat_repair", "技术不过硬，要二次维修", "Poor skill, a second repair needed"),
        Choice("late", "维修不及时", "Late repair"),
        Choice("exaggerated", "夸大故障", "Exaggerated faults"),
        Choice("parts", "配件价高质差", "Dear and poor parts"),
        Choice("none", "没有不满意", "Nothing"),
    ),
    "product": (
        Choice("aircon", "空调", "Air conditioner"),
        Choice("washer", "洗衣机", "Washing machine"),
        Choice("fridge", "冰箱", "Refrigerator"),
        Choice("tv", "电视", "Television"),
        Choice("water_heater", "热水器", "Water heater"),
        Choice("kitchen", "厨房电器", "Kitchen appliance"),
        Choice("other", "其他", "Other"),
    ),
    "quote": (
        Choice("list", "说了，并且给看了价目表", "Yes, with a price list"),
        Choice("oral", "只是口头说了", "Only by word of mouth"),
        Choice("none", "没有说", "No"),
        NA,
    ),
}
QUOTED = "list=100 oral=50 none=0 na=na"
QUOTE_LAW = f"{PRICING}；{REPAIR_RULES}"

FORM = Form(
    file="appliance-core",
    form_id="appliance_core",
    title="家电售后服务调查（12 题） / Appliance repair survey (12 questions)",
    version="1",
    survey=(
        *YOU,
        *VISIT,
        *group(
            "rating",
            "您的评价",
            "Your rating",
            ten("speed", "从报修到上门，快不快？", "How quickly did they come after your call?"),
            SKILL,
            PRICE,
            OVERALL,
            relevant=REPAIRED,
        ),
    ),
    choices=CHOICES,
    indicators=(
        felt("response", "", 21, "上门速度", "Speed of response", question="speed"),
        felt("technician", "", 24, "师傅技术", "Skill of the technician", question="skill"),
        Indicator("price_group", "", 30, "收费", "Price"),
        fact("quote", "price_group", 50, "事先报价", "Quote beforehand", QUOTED, QUOTE_LAW),
        felt("price", "price_group", 50, "收费合理", "Reasonable price"),
        fact("repair", "", 25, "一次修好", "Fixed at the first visit", GOOD_NA, question="fixed"),
    ),
)
