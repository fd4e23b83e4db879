"""A test purchase: goods bought in a shop that promised to take them back within seven days, taken
back on day 3 to 6, the money waited for. Data only.

A campaign that reminds of the next step reads these names: bought_on, returned_on, outcome,
refunded_on, in_time. What is compared is the shop's own public promise, not the law.
"""

from __future__ import annotations

from surveys.workbooks.form import (
    BAD_NA,
    GOOD,
    GOOD_NA,
    NO_WORDS,
    YES_NO,
    YES_NO_NA,
    Choice,
    Form,
    Row,
    Words,
    fact,
    group,
    one,
)

NOT_BEFORE: Words = ("不能早于购买日期。", "It cannot lie before the purchase.")
NO_NAMES: Words = (
    "只写看到的事，不要写人的姓名。",
    "Only write what you saw; do not write names of persons.",
)
BACK = "${outcome} = 'refunded' or ${outcome} = 'partly'"
PROMISE = "七日无理由退货公开承诺"


def _day(name: str, zh: str, en: str, hint: Words = NO_WORDS, *, after: str = "") -> Row:
    """Return a question for a day, not before another one."""
    constraint = f". >= ${{{after}}}" if after else ""
    return Row(
        "date",
        name,
        zh,
        en,
        hint,
        constraint=constraint,
        message=NOT_BEFORE if after else NO_WORDS,
    )


FORM = Form(
    file="test-purchase",
    form_id="test_purchase",
    title="七日无理由退货体察购买 / Test purchase under the seven-day return promise",
    version="1",
    survey=(
        *group(
            "purchase",
            "购买",
            "Purchase",
            _day("bought_on", "哪一天买的？", "On which day did you buy?"),
            Row("text", "goods", "买的是什么？", "What did you buy?", NO_NAMES),
            Row(
                "decimal",
                "price",
                "付了多少钱？（元）",
                "What did you pay? (yuan)",
                constraint=". > 0",
                message=("请填大于 0 的金额。", "Please enter an amount above 0."),
            ),
            one(
                "promised",
                "yes_no",
                "店里有没有公示七日无理由退货的承诺？",
                "Did the shop display its promise to take goods back within seven days?",
            ),
            one(
                "told",
                "yes_no_na",
                "付款时，店员有没有主动说明退货办法？",
                "When you paid, did the staff say by themselves how goods are taken back?",
            ),
            Row(
                "image",
                "receipt",
                "小票的照片",
                "Photograph of the receipt",
                ("遮住卡号。", "Cover card numbers."),
                required=False,
            ),
        ),
        *group(
            "back",
            "退货",
            "Return",
            _day(
                "returned_on",
                "哪一天去退的？",
                "On which day did you take them back?",
                (
                    "购买后第 3 到 6 天，商品、配件、赠品齐全。",
                    "On day 3 to 6 after the purchase, with all parts and gifts.",
                ),
                after="bought_on",
            ),
            Row(
                "calculate",
                "return_day",
                required=False,
                calculation="round(decimal-date-time(${returned_on})"
                " - decimal-date-time(${bought_on}), 0)",
            ),
            one("outcome", "outcome", "结果怎么样？", "What came of it?"),
            one(
                "fee",
                "yes_no_na",
                "有没有被要求付费用？",
                "Were you asked to pay a fee?",
            ),
            one(
                "reason_asked",
                "yes_no_na",
                "有没有被要求说明理由，不说就不退？",
                "Did they demand a reason before taking them back?",
            ),
            Row(
                "text",
                "words",
                "店里怎么说的？",
                "What did they say?",
                NO_NAMES,
                required=False,
            ),
            Row(
                "image",
                "proof",
                "退货凭证的照片",
                "Photograph of what they gave you",
                required=False,
            ),
        ),
        *group(
            "money",
            "退款",
            "Refund",
            one(
                "in_time",
                "yes_no",
                "退货后七个工作日内，钱到账了吗？",
                "Did the money arrive within seven working days of the return?",
            ),
            Row(
                "date",
                "refunded_on",
                "哪一天到账的？",
                "On which day did it arrive?",
                ("没有到账的不填。", "Leave it empty if it never arrived."),
                required=False,
                constraint=". >= ${returned_on}",
                message=("不能早于退货日期。", "It cannot lie before the return."),
            ),
            Row(
                "calculate",
                "refund_days",
                required=False,
                calculation="if(${refunded_on} = '', '', round(decimal-date-time(${refunded_on})"
                " - decimal-date-time(${returned_on}), 0))",
            ),
            relevant=BACK,
        ),
    ),
    choices={
        "yes_no": YES_NO,
        "yes_no_na": YES_NO_NA,
        "outcome": (
            Choice("refunded", "答应全额退款", "Full refund agreed"),
            Choice("partly", "只退一部分", "Refund in part"),
            Choice("coupon", "只给券或储值", "A coupon or credit only"),
            Choice("exchanged", "只给换货", "Exchange only"),
            Choice("refused", "不退", "Refused"),
        ),
    },
    indicators=(
        fact("promised", "", 15, "公示承诺", "Promise displayed", GOOD, PROMISE),
        fact("told", "", 5, "主动说明", "Explained by themselves", GOOD_NA, PROMISE),
        fact(
            "outcome",
            "",
            35,
            "退货结果",
            "Outcome",
            "refunded=100 partly=30 coupon=0 exchanged=0 refused=0",
            PROMISE,
            critical=True,
        ),
        fact("fee", "", 15, "没有收费", "No fee", BAD_NA, PROMISE),
        fact(
            "reason_asked", "", 10, "不问理由", "No reason demanded", "yes=0 no=100 na=na", PROMISE
        ),
        fact("in_time", "", 20, "按时退款", "Refund in time", GOOD, PROMISE),
    ),
)
