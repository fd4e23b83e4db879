"""The volunteer's checklist for paying by scanning a code: what is asked, and how it is scored.
Data only.
"""

from __future__ import annotations

from surveys.workbooks.form import (
    BAD,
    BAD_NA,
    GOOD,
    GOOD_NA,
    YES_NO,
    YES_NO_NA,
    Choice,
    Form,
    Indicator,
    Row,
    count,
    fact,
    group,
    one,
)

UNFOLLOW = (
    "如果关注或授权过，请先取消，再扫码。",
    "If it did, unfollow and withdraw the authorisation first, then scan.",
)
NO_NAMES = (
    "只写看到的事，不要写人的姓名。",
    "Only write what you saw; do not write names of persons.",
)
DEMAND = "none=100 skippable=50 forced=0"
REGULATION = "《消费者权益保护法实施条例》（2024）"
PRIVACY_LAW = "《个人信息保护法》（2021）"
PRICING = "《明码标价和禁止价格欺诈规定》（2022）"

SURVEY = (
    *group(
        "before",
        "扫码之前",
        "Before scanning",
        one("app", "app", "用哪个 App 扫码？", "Which app do you scan with?"),
        one(
            "followed_before",
            "yes_no",
            "扫码之前，手机是不是已经关注或授权过？",
            "Before scanning, did this phone already follow or authorise the place?",
            UNFOLLOW,
        ),
        one("code_kind", "code_kind", "这是什么码？", "What is the code for?"),
    ),
    *group(
        "following",
        "关注与跳转",
        "Following and redirection",
        one(
            "follow",
            "follow",
            "付款之前，要不要关注公众号？",
            "Must you follow an account before paying?",
        ),
        one(
            "jump",
            "yes_no",
            "是不是要跳转小程序才能付款？",
            "Can you pay only inside a mini-programme?",
        ),
    ),
    *group(
        "data",
        "个人信息",
        "Personal data",
        one(
            "register",
            "demand",
            "要不要手机号或注册？",
            "Is a phone number or registration demanded?",
        ),
        one(
            "location",
            "demand",
            "要不要授权位置、头像或昵称？",
            "Is access to location, photo or nickname demanded?",
        ),
        one("identity", "demand", "要不要姓名或身份证号？", "Is a name or an ID number demanded?"),
        one(
            "privacy",
            "yes_no_na",
            "付款之前，能看到隐私政策吗？",
            "Can you see the privacy policy before paying?",
        ),
        one(
            "default_tick",
            "yes_no",
            "有没有替您默认勾选的同意框？",
            "Is any consent box ticked for you in advance?",
        ),
    ),
    *group(
        "choice",
        "别的付款办法",
        "Other ways to pay",
        one(
            "alternative",
            "yes_no",
            "有没有不扫码的付款办法？",
            "Is there a way to pay without scanning?",
            ("比如收现金，或者有人工收款。", "Such as cash, or staff who take the payment."),
        ),
    ),
    *group(
        "advertising",
        "广告与推送",
        "Advertising and pushes",
        one("ads", "ads", "付款过程中有没有广告？", "Was there advertising on the way to paying?"),
        one(
            "after",
            "yes_no_na",
            "离开以后，还收到推送吗？",
            "Did pushes arrive after you left?",
            ("还不知道，就选说不清。", "If you don't know yet, choose can't say."),
        ),
    ),
    *group(
        "bill",
        "账单与记录",
        "Bill and record",
        one(
            "amount",
            "yes_no",
            "付款之前，金额和清单清楚吗？",
            "Were amount and items clear before paying?",
        ),
        count("taps", "从扫码到付完，点了几下？", "How many taps from scanning to paid?"),
        count("seconds", "从扫码到付完，用了几秒？", "How many seconds from scanning to paid?"),
        one(
            "licence",
            "yes_no",
            "营业执照或价目牌拍了吗？",
            "Did you photograph the licence or the price board?",
            ("照片不要拍到人脸。", "Keep faces out of the picture."),
        ),
        Row(
            "text",
            "remark",
            "还有要说明的吗？",
            "Anything to add?",
            NO_NAMES,
            False,
            appearance="multiline",
        ),
    ),
)

CHOICES = {
    "yes_no": YES_NO,
    "yes_no_na": YES_NO_NA,
    "app": (
        Choice("wechat", "微信", "WeChat"),
        Choice("alipay", "支付宝", "Alipay"),
        Choice("unionpay", "云闪付", "UnionPay"),
        Choice("other", "其他", "Other"),
    ),
    "code_kind": (
        Choice("pay", "付款码", "Paying"),
        Choice("order", "点餐码", "Ordering"),
        Choice("park", "停车码", "Parking"),
    ),
    "follow": (
        Choice("none", "没有要求", "Not asked for"),
        Choice("skippable", "提示了，但能跳过", "Suggested, and can be skipped"),
        Choice("forced", "不关注就不能付款", "No payment without following"),
    ),
    "demand": (
        Choice("none", "没有要求", "Not asked for"),
        Choice("skippable", "提示了，但能跳过", "Suggested, and can be skipped"),
        Choice("forced", "不给就不能付款", "No payment without it"),
    ),
    "ads": (
        Choice("none", "没有", "None"),
        Choice("popup", "有弹窗", "Pop-ups"),
        Choice("charged", "误点就扣钱", "A wrong tap costs money"),
    ),
}

FOLLOWING, DATA, PAYMENT, CLEAR = "following", "personal_data", "choice_of_payment", "clear_payment"
INDICATORS = (
    Indicator(FOLLOWING, "", 35, "关注与跳转", "Following and redirection"),
    fact(
        "follow",
        FOLLOWING,
        70,
        "不强制关注",
        "No forced following",
        DEMAND,
        f"{REGULATION}第二十三条",
        critical=True,
        fault=("被强制关注", "Forced to follow an account"),
    ),
    fact(
        "jump",
        FOLLOWING,
        30,
        "不跳转也能付款",
        "Payment without redirection",
        BAD,
        fault=("跳转小程序才能付款", "Payment only inside a mini-programme"),
    ),
    Indicator(DATA, "", 35, "个人信息", "Personal data"),
    fact(
        "register",
        DATA,
        30,
        "不强制注册",
        "No forced registration",
        DEMAND,
        f"{PRIVACY_LAW}第十六条",
        critical=True,
        fault=("被强制注册或索要手机号", "Forced to register or give a number"),
    ),
    fact(
        "location",
        DATA,
        15,
        "不强制授权",
        "No forced authorisation",
        DEMAND,
        f"{PRIVACY_LAW}第六条",
        fault=("被强制授权位置、头像或昵称", "Forced to grant location, photo or nickname"),
    ),
    fact(
        "identity",
        DATA,
        30,
        "不索要身份信息",
        "No demand for identity",
        DEMAND,
        f"{PRIVACY_LAW}第六条",
        critical=True,
        fault=("被强制提供姓名或身份证号", "Forced to give a name or an ID number"),
    ),
    fact(
        "privacy",
        DATA,
        10,
        "隐私政策可见",
        "Privacy policy in sight",
        GOOD_NA,
        f"{PRIVACY_LAW}第十七条",
        fault=("看不到隐私政策", "Privacy policy not in sight"),
    ),
    fact(
        "default_tick",
        DATA,
        15,
        "不默认勾选",
        "Nothing ticked in advance",
        BAD,
        f"{REGULATION}第二十三条",
        fault=("默认勾选同意", "Consent ticked in advance"),
    ),
    Indicator(PAYMENT, "", 15, "付款方式可选", "Choice of payment"),
    fact(
        "alternative",
        PAYMENT,
        100,
        "有不扫码的办法",
        "A way without scanning",
        GOOD,
        critical=True,
        fault=("没有不扫码的付款办法", "No way to pay without scanning"),
    ),
    Indicator(CLEAR, "", 15, "付款清楚无打扰", "Clear and undisturbed payment"),
    fact(
        "ads",
        CLEAR,
        50,
        "没有广告干扰",
        "No advertising",
        "none=100 popup=50 charged=0",
        critical=True,
        fault=("误点广告就扣钱", "A wrong tap on advertising costs money"),
    ),
    fact(
        "after",
        CLEAR,
        20,
        "离开后不推送",
        "No pushes afterwards",
        BAD_NA,
        f"{REGULATION}第二十四条",
        fault=("离开后仍被推送", "Pushes after leaving"),
    ),
    fact(
        "amount",
        CLEAR,
        30,
        "金额清单清楚",
        "Clear amount and items",
        GOOD,
        PRICING,
        fault=("付款前金额或清单不清楚", "Amount or items unclear before paying"),
    ),
)

FORM = Form(
    file="qr-payment",
    form_id="qr_payment",
    title="扫码付款体察表 / Checklist for paying by code",
    version="1",
    survey=SURVEY,
    choices=CHOICES,
    indicators=INDICATORS,
)
