"""All the questions on appliance repair: the core's first pages, nine modules A to I, and their
index. Data only.
"""

from __future__ import annotations

from surveys.workbooks import appliance
from surveys.workbooks.appliance import PRICING, QUOTE_LAW, QUOTED, REPAIR_RULES, REPAIRED
from surveys.workbooks.form import (
    BAD_NA,
    GOOD,
    GOOD_NA,
    NA,
    Choice,
    Form,
    Indicator,
    Row,
    count,
    fact,
    felt,
    group,
    one,
    ten,
)

CHANGED = "${part_changed} = 'yes'"
COMPLAINED = "${complained} = 'yes'"
RESOLVED = "${resolved} = 'yes'"
UNKNOWN = ("说不清可以不填。", "Leave it empty if you can't say.")
BETTER = ("1 分差得多，10 分好得多", "1 is much worse, 10 is much better")
CLOSER = ("1 分很远，10 分很近", "1 is very far, 10 is very close")
LIKELY = ("1 分一定不会，10 分一定会", "1 is certainly not, 10 is certainly")
EASIER = ("1 分很费劲，10 分很省心", "1 is great effort, 10 is none")
REGULATION = "《消费者权益保护法实施条例》（2024）"

# hours to the first contact as points: up to 2, up to 24, up to 48, more; no hours, no points
CONTACT_POINTS = (
    "if(${contact_hours} = '', '', if(${contact_hours} <= 2, 100, "
    "if(${contact_hours} <= 24, 67, if(${contact_hours} <= 48, 33, 0))))"
)

DETAILS = group(
    "details",
    "时间与保修",
    "Date and warranty",
    Row(
        "date",
        "service_date",
        "师傅是哪天上门的？",
        "On which day did the technician come?",
        (
            "记不清就选大概的日子，也可以不填。",
            "If unsure, choose about the day, or leave it empty.",
        ),
        False,
        constraint=". <= today()",
        message=("日期不能晚于今天。", "The day cannot be after today."),
    ),
    one("in_warranty", "yes_no_na", "当时还在保修期内吗？", "Was it still under warranty?"),
    relevant=REPAIRED,
)
ACCESS = group(
    "access",
    "报修与响应",
    "Access and response",
    ten(
        "report_ease",
        "报修电话、公众号或 App 好找、好用吗？",
        "How easy was it to find and use a way to report it?",
    ),
    one(
        "fake_line", "yes_no_na", "有没有打到冒牌的售后电话？", "Did you reach a fake service line?"
    ),
    count(
        "contact_hours",
        "报修后几个小时有人联系您？",
        "How many hours until someone contacted you?",
        UNKNOWN,
    ),
    Row("calculate", "contact_points", required=False, calculation=CONTACT_POINTS),
    ten("contact_speed", "从报修到有人联系您，快不快？", "How quickly did someone contact you?"),
    ten("agent", "客服态度好、说得清楚吗？", "Was the agent courteous and clear?"),
    relevant=REPAIRED,
)
BOOKING = group(
    "booking",
    "预约与守时",
    "Booking and punctuality",
    ten("slots", "可选的上门时间方便吗？", "How convenient were the times on offer?"),
    one(
        "arrival",
        "arrival",
        "师傅在约好的时间到了吗？",
        "Did the technician arrive at the agreed time?",
    ),
    ten("punctual", "对师傅守时满意吗？", "How satisfied are you with punctuality?"),
    relevant=REPAIRED,
)
TECHNICIAN = group(
    "technician",
    "上门师傅",
    "The technician",
    one(
        "badge",
        "yes_no_na",
        "师傅主动出示工牌或资质了吗？",
        "Did they show a badge or qualification unasked?",
    ),
    one("tidy", "yes_no_na", "穿鞋套、修完清理了吗？", "Did they wear shoe covers and clean up?"),
    ten("manner", "师傅的服务态度怎么样？", "How was the technician's attitude?"),
    appliance.SKILL,
    ten("explained", "故障讲得清楚吗？", "How clearly was the fault explained?"),
    relevant=REPAIRED,
)
CHARGES = group(
    "charges",
    "收费",
    "Price",
    one("as_quoted", "yes_no_na", "实际收费和说好的一样吗？", "Did you pay what was quoted?"),
    appliance.PRICE,
    one(
        "exaggerated",
        "yes_no_na",
        "您觉得有小病大修、虚报故障或硬推保养吗？",
        "Did you suspect an exaggerated or invented fault, or extras pushed on you?",
    ),
    relevant=REPAIRED,
)
PARTS = group(
    "parts",
    "配件",
    "Parts",
    one("part_changed", "yes_no_na", "这次换配件了吗？", "Was a part replaced?"),
    one(
        "part_told",
        "yes_no_na",
        "配件的品牌、价格和保修告诉您了吗？",
        "Were you told the part's brand, price and warranty?",
        relevant=CHANGED,
    ),
    one(
        "old_part",
        "yes_no_na",
        "换下的旧件还给您或请您看过吗？",
        "Was the old part offered back or shown to you?",
        relevant=CHANGED,
    ),
    ten(
        "part_wait",
        "等配件的时间，您满意吗？",
        "How satisfied are you with the wait for parts?",
        relevant=CHANGED,
    ),
    relevant=REPAIRED,
)
QUALITY = group(
    "quality",
    "维修质量",
    "Repair quality",
    one(
        "recurred",
        "yes_no_na",
        "30 天内，同一故障又出现了吗？",
        "Did the same fault return within 30 days?",
    ),
    ten("result", "修好以后用起来怎么样？", "How well does it work since the repair?"),
    one(
        "damage",
        "yes_no_na",
        "维修时弄坏别的东西了吗？",
        "Was anything else damaged during the repair?",
    ),
    relevant=REPAIRED,
)
PAPERS = group(
    "papers",
    "凭证与质保",
    "Documents and warranty",
    one(
        "documents",
        "documents",
        "维修凭证、发票、质保期，都给了吗？",
        "Were a record, invoice and warranty given?",
    ),
    ten("warranty_kept", "三包和质保说到做到了吗？", "How well were the warranty duties kept?"),
    relevant=REPAIRED,
)
COMPLAINT = group(
    "complaint",
    "投诉与补救",
    "Complaint handling",
    one("complained", "yes_no", "为这次维修投诉过吗？", "Did you complain about this repair?"),
    group(
        "complaint_result",
        "投诉的结果",
        "What came of the complaint",
        one("resolved", "yes_no", "投诉解决了吗？", "Was the complaint resolved?"),
        count("complaint_days", "用了几天？", "How many days did it take?", UNKNOWN, RESOLVED),
        ten("redress", "对处理结果满意吗？", "How satisfied are you with the outcome?"),
        relevant=COMPLAINED,
    ),
    relevant=REPAIRED,
)
PRIVACY = group(
    "privacy",
    "个人信息",
    "Privacy",
    one(
        "forced",
        "yes_no_na",
        "是不是必须关注公众号、注册或授权无关信息？",
        "Were you made to follow an account, register or give unneeded data?",
    ),
    one(
        "spam",
        "yes_no_na",
        "修完有骚扰电话，或硬要您给好评吗？",
        "Spam calls, or pressure for a good review?",
    ),
    relevant=REPAIRED,
)
VIEWS = group(
    "views",
    "总的看法",
    "Looking back",
    appliance.OVERALL,
    ten("expectation", "和您原来想的比呢？", "Compared with what you expected?", BETTER),
    ten("ideal", "离您理想中的服务有多近？", "How close to your ideal service?", CLOSER),
    ten("again", "以后还会找这家企业吗？", "Would you use this company again?", LIKELY),
    Row(
        "range",
        "recommend",
        "会把这家企业推荐给亲友吗？",
        "Would you recommend this company to family and friends?",
        ("0 分一定不会，10 分一定会", "0 is certainly not, 10 is certainly"),
        parameters="start=0 end=10 step=1",
    ),
    ten("effort", "办成这件事费劲吗？", "How much effort did it take you?", EASIER),
    Row(
        "text",
        "comment",
        "还想说点什么？",
        "Anything you would like to add?",
        ("请不要写姓名和电话。", "Please leave out names and telephone numbers."),
        False,
        appearance="multiline",
    ),
    relevant=REPAIRED,
)

ARRIVAL = (
    Choice("early", "早到了", "Early"),
    Choice("on_time", "准时到", "On time"),
    Choice("late", "晚到，不到半小时", "Late by less than half an hour"),
    Choice("very_late", "晚到半小时以上", "Late by half an hour or more"),
    Choice("no_show", "约好了却没来", "Did not come as agreed"),
    NA,
)
DOCUMENTS = (
    Choice("all", "都给了", "All of them"),
    Choice("some", "给了一部分", "Some of them"),
    Choice("none", "都没给", "None of them"),
    NA,
)
PUNCTUAL = "early=100 on_time=100 late=50 very_late=25 no_show=0 na=na"
GIVEN = "all=100 some=50 none=0 na=na"
POINTS = "linear 0 100"

INDICATORS = (
    Indicator("access", "", 14, "服务可及与响应", "Access and response"),
    Indicator("reporting", "access", 28.57, "报修渠道", "Ways to report"),
    felt("report_ease", "reporting", 50, "好找好用", "Easy to find and use"),
    fact(
        "fake_line", "reporting", 50, "没有冒牌售后", "No fake service line", BAD_NA, REPAIR_RULES
    ),
    Indicator("response", "access", 42.86, "响应速度", "Speed of response"),
    felt("contact_speed", "response", 50, "联系快慢", "Speed of contact"),
    fact("contact_points", "response", 50, "联系所用时间", "Hours to first contact", POINTS),
    felt("agent", "access", 28.57, "客服沟通", "Courtesy and clarity of the agent"),
    Indicator("booking", "", 10, "预约与守时", "Booking and punctuality"),
    felt("slots", "booking", 40, "预约时段", "Choice of times"),
    Indicator("punctuality", "booking", 60, "守时", "Punctuality"),
    fact("arrival", "punctuality", 50, "按时到达", "Arrival as agreed", PUNCTUAL),
    felt("punctual", "punctuality", 50, "守时满意度", "Satisfaction with punctuality"),
    Indicator("technician", "", 16, "人员规范与技能", "Technician"),
    Indicator("conduct", "technician", 31.25, "身份与规范", "Identity and conduct"),
    fact(
        "badge",
        "conduct",
        50,
        "出示工牌或资质",
        "Badge or qualification shown",
        GOOD_NA,
        REPAIR_RULES,
    ),
    fact("tidy", "conduct", 50, "鞋套与清理", "Shoe covers and clean-up", GOOD_NA),
    felt("manner", "technician", 31.25, "服务态度", "Attitude"),
    Indicator("expertise", "technician", 37.5, "专业技能", "Professional skill"),
    felt("skill", "expertise", 50, "技术水平", "Technical skill"),
    felt("explained", "expertise", 50, "讲清故障", "Fault explained"),
    Indicator("charges", "", 20, "收费透明与合理", "Price"),
    fact("quote", "charges", 35, "事先报价", "Quote beforehand", QUOTED, QUOTE_LAW),
    Indicator("fairness", "charges", 35, "一致与合理", "As quoted and reasonable"),
    fact("as_quoted", "fairness", 50, "实收与报价一致", "Paid as quoted", GOOD_NA, PRICING),
    felt("price", "fairness", 50, "收费合理", "Reasonable price"),
    fact(
        "exaggerated",
        "charges",
        30,
        "无夸大、无强推",
        "Nothing exaggerated or pushed",
        BAD_NA,
        REPAIR_RULES,
    ),
    Indicator("parts", "", 8, "配件与更换", "Parts"),
    fact("part_told", "parts", 50, "告知配件来源", "Told about the part", GOOD_NA, REPAIR_RULES),
    Indicator("old_and_new", "parts", 50, "旧件与等待", "Old part and waiting"),
    fact("old_part", "old_and_new", 50, "旧件交还或确认", "Old part offered back", GOOD_NA),
    felt("part_wait", "old_and_new", 50, "等配件时间", "Wait for parts"),
    Indicator("quality", "", 16, "维修质量", "Repair quality"),
    Indicator("lasting", "quality", 56.25, "一次修复", "Fixed once and for all"),
    fact("fixed", "lasting", 50, "一次上门修好", "Fixed at the first visit", GOOD_NA),
    fact("recurred", "lasting", 50, "30 天内未复发", "No return within 30 days", BAD_NA),
    Indicator("outcome", "quality", 43.75, "修复效果与安全", "Result and safety"),
    felt("result", "outcome", 50, "使用效果", "Result"),
    fact("damage", "outcome", 50, "无其他损坏", "No other damage", BAD_NA),
    Indicator("papers", "", 6, "凭证与质保", "Documents and warranty"),
    fact(
        "documents",
        "papers",
        50,
        "凭证、发票与质保期",
        "Record, invoice and warranty",
        GIVEN,
        REPAIR_RULES,
    ),
    felt("warranty_kept", "papers", 50, "三包履行", "Warranty duties kept"),
    Indicator("complaint", "", 6, "投诉与补救", "Complaint handling"),
    fact("resolved", "complaint", 50, "投诉得到解决", "Complaint resolved", GOOD),
    felt("redress", "complaint", 50, "处理结果", "Outcome"),
    Indicator("privacy", "", 4, "个人信息保护", "Privacy"),
    fact(
        "forced",
        "privacy",
        50,
        "不强制关注、注册或授权",
        "Nothing forced",
        BAD_NA,
        f"{REGULATION}第二十三条",
    ),
    fact(
        "spam",
        "privacy",
        50,
        "无骚扰、不索要好评",
        "No spam or pressure",
        BAD_NA,
        f"{REGULATION}第二十四条",
    ),
)

FORM = Form(
    file="appliance-full",
    form_id="appliance_full",
    title="家电售后服务调查（完整版） / Appliance repair survey (full)",
    version="1",
    survey=(
        *(*appliance.YOU, *appliance.VISIT, *DETAILS, *ACCESS, *BOOKING, *TECHNICIAN, *CHARGES),
        *(*PARTS, *QUALITY, *PAPERS, *COMPLAINT, *PRIVACY, *VIEWS),
    ),
    choices={**appliance.CHOICES, "arrival": ARRIVAL, "documents": DOCUMENTS},
    indicators=INDICATORS,
)
